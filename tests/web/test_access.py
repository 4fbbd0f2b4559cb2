"""Each route × role × own and other client, from the one table of web/access.py."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp import create_app
from caseapp.config import Settings
from caseapp.domain.actor import ROLES
from caseapp.web import access
from tests.builders import Row
from tests.databases import ONE_DATABASE
from tests.stored_rows import stored_rows
from tests.web.accounts import User, a_user, form_token, signed_in, token_on
from tests.web.audit import audit
from tests.web.desk import HTMX, Scene
from tests.web.every_route import addresses, rules

pytestmark = [
    ONE_DATABASE,
    pytest.mark.settings(auth="local"),
]


def test_every_route_is_in_the_table_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app)} == set(access.ROUTES)


def test_a_route_that_is_not_in_the_table_is_refused_to_everybody(app: Flask, session: Session) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")

    for role in ("administrator", "office"):
        client = signed_in(app.test_client(), a_user(app, session, role))
        assert client.get("/forgotten").status_code == 403


def test_no_route_lets_somebody_write_who_may_not_read(app: Flask) -> None:
    for endpoint, roles in access.ROUTES.items():
        assert roles is None or roles <= frozenset(ROLES), endpoint
        assert roles is None or "administrator" in roles or roles == access.CLINICIAN, endpoint


def names_a_client(app: Flask, endpoint: str) -> bool:
    arguments = next(rule.arguments for rule in rules(app) if rule.endpoint == endpoint)
    named = {"client_id", "external_id", *(["public_id"] if endpoint.startswith("clients.") else [])}
    return bool(named & arguments)


@pytest.mark.parametrize("whose", ["own", "other"])
@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_table_says(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    users: dict[str, User],
    other: Row,
    role: str,
    whose: str,
) -> None:
    about = scene.milo if whose == "own" else other
    signed_in(client, users[role])
    token = form_token(client)
    ends = {"sign_in.sign_out", "account.sign_out_everywhere", "emergency_access.begin", "practice.start"}
    asked = addresses(app, session, scene, about, users["billing"])
    assert len(asked) >= len(access.ROUTES)
    for method, address, endpoint in asked:
        if endpoint in ends and method == "POST":
            continue  # each has tests of its own
        send = client.get if method == "GET" else client.post
        answer = send(address, **({"data": {"csrf_token": token}} if method == "POST" else {}))
        answer.close()
        roles = access.ROUTES[endpoint]
        place = f"{role}, {whose}: {method} {address} ({endpoint}) -> {answer.status_code}"
        assert answer.status_code < 500, place
        if roles is not None and role not in roles:
            assert answer.status_code == 403, place
        else:
            assert answer.status_code not in (401, 403), place
            if role == "clinician" and names_a_client(app, endpoint):
                assert (answer.status_code == 404) == (whose == "other"), place


@pytest.mark.parametrize("role", ["administrator", "clinician"])
@pytest.mark.parametrize("whose", ["nobody's", "forged", "of before", "another user's", "another sign-in's"])
def test_no_post_does_anything_without_a_good_token(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    users: dict[str, User],
    role: str,
    whose: str,
) -> None:
    """What is kept of a form whose sign-in ran out stands on this: it is sent again without one."""
    elsewhere = app.test_client()
    tokens: dict[str, Callable[[], str | None]] = {
        "nobody's": lambda: None,
        "forged": lambda: "forged",
        "of before": lambda: token_on(client.get("/sign-in").text),
        "another user's": lambda: form_token(signed_in(elsewhere, users["office"])),
        "another sign-in's": lambda: form_token(signed_in(elsewhere, users[role])),
    }
    token = tokens[whose]()
    signed_in(client, users[role])
    asked = addresses(app, session, scene, scene.milo, users["billing"])
    before = stored_rows(session)
    for method, address, endpoint in asked:
        roles = access.ROUTES[endpoint]
        if method != "POST" or (roles is not None and role not in roles):
            continue
        fields = {"csrf_token": token} if token else {}
        answer = client.post(address, data=fields)
        if endpoint.startswith(("second_factor.", "sign_in.send")) and answer.status_code == 303:
            continue  # not the place for who is signed in
        if endpoint == "clinicians.check_npi":
            continue  # tells whether a number is well formed, and keeps nothing
        place = f"{address} ({endpoint}) -> {answer.status_code}"
        assert answer.status_code in (404, 422), place
    assert client.get("/clients").status_code == 200
    assert stored_rows(session) == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_whoever_has_not_signed_in_gets_nothing_but_the_way_in(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    users: dict[str, User],
    headers: dict[str, str],
) -> None:
    for method, address, endpoint in addresses(app, session, scene, scene.milo, users["billing"]):
        answer = client.open(address, method=method, headers=headers)
        answer.close()
        if access.ROUTES[endpoint] is not None:
            place = f"{method} {address} -> {answer.status_code}"
            assert answer.status_code == (401 if headers else 303), place
            way_in = answer.headers["HX-Redirect" if headers else "Location"]
            assert way_in.startswith("/sign-in"), place
            assert "Harper" not in answer.text


@pytest.mark.parametrize("role", ["billing", "clinician"])
def test_who_only_reads_sees_no_button_that_writes(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, users: dict[str, User], role: str
) -> None:
    signed_in(client, users[role])
    adapter = app.url_map.bind("localhost")
    for method, address, endpoint in addresses(app, session, scene, scene.milo, users["billing"]):
        roles = access.ROUTES[endpoint]
        if method != "GET" or roles is None or role not in roles:
            continue
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for element in audit(answer.text):
            for name in ("href", "action", "formaction", "hx-get", "hx-post"):
                target = element.attributes.get(name, "")
                if not target.startswith("/"):
                    continue
                verb = (
                    "POST"
                    if name in ("formaction", "hx-post")
                    or (name == "action" and element.attributes.get("method") == "post")
                    else "GET"
                )
                leads, _ = adapter.match(target.partition("?")[0].partition("#")[0], method=verb)
                needed = access.ROUTES[leads]
                assert needed is None or role in needed, f"{address} leads to {target} ({leads})"


def test_a_refusal_by_role_says_so_on_a_page_and_to_a_script(
    client: FlaskClient, users: dict[str, User]
) -> None:
    signed_in(client, users["billing"])
    page = client.get("/users")
    words = client.get("/users", headers=HTMX)

    assert (page.status_code, words.status_code) == (403, 403)
    assert "<h1>This is not yours to do</h1>" in page.text
    assert words.mimetype == "text/plain"


def test_only_administrators_have_the_users_in_their_menu(
    app: Flask, session: Session, users: dict[str, User]
) -> None:
    shown = {}
    for role in ROLES:
        client = signed_in(app.test_client(), users[role])
        shown[role] = ">Users</a>" in client.get("/clients").text

    assert shown == {"administrator": True, "office": False, "billing": False, "clinician": False}


def test_a_clinician_cannot_find_or_count_other_clients(
    client: FlaskClient, session: Session, scene: Scene, users: dict[str, User], other: Row
) -> None:
    from tests.client_lists import listed

    listed(session, other)
    signed_in(client, users["clinician"])
    token = form_token(client)

    for fields in ({"q": "foreign"}, {"q": "Fay"}, {"q": other.key}, {"q": "", "status": ""}):
        page = client.post("/clients", data={"csrf_token": token} | fields).text
        assert "Foreign" not in page
    assert "Harper, Milo" in client.post("/clients", data={"csrf_token": token, "q": "har"}).text
    week = client.get("/appointments?week=2026-11-22").text
    assert "Foreign" not in week


@pytest.mark.settings(auth="none")
def test_where_nobody_signs_in_everything_is_open_to_this_computer(
    settings: Settings, client: FlaskClient
) -> None:
    assert create_app is not None
    assert client.get("/users").status_code == 200
    assert client.get("/clients/new").status_code == 200

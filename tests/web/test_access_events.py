"""Who looked at what is on record, whoever they are, and no page fails or is slow for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from caseapp.models import AccessEvent, Client, begin_write
from caseapp.usecases import access_event
from caseapp.web import access, access_events
from tests.builders import Row
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import User, form_token, signed_in
from tests.web.desk import HTMX, Scene
from tests.web.every_route import addresses

LOCAL = pytest.mark.settings(auth="local")


def on_record(session: Session, *kinds: str) -> list[tuple[Any, ...]]:
    """(kind, actor, client's number, detail), of these kinds alone where any are named."""
    session.rollback()
    columns = (AccessEvent.kind, AccessEvent.actor, Client.number, AccessEvent.detail)
    statement = select(*columns).outerjoin(Client, Client.id == AccessEvent.client_id)
    if kinds:
        statement = statement.where(AccessEvent.kind.in_(kinds))
    return [tuple(row) for row in session.execute(statement.order_by(AccessEvent.id))]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_whoever_opens_a_client_is_on_record_once_an_hour(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str]
) -> None:
    address = f"/clients/{scene.milo.public_id}"
    seen = ("viewed", "local user", scene.milo.key, None)
    for path in ("", "/clinical", "/history", "/case-managers/new"):
        assert client.get(f"{address}{path}", headers=headers).status_code == 200
    assert on_record(session) == [seen]

    kept = app.extensions["caseapp"]
    kept["settings"] = replace(kept["settings"], now=NOW + timedelta(hours=1))
    client.get(address)
    assert on_record(session) == [seen, seen]


def test_a_server_that_began_anew_does_not_record_a_view_twice(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    address = f"/clients/{scene.milo.public_id}"
    client.get(address)
    app.extensions["caseapp"]["access_events"] = access_events.Recorder()
    client.get(address)
    assert len(on_record(session)) == 1


@pytest.mark.parametrize(
    "path", ["/clients", "/clients/00000000000000000000", "/healthz", "/static/caseapp.css"]
)
def test_what_shows_no_client_s_record_is_not_on_record(
    client: FlaskClient, session: Session, scene: Scene, path: str
) -> None:
    client.get(path).close()
    assert on_record(session) == []


def test_a_search_is_on_record_without_its_text_once_a_minute(
    client: FlaskClient, session: Session, scene: Scene
) -> None:
    token = form_token(client)
    for words in ("", "  "):
        client.post("/clients", data={"csrf_token": token, "q": words})
    assert on_record(session) == []
    client.post("/clients", data={"q": "har"})
    assert on_record(session) == []
    for words in ("har", "harper"):
        client.post("/clients", data={"csrf_token": token, "q": words})
    assert on_record(session) == [("searched", "local user", None, None)]


@pytest.mark.parametrize("path", ["/coverage.csv", "/coverage.ics"])
def test_a_table_that_is_taken_out_is_on_record(
    client: FlaskClient, session: Session, scene: Scene, path: str
) -> None:
    with client.get(path) as answer:
        assert answer.status_code == 200
    assert on_record(session) == [("exported", "local user", None, f"GET {path}")]


@LOCAL
def test_signing_in_and_out_is_on_record_under_the_person_s_name(
    client: FlaskClient, session: Session, users: dict[str, User]
) -> None:
    signed_in(client, users["office"])
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    name = "office.user Name"
    assert on_record(session) == [("signed_in", name, None, None), ("signed_out", name, None, None)]


@LOCAL
def test_what_a_role_does_not_have_is_on_record_each_time(
    client: FlaskClient, session: Session, scene: Scene, users: dict[str, User]
) -> None:
    signed_in(client, users["billing"])
    for _ in range(2):
        client.get("/users")
    for public_id in (scene.milo.public_id, "0" * 20):
        client.get(f"/clients/{public_id}/edit")

    name = "billing.user Name"
    denied = ("denied", name, None, "GET /users")
    edits = [("denied", name, key, "GET /clients/…/edit") for key in (scene.milo.key, None)]
    assert on_record(session, "denied", "viewed") == [denied, denied, *edits]


@LOCAL
def test_a_clinician_s_attempt_at_another_s_client_is_on_record(
    client: FlaskClient, session: Session, scene: Scene, users: dict[str, User], other: Row
) -> None:
    signed_in(client, users["clinician"])
    for public_id in (other.public_id, scene.milo.public_id, "0" * 20):
        client.get(f"/clients/{public_id}/clinical")
    for public_id in (other.public_id, scene.milo.public_id):
        client.get(f"/clients/{public_id}/appointments/{'0' * 20}", headers=HTMX)
        client.get(f"/clients/{public_id}/case-managers/{'0' * 20}")

    name = "clinician.user Name"
    assert on_record(session, "denied", "viewed") == [
        ("denied", name, other.key, "GET /clients/…/clinical"),
        ("viewed", name, scene.milo.key, None),
        ("denied", name, other.key, "GET /clients/…/appointments/…"),
        ("denied", name, other.key, "GET /clients/…/case-managers/…"),
    ]


@LOCAL
def test_what_is_seen_in_an_emergency_says_so(
    client: FlaskClient, session: Session, scene: Scene, users: dict[str, User], other: Row
) -> None:
    signed_in(client, users["clinician"])
    client.post("/emergency-access", data={"csrf_token": form_token(client), "reason": "A call at night"})
    assert client.get(f"/clients/{other.public_id}").status_code == 200
    assert on_record(session, "viewed") == [("viewed", "clinician.user Name", other.key, "emergency access")]


@pytest.mark.settings(
    auth="header",
    auth_header="X-Remote-User",
    auth_header_secret="s" * 32,
    trusted_proxies=(ip_network("10.0.0.0/24"),),
)
def test_who_comes_from_a_sign_on_proxy_is_on_record_once_a_browser(
    app: Flask, client: FlaskClient, session: Session, users: dict[str, User]
) -> None:
    headers = {"X-Remote-User": "office.user", "X-Caseapp-Proxy-Secret": "s" * 32}
    for _ in range(2):
        asked = client.get("/clients", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.7"})
        assert asked.status_code == 200
    assert on_record(session) == [("signed_in", "office.user Name", None, "by the sign-on proxy")]


@LOCAL
@ONE_DATABASE
def test_a_page_pays_at_most_one_statement_for_the_record(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    users: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed_in(client, users["administrator"])
    written: list[access_event.Access] = []
    values = access_event._values

    def noted(asked: access_event.Access) -> dict[str, Any]:
        written.append(asked)
        return values(asked)

    monkeypatch.setattr(access_event, "_values", noted)
    for method, address, endpoint in addresses(app, session, scene, scene.milo, users["billing"]):
        if method != "GET" or access.ROUTES[endpoint] is None:
            continue
        app.extensions["caseapp"]["access_events"] = access_events.Recorder()
        written.clear()
        client.get(address).close()
        assert len(written) <= 1, address


@pytest.fixture
def writer(engine: Engine) -> Iterator[Event]:
    """Another writer, who holds the database until the event is set."""
    begun, done = Event(), Event()

    def hold() -> None:
        with Session(engine) as session:
            begin_write(session)
            begun.set()
            done.wait(30)
            session.rollback()

    thread = Thread(target=hold)
    thread.start()
    begun.wait(30)
    yield done
    done.set()
    thread.join(30)


@ONE_DATABASE
def test_a_page_is_answered_while_another_writes_and_is_on_record_afterwards(
    client: FlaskClient, session: Session, scene: Scene, writer: Event
) -> None:
    assert client.get(f"/clients/{scene.milo.public_id}").status_code == 200
    assert on_record(session) == []
    writer.set()
    while not on_record(session):
        assert client.get("/clinicians").status_code == 200
    assert on_record(session) == [("viewed", "local user", scene.milo.key, None)]


@pytest.mark.parametrize(
    ("error", "later"),
    [(OperationalError("", {}, Exception("gone")), 1), (SQLAlchemyError("broken"), 0)],
    ids=["what cannot be written now waits", "what can never be written is let go"],
)
def test_no_page_fails_for_the_record(
    client: FlaskClient,
    session: Session,
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    later: int,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(access_event, "_values", fail)
        assert client.get(f"/clients/{scene.milo.public_id}").status_code == 200
    assert client.get("/clinicians").status_code == 200
    assert len(on_record(session)) == later


@ONE_DATABASE
def test_what_is_known_to_be_there_is_forgotten_in_bounded_memory(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_events, "MOST_KNOWN", 0)
    for _ in range(2):
        client.get(f"/clients/{scene.milo.public_id}")
    assert len(on_record(session)) == 1


@ONE_DATABASE
def test_where_much_waits_it_is_waited_for(
    client: FlaskClient, session: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_events, "MOST_WAITING", 1)
    client.get(f"/clients/{scene.milo.public_id}")
    assert len(on_record(session)) == 1

"""A sign-on proxy's header: believed from trusted proxies alone, once, beside the shared secret."""

from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import AccessEvent
from caseapp.usecases.user_account import set_active
from caseapp.web.access import EVERYBODY, ROUTES
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import User, a_user
from tests.web.desk import HTMX

SECRET = "a secret that only the proxy knows, too"
PROXY = {"REMOTE_ADDR": "10.0.0.7"}

pytestmark = [
    pytest.mark.settings(
        auth="header",
        auth_header="X-Remote-User",
        auth_header_secret=SECRET,
        hosts=("practice.example.org",),
        trusted_proxies=(ip_network("10.0.0.0/24"), ip_network("::1")),
    ),
    ONE_DATABASE,
]


@pytest.fixture
def dana(app: Flask, session: Session) -> User:
    return a_user(app, session, "office", username="dana")


def asked(client: FlaskClient, headers: dict[str, str], **environ: str) -> int:
    return client.get("/clients", headers=headers, environ_base=PROXY | environ).status_code


def from_proxy(**more: str) -> dict[str, str]:
    return {"X-Remote-User": "dana", "X-Caseapp-Proxy-Secret": SECRET} | more


def test_whoever_the_proxy_names_is_signed_in(client: FlaskClient, dana: User) -> None:
    answer = client.get("/clients", headers=from_proxy(), environ_base=PROXY)

    assert answer.status_code == 200
    assert "Signed in as dana Name, office" in answer.text
    assert "Sign out" not in answer.text
    assert asked(client, from_proxy(**{"X-Remote-User": "DANA"})) == 200
    assert asked(client, from_proxy(), REMOTE_ADDR="::ffff:10.0.0.9") == 200


def test_who_is_not_let_in_is_told_so_without_a_menu(client: FlaskClient, dana: User) -> None:
    def page(user: str, address: str) -> str:
        headers = from_proxy(**{"X-Remote-User": user})
        return client.get(address, headers=headers, environ_base=PROXY).text

    stranger = page("nobody", "/clients")
    assert "You are not signed in" in stranger
    assert "Go to Clients" not in stranger
    assert 'aria-label="Main"' not in stranger
    known = page("dana", "/nowhere")
    assert "Go to Clients" in known
    assert 'aria-label="Main"' in known


def test_roles_hold_for_whoever_the_proxy_names(app: Flask, client: FlaskClient, session: Session) -> None:
    a_user(app, session, "billing", username="bill")
    headers = from_proxy(**{"X-Remote-User": "bill"})

    assert asked(client, headers) == 200
    assert client.get("/clients/new", headers=headers, environ_base=PROXY).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),  # the proxy names nobody
        ({"X-Caseapp-Proxy-Secret": SECRET}, 401),
        (from_proxy(**{"X-Remote-User": "nobody"}), 401),
        (from_proxy(**{"X-Remote-User": ""}), 400),
        (from_proxy(**{"X-Remote-User": " "}), 400),
        (from_proxy(**{"X-Remote-User": "dana,boss"}), 400),
        (from_proxy(**{"X-Remote-User": "dana, dana"}), 400),
        (from_proxy(**{"X-Remote-User": "x" * 500}), 400),
        (from_proxy(**{"X-Remote-User": "dana\x7f"}), 400),
        (from_proxy(**{"X-Remote-User": "d\xe4na"}), 400),  # no UTF-8
        (from_proxy(**{"X-Caseapp-Proxy-Secret": "guessed"}), 400),
        (from_proxy(**{"X-Caseapp-Proxy-Secret": ""}), 400),
        (from_proxy(**{"X-Caseapp-Proxy-Secret": f"{SECRET}, {SECRET}"}), 400),
        ({"X-Remote-User": "dana"}, 400),
        (from_proxy(Connection="close, X-Remote-User"), 400),
        (from_proxy(Connection="x-caseapp-proxy-secret"), 400),
        (from_proxy(Connection="close"), 200),
    ],
)
def test_what_is_ambiguous_or_unproven_signs_nobody_in(
    client: FlaskClient, dana: User, headers: dict[str, str], status: int
) -> None:
    assert asked(client, headers) == status


def test_who_is_named_and_not_let_in_is_on_record(
    app: Flask, client: FlaskClient, session: Session, dana: User
) -> None:
    gone = a_user(app, session, "billing", username="gone")
    set_active(session, LOCAL_USER, NOW, gone.public_id, False)
    for name in ("nobody", "GONE", "x" * 150):
        assert asked(client, from_proxy(**{"X-Remote-User": name})) == 401
    assert asked(client, {"X-Caseapp-Proxy-Secret": SECRET}) == 401  # who is not named has not tried

    session.rollback()
    told = session.execute(select(AccessEvent.kind, AccessEvent.actor, AccessEvent.detail)).all()
    at = "at the sign-on proxy"
    assert told == [("sign_in_failed", who, at) for who in ("unknown user", "gone Name", "unknown user")]


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.168.1.9", "10.0.1.7", "::2", "", "unix"])
def test_from_anywhere_else_the_header_says_nothing(client: FlaskClient, dana: User, peer: str) -> None:
    forwarded = {"X-Forwarded-For": "10.0.0.7", "Forwarded": "for=10.0.0.7", "X-Real-IP": "10.0.0.7"}

    assert asked(client, from_proxy(**forwarded), REMOTE_ADDR=peer) == 401


def test_a_doubled_header_is_refused(client: FlaskClient, dana: User) -> None:
    doubled = [("X-Remote-User", "boss"), ("X-Remote-User", "dana"), ("X-Caseapp-Proxy-Secret", SECRET)]
    answer = client.get("/clients", headers=doubled, environ_base=PROXY)

    assert answer.status_code in (400, 401)


def test_a_deactivated_user_is_out_at_once(
    app: Flask, client: FlaskClient, session: Session, dana: User
) -> None:
    from caseapp.domain.actor import LOCAL_USER
    from caseapp.usecases.user_account import set_active
    from tests.conftest import NOW

    assert asked(client, from_proxy()) == 200
    set_active(session, LOCAL_USER, NOW, dana.public_id, False)
    assert asked(client, from_proxy()) == 401


def test_whoever_is_not_named_is_told_in_words(client: FlaskClient) -> None:
    page = client.get("/clients", environ_base=PROXY)
    words = client.get("/clients", environ_base=PROXY, headers=HTMX)

    assert "<h1>You are not signed in</h1>" in page.text
    assert (words.status_code, words.mimetype) == (401, "text/plain")
    assert client.get("/sign-in", environ_base=PROXY).status_code == 401


def test_forwarding_headers_count_from_a_trusted_proxy_alone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROUTES, "seen", EVERYBODY)
    app.add_url_rule("/seen", "seen", lambda: {"peer": request.remote_addr, "root": request.url_root})
    headers = {
        "X-Forwarded-For": "203.0.113.5",
        "X-Forwarded-Host": "practice.example.org",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
    }

    def seen(peer: str) -> Any:
        return client.get("/seen", headers=headers, environ_base={"REMOTE_ADDR": peer}).json

    assert seen("10.0.0.7") == {"peer": "203.0.113.5", "root": "https://practice.example.org/"}
    assert seen("192.168.1.9") == {"peer": "192.168.1.9", "root": "http://localhost/"}


def test_a_form_of_another_user_in_the_same_browser_is_refused(
    app: Flask, client: FlaskClient, session: Session, dana: User
) -> None:
    a_user(app, session, "office", username="bo")
    page = client.get("/clients", headers=from_proxy(), environ_base=PROXY)
    from tests.web.accounts import token_on

    fields = {"csrf_token": token_on(page.text), "q": "har"}
    as_bo = from_proxy(**{"X-Remote-User": "bo"})
    assert client.post("/clients", data=fields, headers=as_bo, environ_base=PROXY).status_code == 422
    page = client.get("/clients", headers=from_proxy(), environ_base=PROXY)
    fields["csrf_token"] = token_on(page.text)
    assert client.post("/clients", data=fields, headers=from_proxy(), environ_base=PROXY).status_code == 200

"""Users of the tests, and signing in as a browser does."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.user_entry import UserEntry
from caseapp.models import AccessEvent, AuditEvent
from caseapp.usecases.user_account import UserSaved, add_user
from caseapp.web.account_kit import account_kit
from tests.conftest import NOW
from tests.web.audit import audit

PASSWORD = "nine quiet tall herons"


@dataclass(frozen=True)
class User:
    id: int
    public_id: str
    username: str


def a_user(
    app: Flask,
    session: Session,
    role: str = "office",
    *,
    username: str = "",
    clinician: str = "",
    **more: bool,
) -> User:
    """A user who can sign in with PASSWORD."""
    username = username or f"{role}.user"
    with app.app_context():
        hashed = account_kit().hash(PASSWORD)
    entry = UserEntry(username=username, name=f"{username} Name", role=role, clinician=clinician, **more)
    saved = add_user(session, LOCAL_USER, NOW, entry, password_hash=hashed)
    assert isinstance(saved, UserSaved), saved
    return User(saved.user_id, saved.public_id, username)


def token_on(html: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html) or re.search(
        r'value="([^"]+)"[^>]*name="csrf_token"', html
    )
    assert found is not None, html
    return found[1]


def try_to_sign_in(
    client: FlaskClient, username: str, password: str = PASSWORD, *, wanted: str = "", **more: str
) -> TestResponse:
    page = client.get("/sign-in", query_string={"next": wanted} if wanted else {})
    fields = {"csrf_token": token_on(page.text), "username": username, "password": password, "next": wanted}
    return client.post("/sign-in", data=fields | more)


def signed_in(client: FlaskClient, user: User) -> FlaskClient:
    answer = try_to_sign_in(client, user.username)
    assert answer.status_code == 303, answer.text
    return client


def form_token(client: FlaskClient) -> str:
    """The token of whoever is signed in."""
    return token_on(client.get("/clients").text)


def sign_out(client: FlaskClient) -> TestResponse:
    return client.post("/sign-out", data={"csrf_token": form_token(client)})


def later(app: Flask, **time: int) -> None:
    """Let the app's clock stand later."""
    settings = app.extensions["caseapp"]["settings"]
    app.extensions["caseapp"]["settings"] = replace(settings, now=settings.now + timedelta(**time))


def sent(client: FlaskClient, address: str, **fields: object) -> str:
    """Post with a good token, and read the page that follows."""
    token = form_token(client)
    answer = client.post(address, data={"csrf_token": token} | fields, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    audit(answer.text)
    return answer.text


def recovery_codes_of(app: Flask, client: FlaskClient) -> list[str]:
    """Set up an authenticator app for whoever must, who is signed in by it: the recovery codes."""
    token = token_on(client.get("/sign-in/set-up").text)
    with client.session_transaction() as kept:
        secret = kept["new_app"]
    with app.app_context():
        code = account_kit().code_now(secret)
    shown = client.post("/sign-in/set-up", data={"csrf_token": token, "code": code})
    return recovery_codes_in(shown.text)


def recovery_codes_in(html: str) -> list[str]:
    return re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", html)


def events(session: Session) -> list[tuple[str, str, str]]:
    """(actor, action, entity) of all that was changed."""
    session.rollback()
    rows = session.execute(
        select(AuditEvent.actor, AuditEvent.action, AuditEvent.entity).order_by(AuditEvent.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def actions(session: Session) -> list[str]:
    """What was noted of who came in, looked, or was refused."""
    session.rollback()
    return list(session.execute(select(AccessEvent.kind).order_by(AccessEvent.id)).scalars())


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("caseapp_session")
    return found.value if found else ""

"""Signing in by password: sessions on the server, one answer for what is wrong, nothing typed lost."""

import re
from datetime import timedelta

import flask_security
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from caseapp.models import UserAccount, UserSession
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import (
    PASSWORD,
    User,
    a_user,
    actions,
    cookie,
    form_token,
    later,
    sign_out,
    signed_in,
    token_on,
    try_to_sign_in,
)
from tests.web.audit import audit
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_nobody_sees_a_page_before_signing_in(client: FlaskClient, dana: User) -> None:
    answer = client.get("/clients?status=on_hold")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/clients?status%3Don_hold"
    page = client.get(answer.headers["Location"])
    audit(page.text)
    assert 'name="next" type="hidden" value="/clients?status=on_hold"' in page.text
    answer = try_to_sign_in(client, dana.username, wanted="/clients?status=on_hold")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/clients?status=on_hold")
    page = client.get("/clients")
    assert "Signed in as" in page.text
    assert "Dana.Ruiz Name" in page.text


@pytest.mark.parametrize("typed", ["dana.ruiz", " DANA.RUIZ ", "Dana.Ruiz"])
def test_a_user_name_is_known_in_any_case(client: FlaskClient, dana: User, typed: str) -> None:
    assert try_to_sign_in(client, typed).status_code == 303


def test_whatever_is_wrong_is_answered_alike(
    client: FlaskClient, app: Flask, session: Session, dana: User
) -> None:
    gone = a_user(app, session, "office", username="gone")
    session.execute(update(UserAccount).where(UserAccount.id == gone.id).values(active=False))
    session.commit()
    invited = a_user(app, session, "office", username="invited")
    session.execute(update(UserAccount).where(UserAccount.id == invited.id).values(password=None))
    session.commit()

    def told(username: str, password: str) -> tuple[int, str]:
        answer = try_to_sign_in(client, username, password)
        audit(answer.text)
        page = Page(answer.text)
        return answer.status_code, page.text_of("form-error")

    wrong = (422, "User name and password do not belong together. Check both, and try again.")
    assert told(dana.username, "something else entirely") == wrong
    for username in ("nobody", "gone", "invited", "x" * 500, ""):
        assert told(username, PASSWORD) == wrong
    assert told(dana.username, "") == wrong

    def whole(username: str) -> str:
        """The page as a machine would compare it, without what was typed and the form's own numbers."""
        page = try_to_sign_in(app.test_client(), username, "something else entirely").text
        return re.sub(r'value="[^"]*"', "", page)

    assert whole("dana.ruiz") == whole("nobody") == whole("gone") == whole("invited")
    assert "sign_in_failed" in actions(session)


def test_every_refusal_costs_the_same_work(
    client: FlaskClient, app: Flask, session: Session, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        from caseapp.web.account_kit import account_kit

        kit = account_kit()
    asked: list[str | None] = []
    verify = kit.verify

    def counted(password: str, stored: str | None) -> bool:
        asked.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(kit, "verify", counted)
    gone = a_user(app, session, "office", username="gone")
    session.execute(update(UserAccount).where(UserAccount.id == gone.id).values(active=False))
    invited = a_user(app, session, "office", username="invited")
    session.execute(update(UserAccount).where(UserAccount.id == invited.id).values(password=None))
    session.commit()
    hashed: list[str] = []
    real = flask_security.verify_password

    def noted(password: str, stored: str) -> bool:
        hashed.append(stored)
        return bool(real(password, stored))

    monkeypatch.setattr(flask_security, "verify_password", noted)
    usernames = (dana.username, "nobody", gone.username, invited.username)
    for username in usernames:
        try_to_sign_in(client, username, "wrong")
    assert len(asked) == len(usernames)
    # Each against a hash of the same cost; what that is, test_account_kit.py tells.
    assert len({kept.rsplit("$", 2)[0] for kept in hashed}) == 1
    assert len(hashed) == len(usernames)


def test_a_sign_in_has_a_new_cookie_that_no_one_knew(
    client: FlaskClient, session: Session, dana: User
) -> None:
    client.get("/sign-in")
    before = cookie(client)
    client.set_cookie("caseapp_session", "A" * 43)
    signed_in(client, dana)
    after = cookie(client)

    assert after not in (before, "A" * 43)
    assert len(after) == 43
    kept = session.execute(select(UserSession.digest)).scalar_one()
    assert after not in kept
    assert client.get("/sign-in").headers["Location"] == "/"  # whoever is signed in goes on
    assert cookie(client) == after
    assert count(session, UserSession) == 1


def test_a_cookie_that_somebody_planted_is_not_signed_in(
    app: Flask, client: FlaskClient, session: Session, dana: User
) -> None:
    thief = app.test_client()
    token = token_on(thief.get("/sign-in").text)
    planted = cookie(thief)
    assert planted
    client.set_cookie("caseapp_session", planted)
    signed_in(client, dana)

    assert cookie(client) != planted
    assert thief.get("/clients").status_code == 303
    assert thief.post("/clients", data={"csrf_token": token, "q": "har"}).status_code == 303
    client.set_cookie("caseapp_session", planted)
    assert client.get("/clients").status_code == 303


def test_a_token_of_before_signing_in_is_worth_nothing_after(client: FlaskClient, dana: User) -> None:
    before = token_on(client.get("/sign-in").text)
    signed_in(client, dana)

    assert client.post("/clients", data={"csrf_token": before, "q": "har"}).status_code == 422
    assert client.post("/clients", data={"csrf_token": form_token(client), "q": "har"}).status_code == 200


def test_a_token_of_another_user_is_refused(
    app: Flask, client: FlaskClient, session: Session, dana: User
) -> None:
    bo = signed_in(app.test_client(), a_user(app, session, "office", username="bo"))
    signed_in(client, dana)

    assert client.post("/clients", data={"csrf_token": form_token(bo), "q": "har"}).status_code == 422


def test_after_signing_out_the_cookie_opens_nothing(
    client: FlaskClient, session: Session, dana: User
) -> None:
    signed_in(client, dana)
    stolen = cookie(client)
    answer = sign_out(client)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/signed-out")
    assert client.get("/signed-out").status_code == 200
    assert cookie(client) == ""
    client.set_cookie("caseapp_session", stolen)
    assert client.get("/clients").status_code == 303
    assert count(session, UserSession) == 0
    assert actions(session)[-2:] == ["signed_in", "signed_out"]


def test_signing_out_needs_its_token(client: FlaskClient, dana: User) -> None:
    signed_in(client, dana)

    assert client.post("/sign-out", data={}).status_code == 422
    assert client.get("/clients").status_code == 200
    assert client.get("/sign-out").status_code == 405


def test_an_unused_sign_in_ends_and_a_used_one_goes_on(client: FlaskClient, app: Flask, dana: User) -> None:
    signed_in(client, dana)
    for _ in range(4):
        later(app, minutes=14)
        assert client.get("/clients").status_code == 200
    later(app, minutes=15)
    assert client.get("/clients").status_code == 303


def test_a_sign_in_lasts_twelve_hours_at_most(client: FlaskClient, app: Flask, dana: User) -> None:
    signed_in(client, dana)
    for _ in range(59):
        later(app, minutes=12)
        assert client.get("/clients").status_code == 200
    later(app, minutes=12)
    assert client.get("/clients").status_code == 303


@ONE_DATABASE
def test_a_page_writes_down_that_it_was_seen_at_most_once_a_minute(
    client: FlaskClient, app: Flask, session: Session, dana: User
) -> None:
    signed_in(client, dana)

    def seen() -> object:
        session.rollback()
        return session.execute(select(UserSession.seen_at)).scalar_one()

    begun = seen()
    later(app, seconds=59)
    client.get("/clients")
    assert seen() == begun
    later(app, seconds=1)
    client.get("/clients")
    assert seen() == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/clients",
        "/\\evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "/clients\n",
        "/nowhere",
        "/sign-in",
        "clients",
        "/" + "a" * 3000,
        "///evil.example",
    ],
)
@ONE_DATABASE
def test_signing_in_leads_to_own_pages_alone(client: FlaskClient, dana: User, wanted: str) -> None:
    answer = try_to_sign_in(client, dana.username, next=wanted)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@ONE_DATABASE
@pytest.mark.parametrize(
    "fields",
    [
        {"username": "a\x00b"},
        {"username": "x" * 20_000},
        {"password": "x" * 20_000},
        {"username": "\ud800".encode("utf-8", "surrogatepass")},
    ],
)
def test_hand_made_sign_ins_are_refused_calmly(
    client: FlaskClient, dana: User, fields: dict[str, object]
) -> None:
    token = token_on(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"csrf_token": token, "username": "a", "password": "b"} | fields)

    assert answer.status_code in (400, 422)


@ONE_DATABASE
def test_a_sign_in_without_its_token_is_refused(client: FlaskClient, dana: User) -> None:
    answer = client.post("/sign-in", data={"username": dana.username, "password": PASSWORD})

    assert answer.status_code == 422
    assert Page(answer.text).codes("form-error") == ["csrf"]


@ONE_DATABASE
def test_a_password_never_comes_back(client: FlaskClient, dana: User) -> None:
    assert "a wrong one" not in try_to_sign_in(client, dana.username, "a wrong one").text


@ONE_DATABASE
@pytest.mark.settings(auth="none")
def test_where_nobody_signs_in_there_is_no_such_page(client: FlaskClient) -> None:
    assert client.get("/sign-in").status_code == 404
    assert client.get("/account").status_code == 404
    assert "Sign out" not in client.get("/clients").text


@ONE_DATABASE
def test_watchdogs_need_no_sign_in(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/static/caseapp.css", buffered=True).status_code == 200


@ONE_DATABASE
@pytest.mark.settings(auth="local", url_prefix="/desk")
def test_under_a_prefix_the_way_leads_below_it(client: FlaskClient, dana: User) -> None:
    answer = client.get("/desk/clients?status=on_hold")
    assert answer.headers["Location"].startswith("/desk/sign-in?next=/clients")
    token = token_on(client.get("/desk/sign-in").text)
    fields = {"csrf_token": token, "username": dana.username, "password": PASSWORD, "next": "/clients"}
    assert client.post("/desk/sign-in", data=fields).headers["Location"] == "/desk/clients"


@ONE_DATABASE
def test_over_tls_the_cookie_goes_over_tls_alone(client: FlaskClient, dana: User) -> None:
    page = client.get("/sign-in", base_url="https://localhost")
    headers = {"Referer": "https://localhost/sign-in"}
    fields = {"csrf_token": token_on(page.text), "username": dana.username, "password": PASSWORD}
    answer = client.post("/sign-in", data=fields, base_url="https://localhost", headers=headers)

    assert answer.status_code == 303
    for said in (page.headers["Set-Cookie"], answer.headers["Set-Cookie"]):
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(said.split("; "))

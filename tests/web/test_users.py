"""Users, one-time links and tokens as people and programs meet them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import ApiToken, OneTimeLink, UserAccount, UserSession
from caseapp.usecases.api_token import program_of
from caseapp.usecases.user_account import first_link
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import (
    PASSWORD,
    User,
    a_user,
    events,
    form_token,
    later,
    sent,
    signed_in,
    token_on,
    try_to_sign_in,
)
from tests.web.audit import audit
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")
LINK = re.compile(r"/welcome/[A-Za-z0-9_-]{43}")


@pytest.fixture
def boss(app: Flask, session: Session) -> User:
    return a_user(app, session, "administrator", username="boss")


@pytest.fixture
def desk(client: FlaskClient, boss: User) -> FlaskClient:
    """The administrator's browser."""
    return signed_in(client, boss)


def test_an_invited_user_comes_in_by_a_link_that_works_once(
    app: Flask, desk: FlaskClient, session: Session
) -> None:
    page = sent(desk, "/users/new", name="Dana Ruiz", username="dana", role="office", clinician="")
    (link,) = LINK.findall(page)
    assert link not in desk.get("/users").text  # shown once
    assert session.execute(select(OneTimeLink.digest)).scalar_one() not in link

    dana = app.test_client()
    welcome = dana.get(link)
    audit(welcome.text)
    assert "dana" in welcome.text
    fields = {"csrf_token": token_on(welcome.text), "name": "Dana Q. Ruiz", "password": PASSWORD}
    assert dana.post(link, data=fields).headers["Location"] == "/sign-in"
    assert dana.get(link).status_code == 404
    assert dana.post(link, data=fields | {"password": "another long password"}).status_code == 404
    assert try_to_sign_in(dana, "dana").status_code == 303
    assert "Dana Q. Ruiz" in dana.get("/clients").text


def test_behind_somebody_who_is_not_there_the_list_begins_anew(desk: FlaskClient, boss: User) -> None:
    assert "boss Name" in desk.get(f"/users?after={'z' * 20}").text
    assert "boss Name" not in Page(desk.get(f"/users?after={boss.public_id}").text).text_of("users")


def test_a_link_expires(app: Flask, desk: FlaskClient) -> None:
    page = sent(desk, "/users/new", name="Dana", username="dana", role="office")
    later(app, hours=72)
    over = app.test_client().get(LINK.findall(page)[0])

    assert over.status_code == 404
    assert "no longer valid" in over.text


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "required"),
        ("fourteen chars", "too_short"),
        ("x" * 257, "too_long"),
        ("password12345678", "too_common"),
        ("aaaaaaaaaaaaaaaaaaaa", "too_common"),
        ("administratorboss", None),
        ("dana.ruiz.of.elm.street", "own_name"),
    ],
)
@ONE_DATABASE
def test_a_weak_password_is_refused_in_words(
    app: Flask, desk: FlaskClient, password: str, code: str | None
) -> None:
    page = sent(desk, "/users/new", name="Dana", username="dana.ruiz.of.elm.street", role="office")
    (link,) = LINK.findall(page)
    dana = app.test_client()
    fields = {"csrf_token": token_on(dana.get(link).text), "name": "Dana", "password": password}
    answer = dana.post(link, data=fields)

    if code is None:
        assert answer.status_code == 303
    else:
        assert answer.status_code == 422
        assert Page(answer.text).codes("password-error") == [code]
        assert not Page(answer.text).by_id("password").attributes.get("value")  # type: ignore[union-attr]


@ONE_DATABASE
def test_every_wrong_field_of_a_user_is_told_at_once(desk: FlaskClient, boss: User) -> None:
    token = form_token(desk)
    fields = {"csrf_token": token, "name": " ", "username": "BOSS", "role": "chief", "clinician": "no"}
    answer = desk.post("/users/new", data=fields)

    assert answer.status_code == 422
    audit(answer.text)
    assert Page(answer.text).errors() == [
        ["name", "required"],
        ["username", "taken"],
        ["role", "unknown_choice"],
        ["clinician", "unknown_choice"],
    ]
    answer = desk.post("/users/new", data={"csrf_token": token, "role": "clinician"})
    assert ["clinician", "required"] in Page(answer.text).errors()


def test_a_change_of_role_ends_every_sign_in(app: Flask, desk: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    browser = signed_in(app.test_client(), bo)
    edit = f"/users/{bo.public_id}/edit"
    fields = Page(desk.get(edit).text).values("user-form")
    assert fields["username"] == "bo"
    renamed = {k: v for k, v in fields.items() if k != "csrf_token"} | {"name": "Bo B."}
    sent(desk, edit, **renamed)
    assert browser.get("/clients").status_code == 200  # a name alone changes no right
    fields = Page(desk.get(edit).text).values("user-form")
    sent(desk, edit, **{k: v for k, v in fields.items() if k != "csrf_token"} | {"role": "billing"})

    assert browser.get("/clients").status_code == 303
    signed_in(browser, bo)
    assert browser.get("/clients/new").status_code == 403
    assert ("boss Name", "changed", "user_account") in events(session)


def test_two_who_change_a_user_at_once_are_told(app: Flask, desk: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    edit = f"/users/{bo.public_id}/edit"
    fields = Page(desk.get(edit).text).values("user-form")
    sent(desk, edit, **{k: v for k, v in fields.items() if k != "csrf_token"} | {"name": "First"})
    answer = desk.post(edit, data=fields | {"name": "Second"})

    assert answer.status_code == 422
    assert Page(answer.text).codes("form-error") == ["conflict"]


def test_deactivating_ends_every_sign_in_at_once(app: Flask, desk: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    browser = signed_in(app.test_client(), bo)
    assert "signed out everywhere" in desk.get(f"/users/{bo.public_id}/deactivate").text
    sent(desk, f"/users/{bo.public_id}/deactivate")

    assert browser.get("/clients").status_code == 303
    assert try_to_sign_in(browser, "bo").status_code == 422
    assert session.execute(select(UserSession).where(UserSession.user_id == bo.id)).first() is None
    sent(desk, f"/users/{bo.public_id}/reactivate")
    assert try_to_sign_in(browser, "bo").status_code == 303


def test_the_last_administrator_stays(desk: FlaskClient, boss: User) -> None:
    token = form_token(desk)
    answer = desk.post(f"/users/{boss.public_id}/deactivate", data={"csrf_token": token})
    assert (answer.status_code, Page(answer.text).codes("form-error")) == (422, ["last_administrator"])
    edit = f"/users/{boss.public_id}/edit"
    fields = Page(desk.get(edit).text).values("user-form") | {"role": "office"}
    answer = desk.post(edit, data=fields)
    assert (answer.status_code, Page(answer.text).codes("form-error")) == (422, ["last_administrator"])


@ONE_DATABASE
def test_what_is_asked_of_nobody_is_not_found(desk: FlaskClient, boss: User) -> None:
    token = form_token(desk)
    for address in (
        f"/users/{'0' * 20}/edit",
        f"/users/{'0' * 20}/deactivate",
        f"/users/{boss.public_id}/fire",
    ):
        assert desk.get(address).status_code == 404
        assert desk.post(address, data={"csrf_token": token}).status_code == 404
    assert desk.post(f"/users/{boss.public_id}/link", data={}).status_code == 422


def test_an_administrator_resets_a_second_factor(app: Flask, desk: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    session.execute(
        UserAccount.__table__.update()  # type: ignore[attr-defined]
        .where(UserAccount.id == bo.id)
        .values(totp_secret="lost", recovery_codes=["x"])
    )
    session.commit()
    assert try_to_sign_in(app.test_client(), "bo").headers["Location"] == "/sign-in/code"
    sent(desk, f"/users/{bo.public_id}/reset-second-factor")

    assert try_to_sign_in(app.test_client(), "bo").headers["Location"] == "/"


def test_a_new_link_sets_another_password(app: Flask, desk: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    browser = signed_in(app.test_client(), bo)
    (first,) = LINK.findall(sent(desk, f"/users/{bo.public_id}/link"))
    (second,) = LINK.findall(sent(desk, f"/users/{bo.public_id}/link"))
    assert browser.get(first).status_code == 404  # a newer one ended it
    fields = {
        "csrf_token": token_on(app.test_client().get(second).text),
        "name": "Bo",
        "password": "four small grey owls",
    }
    other = app.test_client()
    fields["csrf_token"] = token_on(other.get(second).text)
    assert other.post(second, data=fields).status_code == 303
    assert browser.get("/clients").status_code == 303
    assert try_to_sign_in(other, "bo", "four small grey owls").status_code == 303


def test_a_token_is_shown_once_and_kept_as_its_digest(
    app: Flask, desk: FlaskClient, session: Session
) -> None:
    answer = desk.post("/users/tokens/new", data={"csrf_token": form_token(desk), "name": "", "days": "7"})
    assert answer.status_code == 422
    audit(answer.text)
    told = [["name", "required"], ["days", "unknown_choice"], ["scopes", "required"]]
    assert Page(answer.text).errors() == told
    page = sent(desk, "/users/tokens/new", name="Portal", scopes=["read", "claims"], days="30")
    token = Page(page).text_of("token")
    kept = session.execute(select(ApiToken)).scalar_one()
    assert token not in (kept.digest, kept.name)
    assert token not in desk.get("/users").text

    program = program_of(session, token, NOW)
    assert program is not None
    assert (program.actor.name, program.actor.may_write) == ("program Portal", False)
    assert program.scopes == {"read", "claims"}
    assert program_of(session, token, NOW + timedelta(days=30)) is None
    for wrong in ("", token[:-1], token + "x", "caseapp_"):
        assert program_of(session, wrong, NOW) is None
    sent(desk, f"/users/tokens/{kept.public_id}/revoke")
    session.rollback()
    assert program_of(session, token, NOW) is None
    assert "revoked" in desk.get("/users").text
    assert desk.get(f"/users/tokens/{'0' * 20}/revoke").status_code == 404


def test_the_first_start_makes_one_administrator_with_a_link(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    first, second = first_link(session, NOW), first_link(session, NOW)
    assert first is not None
    assert second is not None
    user = session.execute(select(UserAccount)).scalar_one()
    assert (user.role, user.password) == ("administrator", None)
    assert client.get(f"/welcome/{first}").status_code == 404  # the next start made another
    for password in ("", "administrator", "password"):
        assert try_to_sign_in(client, "administrator", password).status_code == 422
    link = f"/welcome/{second}"
    fields = {"csrf_token": token_on(client.get(link).text), "name": "Ann Berg", "password": PASSWORD}
    assert client.post(link, data=fields).status_code == 303
    session.rollback()
    assert first_link(session, NOW) is None
    assert try_to_sign_in(client, "administrator").status_code == 303
    assert events(session)[0] == (LOCAL_USER.name, "added", "user_account")


def test_no_second_administrator_is_made_where_users_are(app: Flask, session: Session) -> None:
    a_user(app, session, "office")
    a_user(app, session, "billing")

    assert first_link(session, NOW) is None

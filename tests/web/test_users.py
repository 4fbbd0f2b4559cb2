"""Users, one-time links, second factor, tokens and emergency access as people and programs meet them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import ApiToken, AuditEvent, EmergencyAccess, OneTimeLink, UserAccount, UserSession
from caseapp.usecases.api_token import program_of
from caseapp.usecases.user_account import first_link
from caseapp.web.account_kit import account_kit
from tests import builders
from tests.client_lists import listed
from tests.conftest import NOW
from tests.web.accounts import PASSWORD, User, a_user, form_token, signed_in, token_on, try_to_sign_in
from tests.web.audit import audit
from tests.web.desk import Scene
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LINK = re.compile(r"/welcome/[A-Za-z0-9_-]{43}")


@pytest.fixture
def boss(app: Flask, session: Session) -> User:
    return a_user(app, session, "administrator", username="boss")


@pytest.fixture
def desk(client: FlaskClient, boss: User) -> FlaskClient:
    """The administrator's browser."""
    return signed_in(client, boss)


def later(app: Flask, **time: int) -> None:
    settings = app.extensions["caseapp"]["settings"]
    app.extensions["caseapp"]["settings"] = replace(settings, now=settings.now + timedelta(**time))


def sent(client: FlaskClient, address: str, **fields: object) -> str:
    """Post with a good token, and read the page that follows."""
    token = form_token(client)
    answer = client.post(address, data={"csrf_token": token} | fields, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    audit(answer.text)
    return answer.text


def events(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.execute(
        select(AuditEvent.actor, AuditEvent.action, AuditEvent.entity).order_by(AuditEvent.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


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


def test_another_password_signs_out_everywhere(app: Flask, client: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    elsewhere = signed_in(app.test_client(), bo)
    signed_in(client, bo)
    token = form_token(client)
    fields = {"csrf_token": token, "old_password": "wrong", "password": "short"}
    answer = client.post("/account/password", data=fields)
    assert answer.status_code == 422
    audit(answer.text)
    assert Page(answer.text).errors() == [["old_password", "wrong"], ["password", "too_short"]]
    fields |= {"old_password": PASSWORD, "password": "four small grey owls"}
    assert client.post("/account/password", data=fields).status_code == 303

    assert client.get("/clients").status_code == 303
    assert elsewhere.get("/clients").status_code == 303
    assert try_to_sign_in(client, "bo").status_code == 422
    assert try_to_sign_in(client, "bo", "four small grey owls").status_code == 303


def test_a_stolen_sign_in_does_not_let_passwords_be_guessed(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    signed_in(client, a_user(app, session, "office", username="bo"))
    fields = {"csrf_token": form_token(client), "old_password": "x", "password": "four small grey owls"}
    codes = [
        Page(client.post("/account/password", data=fields).text).codes("old_password-error") for _ in range(6)
    ]

    assert codes == [["wrong"]] * 5 + [["wait"]]


def test_signing_out_everywhere_ends_all(app: Flask, client: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    elsewhere = signed_in(app.test_client(), bo)
    signed_in(client, bo)
    answer = client.post("/account/sign-out-everywhere", data={"csrf_token": form_token(client)})

    assert answer.headers["Location"] == "/signed-out"
    assert elsewhere.get("/clients").status_code == 303


def test_a_second_factor_is_set_up_asked_for_and_used_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    bo = a_user(app, session, "office", username="bo", second_factor_required=True)
    assert try_to_sign_in(client, "bo", wanted="/payors").headers["Location"] == "/sign-in/set-up"
    assert client.get("/clients").headers["Location"] == "/sign-in/set-up"  # nothing before that
    page = client.get("/sign-in/set-up")
    audit(page.text)
    key = Page(page.text).text_of("totp-key").replace("-", "")
    with client.session_transaction() as kept:
        secret = kept["new_app"]
    with app.app_context():
        kit = account_kit()
        code = kit.code_now(secret)
        assert kit.shown(secret, "bo")[1].replace("-", "") == key
    token = token_on(page.text)
    assert client.post("/sign-in/set-up", data={"csrf_token": token, "code": "abc"}).status_code == 422
    shown = client.post("/sign-in/set-up", data={"csrf_token": token, "code": code})
    audit(shown.text)
    codes = re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", shown.text)
    assert len(codes) == 10
    assert 'href="/payors"' in shown.text
    assert client.get("/clients").status_code == 200
    # Whoever finds the browser cannot put another phone in its place.
    assert client.get("/sign-in/set-up").headers["Location"] == "/sign-in"
    stale = client.post("/sign-in/set-up", data={"csrf_token": form_token(client), "code": code})
    assert stale.headers["Location"] == "/sign-in"
    assert "an administrator resets it" in client.get("/account").text
    kept_codes = session.execute(select(UserAccount.recovery_codes)).scalar_one()
    assert len(kept_codes) == 10
    assert codes[0] not in str(kept_codes)

    browser = app.test_client()
    assert try_to_sign_in(browser, "bo").headers["Location"] == "/sign-in/code"
    assert browser.get("/clients").headers["Location"] == "/sign-in/code"
    token = token_on(browser.get("/sign-in/code").text)

    def answered(typed: str) -> int:
        return browser.post("/sign-in/code", data={"csrf_token": token, "code": typed}).status_code

    assert answered(code) == 422  # used already
    later(app, seconds=60)
    with app.app_context():
        fresh = account_kit().code_now(secret)
    assert answered(f" {fresh[:3]} {fresh[3:]} ") == 303
    assert browser.get("/clients").status_code == 200

    other = app.test_client()
    try_to_sign_in(other, "bo")
    token = token_on(other.get("/sign-in/code").text)
    browser = other
    assert answered(codes[3].upper()) == 303
    again = app.test_client()
    try_to_sign_in(again, "bo")
    token = token_on(again.get("/sign-in/code").text)
    browser = again
    assert answered(codes[3]) == 422  # each is good once
    assert [answered("000000") for _ in range(5)] == [422] * 4 + [429]
    assert bo.username == "bo"


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


def test_emergency_access_is_reasoned_shown_recorded_and_ends(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    other = builders.a_client(session, ["ABA"], last_name="Foreign", first_name="Fay")
    listed(session, other)
    page = f"/clients/{other.public_id}"
    signed_in(client, a_user(app, session, "clinician", username="priya", clinician=scene.priya.key))
    assert client.get(page).status_code == 404
    audit(client.get("/emergency-access").text)
    token = form_token(client)
    for reason, code in (("", "required"), ("why", "too_short"), ("x" * 501, "too_long")):
        refused = client.post("/emergency-access", data={"csrf_token": token, "reason": reason})
        assert (refused.status_code, Page(refused.text).codes("reason-error")) == (422, [code])
    shown = sent(client, "/emergency-access", reason="Fay collapsed in the waiting room")
    assert "Emergency access until 1:00 pm" in Page(shown).text_of("emergency-banner")
    assert client.get(page).status_code == 200
    assert client.get(f"{page}/edit").status_code == 403  # it reads, and no more
    sent(client, "/emergency-access", reason="once more, by mistake")
    session.rollback()
    begun = session.execute(select(EmergencyAccess)).scalar_one()
    event = session.execute(select(AuditEvent).where(AuditEvent.action == "emergency_begun")).scalar_one()
    assert (event.reason, event.entity_id) == ("Fay collapsed in the waiting room", begun.public_id)
    later(app, minutes=14)
    client.get("/clients")
    sent(client, "/emergency-access/end")
    assert client.get(page).status_code == 404
    assert events(session)[-1] == ("priya Name", "emergency_ended", "emergency_access")


def test_emergency_access_ends_by_itself(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    other = builders.a_client(session, ["ABA"])
    signed_in(client, a_user(app, session, "clinician", username="priya", clinician=scene.priya.key))
    sent(client, "/emergency-access", reason="a child needs help now")
    for _ in range(5):
        later(app, minutes=12)
        status = client.get(f"/clients/{other.public_id}").status_code
    assert status == 404


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

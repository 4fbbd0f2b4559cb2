"""The second factor: set up, asked for, used once."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import UserAccount
from caseapp.web.account_kit import account_kit
from tests.databases import ONE_DATABASE
from tests.web.accounts import (
    a_user,
    actions,
    form_token,
    later,
    recovery_codes_in,
    recovery_codes_of,
    token_on,
    try_to_sign_in,
)
from tests.web.audit import audit
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")


def test_a_second_factor_is_set_up_asked_for_and_used_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    bo = a_user(app, session, "office", username="bo", second_factor_required=True)
    assert try_to_sign_in(client, "bo", wanted="/payors").headers["Location"] == "/sign-in/set-up"
    assert client.get("/clients").headers["Location"] == "/sign-in/set-up"  # nothing before that
    page = client.get("/sign-in/set-up")
    audit(page.text)
    picture = re.search(r'<svg[^>]*class="qr"[^>]*>', page.text)
    assert picture is not None  # drawn as large as the page has it, and as a whole
    assert re.search(r'viewBox="0 0 (\d+) \1"', picture[0])
    assert "width" not in picture[0]
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
    codes = recovery_codes_in(shown.text)
    assert len(codes) == 10
    assert 'href="/payors"' in shown.text
    assert client.get("/clients").status_code == 200
    # Whoever finds the browser cannot put another phone in its place.
    assert client.get("/sign-in/set-up").headers["Location"] == "/sign-in"
    stale = client.post("/sign-in/set-up", data={"csrf_token": form_token(client), "code": code})
    assert stale.headers["Location"] == "/sign-in"
    account = Page(client.get("/account").text)
    assert "an administrator resets it" in str([e.text for e in account.elements])
    assert account.text_of("password-hint").startswith("At least 8 characters")
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


def test_behind_a_second_factor_a_frame_goes_on_looking_like_the_host(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    user = a_user(app, session, "office", second_factor_required=True)
    try_to_sign_in(client, user.username)
    with client.session_transaction() as kept:
        kept["theme"] = {"accent": "7a1fa2"}
    recovery_codes_of(app, client)

    with client.session_transaction() as kept:
        assert kept["theme"] == {"accent": "7a1fa2"}


def test_who_sets_it_up_by_choice_may_leave_it_and_who_must_may_sign_out(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    def ways(*, must: bool) -> list[str]:
        browser = app.test_client()
        user = a_user(app, session, username=f"must-{must}", second_factor_required=must)
        try_to_sign_in(browser, user.username)
        words = [
            e.text for e in Page(browser.get("/sign-in/set-up").text).elements if e.tag in ("a", "button")
        ]
        return [text for text in words if text in ("Cancel", "Sign out")]

    assert ways(must=False) == ["Cancel"]
    assert ways(must=True) == ["Sign out"]


def test_who_turns_back_half_way_has_neither_signed_in_nor_out(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    user = a_user(app, session, second_factor_required=True)
    try_to_sign_in(client, user.username)
    token = token_on(client.get("/sign-in/set-up").text)

    assert client.post("/sign-out", data={"csrf_token": token}).headers["Location"] == "/signed-out"
    assert client.get("/clients").headers["Location"] == "/sign-in?next=/clients"
    assert actions(session) == []


@ONE_DATABASE
@pytest.mark.settings(auth="none")
@pytest.mark.parametrize("page", ["/sign-in/set-up", "/sign-in/code"])
def test_where_no_passwords_are_kept_there_is_none(client: FlaskClient, page: str) -> None:
    assert client.get(page).status_code == 404

"""One's own account: another password, and signing out everywhere."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import AccessEvent
from tests.web.accounts import (
    PASSWORD,
    a_user,
    events,
    form_token,
    recovery_codes_in,
    recovery_codes_of,
    signed_in,
    token_on,
    try_to_sign_in,
)
from tests.web.audit import audit
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")


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


def test_a_wrong_present_password_is_on_record(app: Flask, client: FlaskClient, session: Session) -> None:
    signed_in(client, a_user(app, session, "office", username="bo"))
    fields = {"csrf_token": form_token(client), "old_password": "x", "password": "four small grey owls"}
    for _ in range(6):
        client.post("/account/password", data=fields)

    session.rollback()
    told = session.execute(
        select(AccessEvent.kind).where(AccessEvent.detail == "present password").order_by(AccessEvent.id)
    )
    assert list(told.scalars()) == ["sign_in_failed"] * 5 + ["sign_in_throttled"]


def test_new_recovery_codes_take_the_place_of_all_before(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    bo = a_user(app, session, "office", username="bo", second_factor_required=True)
    try_to_sign_in(client, bo.username)
    first, *_ = recovery_codes_of(app, client)
    page = client.get("/account").text
    audit(page)
    assert "10 recovery codes left" in page
    token = form_token(client)

    def made(password: str) -> TestResponse:
        fields = {"csrf_token": token, "present_password": password}
        return client.post("/account/recovery-codes", data=fields)

    refused = made("wrong")
    audit(refused.text)
    assert refused.status_code == 422
    assert Page(refused.text).errors() == [["present_password", "wrong"]]
    shown = made(PASSWORD)
    audit(shown.text)
    assert shown.status_code == 200
    second, *others = recovery_codes_in(shown.text)
    assert len(others) == 9
    assert events(session)[-1] == ("bo Name", "recovery_codes_made", "user_account")

    def comes_in(code: str) -> bool:
        browser = app.test_client()
        try_to_sign_in(browser, bo.username)
        fields = {"csrf_token": token_on(browser.get("/sign-in/code").text), "code": code}
        return browser.post("/sign-in/code", data=fields).status_code == 303

    assert not comes_in(first)
    assert comes_in(second)
    assert "9 recovery codes left" in client.get("/account").text


def test_without_an_app_there_are_no_recovery_codes(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    signed_in(client, a_user(app, session, "office", username="bo"))
    fields = {"csrf_token": form_token(client), "present_password": PASSWORD}

    assert "recovery code" not in client.get("/account").text
    assert client.post("/account/recovery-codes", data=fields).status_code == 404


def test_signing_out_everywhere_ends_all(app: Flask, client: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    elsewhere = signed_in(app.test_client(), bo)
    signed_in(client, bo)
    answer = client.post("/account/sign-out-everywhere", data={"csrf_token": form_token(client)})

    assert answer.headers["Location"] == "/signed-out"
    assert elsewhere.get("/clients").status_code == 303

"""One's own account: another password, and signing out everywhere."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.web.accounts import (
    PASSWORD,
    a_user,
    form_token,
    signed_in,
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


def test_signing_out_everywhere_ends_all(app: Flask, client: FlaskClient, session: Session) -> None:
    bo = a_user(app, session, "office", username="bo")
    elsewhere = signed_in(app.test_client(), bo)
    signed_in(client, bo)
    answer = client.post("/account/sign-out-everywhere", data={"csrf_token": form_token(client)})

    assert answer.headers["Location"] == "/signed-out"
    assert elsewhere.get("/clients").status_code == 303

"""Wrong passwords are slowed down, for one account or one address alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp import create_app
from caseapp.config import Settings
from caseapp.models import SignInThrottle
from tests.closing_apps import closing_apps
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import (
    PASSWORD,
    User,
    a_user,
    actions,
    later,
    token_on,
    try_to_sign_in,
)
from tests.web.audit import audit
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")


def test_a_hundred_wrong_passwords_hold_up_one_account_alone(
    client: FlaskClient, app: Flask, settings: Settings, session: Session, dana: User
) -> None:
    bo = a_user(app, session, "office", username="bo")
    token = token_on(client.get("/sign-in").text)

    def attempt(username: str, password: str) -> int:
        fields = {"csrf_token": token, "username": username, "password": password}
        return client.post("/sign-in", data=fields).status_code

    answers = [attempt(dana.username, f"wrong {number}") for number in range(100)]
    assert answers == [422] * 5 + [429] * 95
    assert attempt(dana.username, PASSWORD) == 429
    told = actions(session)
    assert (told.count("sign_in_failed"), told.count("sign_in_throttled")) == (5, 96)
    assert attempt("nobody", PASSWORD) == 422
    assert try_to_sign_in(app.test_client(), bo.username).status_code == 303
    with closing_apps():  # the wait survives a restart
        again = create_app(app.extensions["caseapp"]["settings"])
        assert try_to_sign_in(again.test_client(), dana.username).status_code == 429
    later(app, seconds=30)
    assert attempt(dana.username, PASSWORD) == 303


def test_an_unknown_name_waits_like_a_known_one(client: FlaskClient, dana: User) -> None:
    answers = [try_to_sign_in(client, "nobody", "wrong") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert Page(answers[-1].text).text_of("form-error") == (
        "There were too many attempts. Wait 30 seconds, then try again."
    )
    audit(answers[-1].text)


@ONE_DATABASE
def test_an_address_that_tries_many_names_waits(
    client: FlaskClient, app: Flask, session: Session, dana: User
) -> None:
    with app.app_context():
        from caseapp.web.account_kit import account_kit

        digest = account_kit().digest("127.0.0.1")
    session.add(SignInThrottle(scope="address", digest=digest, failures=100, last_at=NOW))
    session.commit()

    assert try_to_sign_in(client, dana.username).status_code == 429
    answer = try_to_sign_in(app.test_client(), dana.username)
    assert answer.status_code == 429

"""Users where a sign-on proxy or a provider says who somebody is: nothing of passwords is offered."""

from ipaddress import ip_network

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.models import OneTimeLink, UserAccount
from tests.databases import ONE_DATABASE
from tests.web.accounts import User, a_user, form_token, sent
from tests.web.audit import audit

SECRET = "a secret that only the proxy knows, too"
HEADER = {
    "auth": "header",
    "auth_header": "X-Remote-User",
    "auth_header_secret": SECRET,
    "trusted_proxies": (ip_network("127.0.0.1"),),
}

pytestmark = [
    pytest.mark.settings(**HEADER),
    ONE_DATABASE,
]


@pytest.fixture
def boss(app: Flask, session: Session) -> User:
    return a_user(app, session, "administrator", username="boss", second_factor_required=True)


@pytest.fixture
def desk(client: FlaskClient, boss: User) -> FlaskClient:
    """The administrator's browser, behind the proxy."""
    client.environ_base |= {"HTTP_X_REMOTE_USER": boss.username, "HTTP_X_CASEAPP_PROXY_SECRET": SECRET}
    return client


def test_a_user_is_added_without_a_link_and_comes_in_through_the_proxy(
    desk: FlaskClient, session: Session
) -> None:
    page = sent(desk, "/users/new", name="Dana Ruiz", username="dana", role="office")

    assert "Dana Ruiz was added, and comes in as dana." in page
    assert "/welcome/" not in page
    assert session.execute(select(func.count()).select_from(OneTimeLink)).scalar_one() == 0
    answer = desk.get("/clients", headers={"X-Remote-User": "dana"})
    assert "Signed in as Dana Ruiz, office" in answer.text


def test_the_table_says_nothing_of_what_is_kept_elsewhere(desk: FlaskClient) -> None:
    sent(desk, "/users/new", name="Dana Ruiz", username="dana", role="office")
    page = desk.get("/users").text
    audit(page)

    for words in ("econd factor", "Last signed in", "one-time link", "Invite", "invited"):
        assert words not in page, words


def test_the_form_asks_nothing_of_an_authenticator_app_and_keeps_what_was_asked(
    desk: FlaskClient, boss: User, session: Session
) -> None:
    address = f"/users/{boss.public_id}/edit"
    assert "authenticator" not in desk.get("/users/new").text + desk.get(address).text

    sent(desk, address, name="The Boss", username="boss", role="administrator", version="1")

    session.rollback()
    user = session.execute(select(UserAccount)).scalar_one()
    assert (user.name, user.second_factor_required) == ("The Boss", True)


@pytest.mark.parametrize("act", ["link", "reset-second-factor"])
def test_what_is_done_to_passwords_is_not_there(desk: FlaskClient, boss: User, act: str) -> None:
    address = f"/users/{boss.public_id}/{act}"
    token = {"csrf_token": form_token(desk)}

    assert desk.get(address).status_code == 404
    assert desk.post(address, data=token).status_code == 404

"""Signing in with an OpenID provider that really speaks the protocol, on a port of this computer."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import UserAccount
from tests.web.accounts import a_user
from tests.web.audit import audit

pytestmark = [
    pytest.mark.settings(
        auth="oidc", oidc_address="https://replaced.example", oidc_client_id="caseapp", oidc_client_secret="s"
    ),
    # The provider's own parts are older than what they stand on.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@dataclass
class Provider:
    """The provider and the app that trusts it."""

    address: str
    app: Flask

    def knows(self, subject: str, **claims: Any) -> None:
        answer = requests.put(f"{self.address}/users/{subject}", json=claims, timeout=10)
        answer.raise_for_status()

    def set(self, **settings: Any) -> None:
        kept = self.app.extensions["caseapp"]["settings"]
        self.app.extensions["caseapp"]["settings"] = replace(kept, **settings)

    def go(self, client: FlaskClient, address: str = "/sign-in/provider") -> str:
        """Off to the provider: its address."""
        answer = client.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def vouches(self, address: str, subject: str) -> str:
        """Sign in at the provider, as a browser would: the address that it sends the browser back to."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def sign_in(self, client: FlaskClient, subject: str, address: str = "/sign-in/provider") -> TestResponse:
        back = urlsplit(self.vouches(self.go(client, address), subject))
        return client.get(f"{back.path}?{back.query}")


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        found = Provider(address, app)
        found.set(oidc_address=address)
        yield found


def told(answer: TestResponse) -> list[str]:
    audit(answer.text)
    return re.findall(r'data-code="(\w+)"', answer.text)


def test_an_invited_user_signs_in_and_is_known_by_subject_from_then_on(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    dana = a_user(app, session, "office", username="dana")
    session.get_one(UserAccount, dana.id).password = None
    session.commit()
    provider.knows("s-1", preferred_username="Dana", name="Dana Ruiz")
    provider.knows("s-2", preferred_username="dana", name="Somebody Else")
    answer = provider.sign_in(client, "s-1", "/sign-in/provider?next=/payors")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/payors")
    assert "Signed in as" in client.get("/clients").text
    session.rollback()
    assert session.get_one(UserAccount, dana.id).subject == f"{provider.address} s-1"
    provider.knows("s-1", preferred_username="renamed", name="Dana Ruiz")
    assert provider.sign_in(app.test_client(), "s-1").status_code == 303
    # The name alone, under another subject, opens nothing.
    refused = provider.sign_in(app.test_client(), "s-2")
    assert (refused.status_code, told(refused)) == (403, ["unknown"])


def test_the_way_to_the_provider_holds_pkce_state_and_nonce(client: FlaskClient, provider: Provider) -> None:
    page = client.get("/sign-in")
    audit(page.text)
    assert 'href="/sign-in/provider"' in page.text
    asked = parse_qs(urlsplit(provider.go(client)).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["state"][0]
    assert asked["nonce"][0]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://localhost/sign-in/provider/answer"]


def test_an_answer_with_another_state_is_refused(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    a_user(app, session, "office", username="dana")
    provider.knows("s-1", preferred_username="dana")
    back = urlsplit(provider.vouches(provider.go(client), "s-1"))
    stranger = app.test_client().get(f"{back.path}?{back.query}")  # a browser that never asked

    assert (stranger.status_code, told(stranger)) == (403, ["refused"])
    forged = client.get("/sign-in/provider/answer?code=abc&state=forged")
    assert (forged.status_code, told(forged)) == (403, ["refused"])
    assert client.get("/sign-in/provider/answer?error=access_denied").status_code == 403
    assert client.get("/clients").status_code == 303


@pytest.mark.parametrize("new_users", [False, True])
def test_an_unknown_user_is_refused_or_made_by_a_setting(
    client: FlaskClient, session: Session, provider: Provider, new_users: bool
) -> None:
    provider.set(oidc_new_users=new_users)
    provider.knows("s-1", preferred_username="newcomer", name="New Comer")
    answer = provider.sign_in(client, "s-1")

    session.rollback()
    made = session.execute(select(UserAccount.name, UserAccount.role)).all()
    if new_users:
        assert answer.status_code == 303
        assert [tuple(row) for row in made] == [("New Comer", "billing")]  # the least, until somebody decides
    else:
        assert (answer.status_code, told(answer), made) == (403, ["unknown"], [])


def test_groups_give_the_highest_of_their_roles_at_each_sign_in(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.set(oidc_new_users=True, oidc_groups=(("Billing team", "billing"), ("Desk", "office")))

    def role(groups: object) -> str | None:
        provider.knows("s-1", preferred_username="dana", name="Dana", groups=groups)
        answer = provider.sign_in(app.test_client(), "s-1")
        session.rollback()
        if answer.status_code != 303:
            return told(answer)[0]
        return session.execute(select(UserAccount.role)).scalar_one()

    assert role(["Billing team", "Desk", "Choir"]) == "office"
    assert role(["Billing team"]) == "billing"
    assert role(["Choir"]) == "no_role"
    assert role([]) == "no_role"
    assert role("Desk") == "no_role"
    assert role(None) == "no_role"


def test_a_lost_group_ends_earlier_sign_ins(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.set(oidc_new_users=True, oidc_groups=(("Billing team", "billing"), ("Desk", "office")))
    provider.knows("s-1", preferred_username="dana", groups=["Desk"])
    assert provider.sign_in(client, "s-1").status_code == 303
    provider.knows("s-1", preferred_username="dana", groups=["Billing team"])
    assert provider.sign_in(app.test_client(), "s-1").status_code == 303

    assert client.get("/clients").status_code == 303


def test_a_deactivated_user_is_not_let_in(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("s-1", preferred_username="dana")
    provider.sign_in(client, "s-1")
    session.execute(UserAccount.__table__.update().values(active=False))  # type: ignore[attr-defined]
    session.commit()

    assert client.get("/clients").status_code == 303
    assert told(provider.sign_in(app.test_client(), "s-1")) == ["inactive"]


def test_who_has_a_password_here_is_not_taken_over(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    a_user(app, session, "administrator", username="boss")
    provider.set(oidc_new_users=True)
    provider.knows("s-1", preferred_username="boss")

    assert told(provider.sign_in(client, "s-1")) == ["unknown"]


@pytest.mark.parametrize("claims", [{}, {"preferred_username": ["dana"]}, {"preferred_username": ""}])
def test_a_statement_without_a_name_signs_nobody_in(
    client: FlaskClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("s-1", **claims)

    assert provider.sign_in(client, "s-1").status_code == 403


def test_a_provider_that_does_not_answer_is_told_in_words(client: FlaskClient, provider: Provider) -> None:
    provider.set(oidc_address="http://127.0.0.1:9")
    answer = client.get("/sign-in/provider")

    assert (answer.status_code, told(answer)) == (502, ["unreachable"])


def test_no_password_is_taken_where_a_provider_signs_in(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    a_user(app, session, "office", username="dana")

    assert client.post("/sign-in", data={"username": "dana"}).status_code == 404
    assert client.get("/account").status_code in (303, 404)


@pytest.mark.settings(auth="local")
def test_where_passwords_are_used_no_provider_is_asked(client: FlaskClient) -> None:
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/answer").status_code == 404

"""Signing in with an OpenID provider that really runs: django-oauth-toolkit, on a port of this computer."""

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import UserAccount
from tests.databases import ONE_DATABASE
from tests.openid.provider import CLIENT_ID, CLIENT_SECRET, PASSWORD, OpenIdProvider, vouched
from tests.web.accounts import a_user
from tests.web.audit import audit

pytestmark = pytest.mark.settings(
    auth="oidc",
    oidc_address="https://replaced.example",
    oidc_client_id=CLIENT_ID,
    oidc_client_secret=CLIENT_SECRET,
    oidc_scopes="openid profile groups",
)


@dataclass
class Provider:
    """The provider and the app that trusts it."""

    openid: OpenIdProvider
    app: Flask
    usernames: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.openid.address

    def knows(self, subject: str, username: str, name: str = "", groups: tuple[str, ...] = ()) -> None:
        self.openid.knows(subject, username, name, groups)
        self.usernames[subject] = username

    def set(self, **settings: Any) -> None:
        kept = self.app.extensions["caseapp"]["settings"]
        self.app.extensions["caseapp"]["settings"] = replace(kept, **settings)

    def go(self, client: FlaskClient, address: str = "/sign-in/provider") -> str:
        """Off to the provider: its address."""
        answer = client.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def vouches(self, address: str, subject: str, **done: Any) -> str:
        """Sign in at the provider, as a browser would: the path and query with which it sends it back."""
        back = urlsplit(vouched(address, self.usernames[subject], **done))
        return f"{back.path}?{back.query}"

    def sign_in(self, client: FlaskClient, subject: str, address: str = "/sign-in/provider") -> TestResponse:
        return client.get(self.vouches(self.go(client, address), subject))


@pytest.fixture
def provider(app: Flask, openid_provider: OpenIdProvider) -> Provider:
    openid_provider.begin()
    found = Provider(openid_provider, app)
    found.set(oidc_address=found.address)
    return found


def told(answer: TestResponse) -> list[str]:
    audit(answer.text)
    return re.findall(r'data-code="(\w+)"', answer.text)


def test_an_invited_user_signs_in_and_is_known_by_subject_from_then_on(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    dana = a_user(app, session, "office", username="dana")
    session.get_one(UserAccount, dana.id).password = None
    session.commit()
    provider.knows("1", "Dana", "Dana Ruiz")
    provider.knows("2", "dana", "Somebody Else")
    answer = provider.sign_in(client, "1", "/sign-in/provider?next=/payors")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/payors")
    assert "Signed in as" in client.get("/clients").text
    session.rollback()
    assert session.get_one(UserAccount, dana.id).subject == f"{provider.address} 1"
    provider.knows("1", "renamed", "Dana Ruiz")
    assert provider.sign_in(app.test_client(), "1").status_code == 303
    # The name alone, under another subject, opens nothing.
    refused = provider.sign_in(app.test_client(), "2")
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
    provider.knows("1", "dana")
    back = provider.vouches(provider.go(client), "1")
    stranger = app.test_client().get(back)  # a browser that never asked

    assert (stranger.status_code, told(stranger)) == (403, ["refused"])
    forged = client.get("/sign-in/provider/answer?code=abc&state=forged")
    assert (forged.status_code, told(forged)) == (403, ["refused"])
    assert client.get("/sign-in/provider/answer?error=access_denied").status_code == 403
    assert client.get("/clients").status_code == 303


@ONE_DATABASE
def test_a_code_of_another_browser_opens_nothing(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("1", "dana")
    stolen = parse_qs(urlsplit(provider.vouches(provider.go(client), "1")).query)["code"][0]
    thief = app.test_client()
    state = parse_qs(urlsplit(provider.go(thief)).query)["state"][0]
    answer = thief.get("/sign-in/provider/answer", query_string={"code": stolen, "state": state})

    assert (answer.status_code, told(answer)) == (403, ["refused"])
    assert thief.get("/clients").status_code == 303


@ONE_DATABASE
def test_the_provider_gives_nothing_without_the_verifier_of_its_code(
    client: FlaskClient, provider: Provider
) -> None:
    provider.knows("1", "dana")
    metadata = requests.get(f"{provider.address}/.well-known/openid-configuration", timeout=10).json()
    assert metadata["issuer"] == provider.address
    assert "S256" in metadata["code_challenge_methods_supported"]

    for verifier in ({}, {"code_verifier": "x" * 43}):
        code = parse_qs(urlsplit(provider.vouches(provider.go(client), "1")).query)["code"][0]
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": "http://localhost/sign-in/provider/answer",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        answer = requests.post(metadata["token_endpoint"], data=sent | verifier, timeout=10)
        assert (answer.status_code, "id_token" in answer.text) == (400, False), answer.text


@ONE_DATABASE
def test_a_code_is_taken_once(app: Flask, client: FlaskClient, provider: Provider) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("1", "dana")
    back = provider.vouches(provider.go(client), "1")
    assert client.get(back).status_code == 303

    assert told(client.get(back)) == ["refused"]
    assert app.test_client().get(back).status_code == 403


@ONE_DATABASE
def test_a_wrong_password_at_the_provider_brings_nobody_back(client: FlaskClient, provider: Provider) -> None:
    provider.knows("1", "dana")

    assert provider.vouches(provider.go(client), "1", password="wrong").startswith("/accounts/login/")
    assert "code=" in provider.vouches(provider.go(client), "1", password=PASSWORD)


@ONE_DATABASE
def test_who_refuses_consent_at_the_provider_is_told_so_and_not_signed_in(
    client: FlaskClient, provider: Provider
) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("1", "dana")
    back = provider.vouches(provider.go(client), "1", consents=False)
    answer = client.get(back)

    assert "error=access_denied" in back
    assert (answer.status_code, told(answer)) == (403, ["refused"])
    assert client.get("/clients").status_code == 303


@ONE_DATABASE
def test_a_wrong_secret_of_ours_signs_nobody_in(client: FlaskClient, provider: Provider) -> None:
    provider.set(oidc_new_users=True, oidc_client_secret="another")
    provider.knows("1", "dana")

    assert told(provider.sign_in(client, "1")) == ["refused"]


@pytest.mark.parametrize("new_users", [False, True])
def test_an_unknown_user_is_refused_or_made_by_a_setting(
    client: FlaskClient, session: Session, provider: Provider, new_users: bool
) -> None:
    provider.set(oidc_new_users=new_users)
    provider.knows("1", "newcomer", "New Comer")
    answer = provider.sign_in(client, "1")

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

    def role(*groups: str) -> str | None:
        provider.knows("1", "dana", "Dana", groups)
        answer = provider.sign_in(app.test_client(), "1")
        session.rollback()
        if answer.status_code != 303:
            return told(answer)[0]
        return session.execute(select(UserAccount.role)).scalar_one()

    assert role("Billing team", "Desk", "Choir") == "office"
    assert role("Billing team") == "billing"
    assert role("Choir") == "no_role"
    assert role() == "no_role"


@ONE_DATABASE
def test_groups_that_the_provider_was_not_asked_for_give_no_role(
    client: FlaskClient, provider: Provider
) -> None:
    provider.set(oidc_new_users=True, oidc_groups=(("Desk", "office"),), oidc_scopes="openid profile")
    provider.knows("1", "dana", groups=("Desk",))

    assert told(provider.sign_in(client, "1")) == ["no_role"]


@ONE_DATABASE
@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-in"])
def test_it_leads_to_own_pages_alone(client: FlaskClient, provider: Provider, wanted: str) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("1", "dana")
    answer = provider.sign_in(client, "1", f"/sign-in/provider?{urlencode({'next': wanted})}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_lost_group_ends_earlier_sign_ins(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.set(oidc_new_users=True, oidc_groups=(("Billing team", "billing"), ("Desk", "office")))
    provider.knows("1", "dana", groups=("Desk",))
    assert provider.sign_in(client, "1").status_code == 303
    provider.knows("1", "dana", groups=("Billing team",))
    assert provider.sign_in(app.test_client(), "1").status_code == 303

    assert client.get("/clients").status_code == 303


def test_a_deactivated_user_is_not_let_in(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    provider.set(oidc_new_users=True)
    provider.knows("1", "dana")
    provider.sign_in(client, "1")
    session.execute(UserAccount.__table__.update().values(active=False))  # type: ignore[attr-defined]
    session.commit()

    assert client.get("/clients").status_code == 303
    assert told(provider.sign_in(app.test_client(), "1")) == ["inactive"]


def test_who_has_a_password_here_is_not_taken_over(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    a_user(app, session, "administrator", username="boss")
    provider.set(oidc_new_users=True)
    provider.knows("1", "boss")

    assert told(provider.sign_in(client, "1")) == ["unknown"]


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

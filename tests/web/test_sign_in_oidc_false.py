"""Statements of an OpenID provider that are forged, for somebody else, over, or without what is needed."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import AccessEvent, UserAccount
from tests.databases import ONE_DATABASE
from tests.openid.false_provider import KEY, FalseProvider, running_false_provider
from tests.web.audit import audit

SECRET = "a secret of thirty-two characters"
pytestmark = [
    pytest.mark.settings(
        auth="oidc",
        oidc_address="https://replaced.example",
        oidc_client_id="caseapp",
        oidc_client_secret=SECRET,
        oidc_new_users=True,
        oidc_groups=(("Desk", "office"),),
    ),
    ONE_DATABASE,
]


Sign = Callable[[dict[str, Any]], str]


def signed_with(key: RSAKey) -> Sign:
    return lambda claims: jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def sealed_with(secret: bytes) -> Sign:
    """By hand, since the library refuses to take a public key for a secret."""

    def seal(claims: dict[str, Any]) -> str:
        plain = _plain({"alg": "HS256", "kid": KEY.kid}, claims)
        return f"{plain}.{_text(hmac.digest(secret, plain.encode(), 'sha256'))}"

    return seal


def _plain(*parts: dict[str, Any]) -> str:
    return ".".join(_text(json.dumps(part).encode()) for part in parts)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


RIGHTLY = signed_with(KEY)


@dataclass
class Desk:
    """A browser that comes back from the provider with what `says` gives."""

    provider: FalseProvider
    client: FlaskClient

    def says(self, sign: Sign = RIGHTLY, without: str = "", **changed: Any) -> TestResponse:
        asked = parse_qs(urlsplit(self.client.get("/sign-in/provider").headers["Location"]).query)
        now = int(time.time())
        claims = {
            "iss": self.provider.address,
            "aud": "caseapp",
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"][0],
            "preferred_username": "dana",
            "groups": ["Desk"],
        } | changed
        claims.pop(without, None)
        self.provider.id_token = sign(claims)
        return self.back(asked)

    def back(self, asked: dict[str, list[str]]) -> TestResponse:
        query = {"code": "any", "state": asked["state"][0]}
        return self.client.get("/sign-in/provider/answer", query_string=query)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Iterator[Desk]:
    with running_false_provider() as provider:
        kept = app.extensions["caseapp"]["settings"]
        app.extensions["caseapp"]["settings"] = replace(kept, oidc_address=provider.address)
        yield Desk(provider, client)


def refused(desk: Desk, session: Session, answer: TestResponse) -> None:
    audit(answer.text)
    assert (answer.status_code, 'data-code="refused"' in answer.text) == (403, True), answer.text
    assert desk.client.get("/clients").status_code == 303
    session.rollback()
    assert session.execute(select(UserAccount.id)).all() == []
    assert "sign_in_failed" in session.scalars(select(AccessEvent.kind)).all()


def test_a_statement_as_it_should_be_signs_in(desk: Desk) -> None:
    answer = desk.says()

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://another.example"},
        {"without": "iss"},
        {"aud": "another program"},
        {"aud": ["another program", "a third"]},
        {"without": "aud"},
        {"nonce": "of another browser"},
        {"without": "nonce"},
        {"exp": 1_000_000_000},
        {"without": "exp"},
        {"iat": 32_000_000_000, "exp": 32_000_000_060},
        {"without": "sub"},
        {"sub": ""},
        {"sub": ["1"]},
        {"azp": "another program"},
    ],
    ids=str,
)
def test_a_statement_that_is_not_for_this_sign_in_is_refused(
    desk: Desk, session: Session, changed: dict[str, Any]
) -> None:
    refused(desk, session, desk.says(**changed))


@pytest.mark.parametrize(
    "sign",
    [
        signed_with(RSAKey.generate_key(2048, {"kid": "another"})),
        signed_with(RSAKey.generate_key(2048, {"kid": "the key"})),
        sealed_with(KEY.as_pem(private=False)),
        sealed_with(SECRET.encode()),
        lambda claims: _plain({"alg": "none"}, claims) + ".",
    ],
    ids=["another key", "under its name", "public key as secret", "our secret", "unsigned"],
)
def test_a_statement_that_the_providers_key_did_not_sign_is_refused(
    desk: Desk, session: Session, sign: Sign
) -> None:
    refused(desk, session, desk.says(sign))


def test_a_statement_that_was_changed_after_it_was_signed_is_refused(desk: Desk, session: Session) -> None:
    desk.says(sub="")
    head, body, mark = str(desk.provider.id_token).split(".")
    asked = parse_qs(urlsplit(desk.client.get("/sign-in/provider").headers["Location"]).query)
    desk.provider.id_token = f"{head}.{body[:-4]}AAAA.{mark}"

    refused(desk, session, desk.back(asked))


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "a.b.c.d.e"])
def test_an_answer_without_a_statement_is_refused(desk: Desk, session: Session, token: str | None) -> None:
    asked = parse_qs(urlsplit(desk.client.get("/sign-in/provider").headers["Location"]).query)
    desk.provider.id_token = token
    # What is told besides, and is not signed, says who it is to nobody.
    desk.provider.told = {
        "sub": "1",
        "iss": desk.provider.address,
        "preferred_username": "dana",
        "groups": ["Desk"],
    }

    refused(desk, session, desk.back(asked))


@pytest.mark.parametrize("name", [None, ["dana"], "", 7])
def test_a_statement_without_a_name_signs_nobody_in(desk: Desk, session: Session, name: object) -> None:
    answer = desk.says(preferred_username=name)

    assert answer.status_code == 403
    assert session.execute(select(UserAccount.id)).all() == []


@pytest.mark.parametrize("groups", ["Desk", None, [["Desk"]], {"Desk": True}, 7])
def test_groups_that_are_no_list_of_names_give_no_role(desk: Desk, groups: object) -> None:
    answer = desk.says(groups=groups)

    assert (answer.status_code, 'data-code="no_role"' in answer.text) == (403, True)


def test_what_the_provider_tells_of_somebody_else_is_not_taken(desk: Desk) -> None:
    desk.provider.told = {"sub": "2", "groups": ["Desk"]}
    answer = desk.says(without="groups")
    assert (answer.status_code, 'data-code="no_role"' in answer.text) == (403, True)

    desk.provider.told = {"sub": "1", "groups": ["Desk"]}
    assert desk.says(without="groups").status_code == 303

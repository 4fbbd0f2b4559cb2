"""Signing in to a frame with a provider that refuses frames: the code of the window that it opens."""

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import UserAccount
from tests.databases import ONE_DATABASE
from tests.openid.provider import CLIENT_ID, CLIENT_SECRET
from tests.web.accounts import a_user
from tests.web.audit import audit
from tests.web.page import Page
from tests.web.test_sign_in_oidc import Provider, provider

pytestmark = [
    pytest.mark.settings(
        auth="oidc",
        oidc_address="https://replaced.example",
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        frame_ancestors="https://portal.example.org",
    ),
    ONE_DATABASE,
]
__all__ = ["provider"]
IN_FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture(autouse=True)
def dana(app: Flask, session: Session, provider: Provider) -> None:
    user = a_user(app, session, "office", username="dana")
    session.get_one(UserAccount, user.id).password = None
    session.commit()
    provider.knows("1", "dana")


def opened(frame: FlaskClient, wanted: str = "/payors") -> tuple[str, dict[str, str]]:
    """The page that signs in, in a frame: the link that opens the window, and what its form would send."""
    page = frame.get("/sign-in", query_string={"next": wanted}, headers=IN_FRAME)
    (link,) = (e for e in audit(page.text) if e.attributes.get("target") == "_blank")
    return link.attributes["href"], Page(page.text).values("frame-code-form")


def code_of(app: Flask, provider: Provider, link: str) -> str:
    """Somebody signs in in the window: the code that it shows."""
    window = provider.sign_in(app.test_client(), "1", link)
    assert window.status_code == 200
    audit(window.text)
    found = re.search(r"<code>(.+?)</code>", window.text)
    assert found is not None
    return found[1]


def enter(frame: FlaskClient, sent: dict[str, str], code: str) -> TestResponse:
    return frame.post("/sign-in/provider/frame", data=sent | {"code": code})


def test_the_code_of_the_window_signs_the_frame_in(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    link, sent = opened(client)
    code = code_of(app, provider, link)
    assert re.fullmatch(r"([A-Z2-7]{6}-){3}[A-Z2-7]{6}", code)
    assert client.get("/payors").status_code == 303
    answer = enter(client, sent, f" {code.lower()} ")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/payors")
    assert "Signed in as dana" in client.get("/payors").text


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "payors"])
def test_a_code_leads_to_own_pages_alone(
    app: Flask, client: FlaskClient, provider: Provider, wanted: str
) -> None:
    link, sent = opened(client)
    answer = enter(client, sent | {"next": wanted}, code_of(app, provider, link))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_the_window_itself_is_signed_in_as_well(app: Flask, client: FlaskClient, provider: Provider) -> None:
    link, _ = opened(client)
    window = app.test_client()
    provider.sign_in(window, "1", link)

    assert window.get("/payors").status_code == 200
    # Where both are of one site the frame needs no code.
    assert window.post("/sign-in/provider/frame", data={"next": "/payors"}).headers["Location"] == "/payors"


def test_outside_a_frame_nobody_is_asked_for_a_code(client: FlaskClient) -> None:
    page = client.get("/sign-in")

    assert "frame-code-form" not in page.text
    assert 'target="_blank"' not in page.text


def test_a_code_is_good_in_the_frame_that_asked_for_it_alone(
    app: Flask, client: FlaskClient, provider: Provider
) -> None:
    link, _ = opened(client)
    code = code_of(app, provider, link)
    other = app.test_client()
    _, sent = opened(other)

    refused(other, sent, code)
    assert enter(client, opened(client)[1], code).status_code == 303


def refused(frame: FlaskClient, sent: dict[str, str], code: str) -> None:
    answer = enter(frame, sent, code)
    assert answer.status_code == 422
    audit(answer.text)
    assert frame.get("/payors").status_code == 303


def test_a_code_is_over_after_five_minutes(app: Flask, client: FlaskClient, provider: Provider) -> None:
    link, sent = opened(client)
    code = code_of(app, provider, link)
    now = app.extensions["caseapp"]["settings"].now
    for minutes, right in ((5, False), (-1, False), (4, True)):
        settings = app.extensions["caseapp"]["settings"]
        app.extensions["caseapp"]["settings"] = replace(settings, now=now + timedelta(minutes=minutes))
        assert (enter(client, sent, code).status_code == 303) == right, minutes


def test_a_code_that_was_changed_signs_nobody_in(app: Flask, client: FlaskClient, provider: Provider) -> None:
    link, sent = opened(client)
    packed = bytearray(base64.b32decode(code_of(app, provider, link).replace("-", "")))
    for place in range(len(packed)):
        packed[place] ^= 1
        assert enter(client, sent, base64.b32encode(packed).decode()).status_code == 422, place
        packed[place] ^= 1


@pytest.mark.parametrize(
    "code", ["", "A", "A" * 24, "=" * 24, "1" * 24, "é" * 24, "A" * 5000, "\x00", "A-" * 90]
)
def test_what_is_no_code_is_refused(client: FlaskClient, code: str) -> None:
    _, sent = opened(client)

    refused(client, sent, code)


def test_a_code_needs_the_forms_token(app: Flask, client: FlaskClient, provider: Provider) -> None:
    link, sent = opened(client)

    refused(client, sent | {"csrf_token": "forged"}, code_of(app, provider, link))


def test_somebody_who_was_deactivated_meanwhile_is_not_let_in(
    app: Flask, client: FlaskClient, session: Session, provider: Provider
) -> None:
    link, sent = opened(client)
    code = code_of(app, provider, link)
    session.query(UserAccount).update({"active": False})
    session.commit()
    enter(client, sent, code)

    assert client.get("/payors").status_code == 303


@pytest.mark.parametrize("frame", ["x", "0" * 63, "g" * 64, "0" * 64 + "\n", "https://attacker.example"])
def test_a_window_that_no_frame_opened_goes_on_as_usual(
    app: Flask, client: FlaskClient, provider: Provider, frame: str
) -> None:
    with app.test_request_context():
        from flask import url_for

        answer = provider.sign_in(client, "1", url_for("sign_in_oidc.start", frame=frame))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")

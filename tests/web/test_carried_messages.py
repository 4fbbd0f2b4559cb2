"""A message to somebody signed in reaches their next page, once, and nobody else, without a second write."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from caseapp.web import carried_messages
from tests.web.accounts import a_user, form_token, sign_out, signed_in

pytestmark = pytest.mark.settings(auth="local")
COOKIE = "caseapp_session_messages"


@pytest.fixture
def office(app: Flask, client: FlaskClient, session: Session) -> FlaskClient:
    """The office's browser."""
    signed_in(client, a_user(app, session))
    return client


def add_payor(browser: FlaskClient) -> None:
    fields = {"code": "ZZ", "name": "Zzyzx", "type": "insurance", "requires_enrollment": "y"}
    added = browser.post("/payors", data=fields | {"csrf_token": form_token(browser)})
    assert added.status_code == 303, added.text


def messages(html: str) -> str:
    return html.partition('id="messages"')[2].partition("</main>")[0][:2000]


def test_the_next_page_tells_it_once(office: FlaskClient) -> None:
    add_payor(office)
    assert "Zzyzx" in messages(office.get("/clinicians").text)
    assert office.get_cookie(COOKIE) is None
    assert "Zzyzx" not in office.get("/clinicians").text


def test_the_cookie_names_nobody(office: FlaskClient) -> None:
    add_payor(office)
    kept = office.get_cookie(COOKIE)
    assert kept is not None
    assert kept.http_only
    assert "Zzyzx" not in kept.decoded_value


def test_the_session_on_the_server_is_not_written_for_it(office: FlaskClient, session: Session) -> None:
    def row() -> Any:
        session.rollback()
        return session.execute(text("SELECT data, seen_at FROM user_session")).one()

    before = row()
    add_payor(office)
    office.get("/clinicians")
    assert row() == before


def test_whoever_signs_in_next_at_this_browser_does_not_read_it(
    app: Flask, office: FlaskClient, session: Session
) -> None:
    add_payor(office)
    kept = office.get_cookie(COOKIE)
    assert kept is not None
    sign_out(office)
    signed_in(office, a_user(app, session, "billing"))
    office.set_cookie(COOKIE, kept.value)
    assert "Zzyzx" not in messages(office.get("/clinicians").text)


@pytest.mark.parametrize("cookie", ["", "x", "é", "a.b.c", "." * 5000], ids=repr)
def test_what_we_did_not_write_tells_nothing(app: Flask, cookie: str) -> None:
    with app.test_request_context():
        assert carried_messages.read(app, cookie, "d") == []


def test_what_is_told_comes_back_to_its_sign_in_alone(app: Flask) -> None:
    with app.test_request_context():
        cookie = carried_messages.write(app, [("message", {"text": "Done."})], "d")
        assert carried_messages.read(app, cookie, "d") == [("message", {"text": "Done."})]
        assert carried_messages.read(app, cookie, "e") == []

"""Addresses made by hand: whatever stands where an ID or a question belongs, no page breaks."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.databases import ONE_DATABASE
from tests.stored_rows import stored_rows
from tests.web.accounts import User, form_token, signed_in
from tests.web.desk import Scene
from tests.web.every_route import addresses, rules

pytestmark = [
    ONE_DATABASE,
    pytest.mark.settings(auth="local"),
]
PART = re.compile("<[^>]+>")
IDS = (
    "0" * 20,
    "-1",
    "9" * 4000,
    "1e309",
    "%00",
    "%ff%fe",
    "..%2f..%2fetc",
    "'%20OR%201=1--",
    "０１",
    "null",
)
QUESTIONS = (
    "after={0}&before={0}&version={0}&part={0}",
    "on={0}&week={0}&kind={0}&severity={0}&status={0}&payor={0}&clinician={0}&service_line={0}",
    "from={0}&until={0}&person={0}&client={0}&sort={0}&suggest={0}",
)
ASKED = ("-1", "99999999999999999999", "1e309", "%00", "%ff", "x" * 4000, "2026-02-30", "0001-01-01", "a&b=")


def test_no_id_that_is_none_breaks_a_page(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, users: dict[str, User]
) -> None:
    signed_in(client, users["administrator"])
    token = form_token(client)
    before = stored_rows(session)
    tried = 0
    for rule in rules(app):
        if not rule.arguments:
            continue
        for value in IDS:
            address = PART.sub(value, rule.rule)
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                answer = client.open(
                    address, method=method, data={"csrf_token": token} if method == "POST" else None
                )
                answer.close()
                assert 400 <= answer.status_code < 500 or answer.status_code == 303, (
                    method,
                    rule.rule,
                    value,
                )
                tried += 1
    assert tried > 500
    assert stored_rows(session) == before


def test_no_question_that_is_none_breaks_a_page(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, users: dict[str, User]
) -> None:
    signed_in(client, users["administrator"])
    known = addresses(app, session, scene, scene.milo, users["billing"])
    before = stored_rows(session)
    for method, address, endpoint in known:
        if method != "GET" or endpoint == "static":
            continue
        for question in QUESTIONS:
            for value in ASKED:
                answer = client.get(f"{address}?{question.format(value)}&{question.format(value)}")
                answer.close()
                assert answer.status_code < 500, (address, question, value)
    assert stored_rows(session) == before

"""Posts to the hand-over that no form of ours makes: each is refused in words, and changes nothing."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from caseapp.models import Base
from tests.web.desk import HTMX, Scene, a_scene, stored
from tests.web.page import Page

URLENCODED = "application/x-www-form-urlencoded"


class Hand:
    def __init__(self, client: FlaskClient, headers: dict[str, str], scene: Scene) -> None:
        self.client, self.headers, self.scene = client, headers, scene
        asked = {"clinician": scene.priya.public_id, "kind": "leaving", "last_day": "2026-11-30"}
        page = Page(client.get("/hand-over", query_string=asked).text)
        self.good = page.values("hand-over-form") | {"apply": "y"}

    def line(self, name: str) -> str:
        return f"{name}-{self.scene.present.public_id}"

    def post(self, fields: Any, *statuses: int, kind: str | None = None) -> Page:
        answer = self.client.post("/hand-over", data=fields, content_type=kind, headers=self.headers)
        assert answer.status_code in (statuses or (422,)), answer.text[:2000]
        page = Page(answer.text)
        if answer.status_code == 422:
            assert page.errors(), "refused without a word"
        return page

    def codes(self, fields: Any) -> list[str | None]:
        return [code for _, code in self.post(fields).errors()]


@pytest.fixture(params=[{}, HTMX], ids=["page", "fragment"])
def hand(request: pytest.FixtureRequest, client: FlaskClient, session: Session) -> Iterator[Hand]:
    made = Hand(client, request.param, a_scene(session))
    before = everything(session)
    yield made
    assert everything(session) == before


def everything(session: Session) -> tuple[Any, ...]:
    kept = stored(session)
    tables = Base.metadata.sorted_tables
    return (*kept, *(session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables))


def test_a_field_sent_twice_is_refused(hand: Hand) -> None:
    names = hand.good.keys() - {"csrf_token"}
    for name in (*names, hand.line("reason"), hand.line("leave_out")):
        sent = MultiDict([*hand.good.items(), (name, "1"), (name, "1")])
        assert {"sent_twice"} <= set(hand.codes(sent)), name


def test_a_field_that_the_form_has_not_is_refused(hand: Hand) -> None:
    for name in ("client_id", "successor", "successor-", "successor-" + "Z" * 20, "x-" + "a" * 20, "a\x00b"):
        assert "unknown_field" in hand.codes(hand.good | {name: "1"}), name


def test_a_line_that_nobody_knows_is_refused(hand: Hand) -> None:
    assert "unknown_line" in hand.codes(hand.good | {f"successor-{'a' * 20}": "K"})


def test_thousands_of_lines_are_refused(hand: Hand) -> None:
    many = {f"successor-{number:020}": "K" for number in range(900)}

    assert "too_many_lines" in hand.codes(hand.good | many)
    hand.post(urlencode(hand.good | {f"f{n}": "1" for n in range(5000)}), 422, 413, kind=URLENCODED)


def test_enormous_fields_are_refused_and_come_back(hand: Hand) -> None:
    for name in ("successor", "start_date", "reason"):
        text = "x" * 10_001
        page = hand.post(hand.good | {hand.line(name): text, hand.line("leave_out"): "y"})
        assert "too_long" in [code for _, code in page.errors()]
        assert page.values("hand-over-form")[hand.line(name)] == text


def test_what_is_no_text_is_refused(hand: Hand) -> None:
    for name in ("successor", "start_date", "reason", "leave_out", "version"):
        assert "not_text" in hand.codes(hand.good | {hand.line(name): "a\x00b"}), name


@pytest.mark.parametrize("version", ["", "9" * 20, "-1", "٣", "1e3", "0"])
def test_a_version_that_is_none_is_told_as_a_change(hand: Hand, version: str) -> None:
    assert "conflict" in hand.codes(hand.good | {hand.line("version"): version})


@pytest.mark.parametrize("day", ["2026-02-30", "11/23/2026", "0", "99999-01-01", "2101-01-01"])
def test_a_day_that_is_none_is_refused(hand: Hand, day: str) -> None:
    assert "invalid_date" in hand.codes(hand.good | {hand.line("start_date"): day})


@pytest.mark.parametrize("place", ["z" * 20, "'; --", "9" * 30, "ünknown"])
def test_places_drafts_and_parts_that_are_none_do_no_harm(hand: Hand, place: str) -> None:
    wrong = {hand.line("successor"): "", "after": place, "draft": place}

    assert "required" in hand.codes(hand.good | wrong)


def test_what_is_taken_must_be_a_line_of_the_form(hand: Hand) -> None:
    for take in ("x", "a b c", f"{'z' * 20} K 2026-12-01"):
        hand.post({**hand.good, "take": take, "apply": ""}, 200, 422)

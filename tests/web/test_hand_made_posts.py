"""Posts that no form of ours makes: each is refused in words, and changes nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from caseapp.models import Base
from tests.web.accounts import form_token
from tests.web.audit import audit
from tests.web.desk import HTMX, Scene, a_scene, stored
from tests.web.page import Page

URLENCODED = "application/x-www-form-urlencoded"
IN_PARTS = "multipart/form-data; boundary=part"
UNKNOWN_NAMES = ("client_id", "removed_at", "id", "__proto__", "", " ", "ünknown", "a\x00b", "n" * 300)
NO_UTF8 = (b"%ED%A0%80", b"%ED%B0%80", b"%FF%FE", b"%C3", b"%F4%90%80%80", b"\xe9", b"\xff\x00")
CONTROLS = (b"%00", b"a%00b", b"%1B[31m", b"%08", b"%EF%BF%BD")
NO_NUMBERS = ("9" * 20, "-1", "1e9", "٣", "0x1", "NaN", " 1 2 ", "1; DROP TABLE client", "²")
NO_DAYS = ("2026-02-30", "2026-13-01", "11/23/2026", "20261123", "1899-12-31", "2101-01-01", "0")


@dataclass(frozen=True)
class Target:
    """A form that changes something: where it goes, its element, values that would do."""

    address: str
    form: str
    good: Mapping[str, str]


@dataclass(frozen=True)
class Hand:
    """Posts to the three forms; each post must be refused, and all tables must stay as they are."""

    client: FlaskClient
    headers: dict[str, str]
    token: str
    targets: tuple[Target, Target, Target]

    def post(self, target: Target, fields: Any, kind: str | None = None) -> TestResponse:
        return self.client.post(target.address, data=fields, content_type=kind, headers=self.headers)

    def good(self, target: Target, **fields: str) -> dict[str, str]:
        return {"csrf_token": self.token, **target.good, **fields}

    def refused(self, answer: TestResponse, *statuses: int) -> Page:
        """An answer that says in clear words why nothing was changed."""
        assert answer.status_code in (statuses or (422,)), answer.text[:2000]
        page = Page(answer.text)
        if answer.status_code == 422:
            audit(answer.text, page=not self.headers)
            assert page.errors(), "refused without a word"
        elif self.headers:
            assert answer.mimetype == "text/plain"
            assert answer.text.endswith(".")
        else:
            audit(answer.text)
        return page

    def codes(self, answer: TestResponse) -> list[str | None]:
        return [code for _, code in self.refused(answer).errors()]


@pytest.fixture(params=[{}, HTMX], ids=["page", "fragment"])
def hand(request: pytest.FixtureRequest, client: FlaskClient, session: Session) -> Any:
    scene: Scene = a_scene(session)
    edit, remove = (scene.of(scene.present, verb=verb) for verb in ("edit", "remove"))
    edited = {
        "service_line": "ABA",
        "clinician": scene.priya.key,
        "start_date": "2026-02-03",
        "end_date": "2026-12-31",
        "version": "1",
    }
    targets = (
        Target(scene.post, "case-manager-form", scene.mei_for_st()),
        Target(edit, "case-manager-form", edited),
        Target(remove, "removal-form", {"reason": "Wrong client."}),
    )
    token = form_token(client)
    before = _everything(session)
    yield Hand(client, request.param, token, targets)
    assert _everything(session) == before


def _everything(session: Session) -> tuple[Any, ...]:
    """The case managers, and how many rows each table has, but for the record of who looked."""
    kept = stored(session)
    tables = [table for table in Base.metadata.sorted_tables if table.name != "access_event"]
    return (*kept, *(session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables))


def _in_parts(fields: Mapping[str, str]) -> bytes:
    """The body of multipart/form-data; the test client's own leaves files open when nobody reads it."""
    start = '--part\r\nContent-Disposition: form-data; name="'
    return "".join(f'{start}{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()).encode() + b"--part--\r\n"


def _body(fields: Mapping[str, str], kind: str) -> bytes:
    return _in_parts(fields) if kind == IN_PARTS else urlencode(fields).encode()


def test_a_missing_field_is_told(hand: Hand) -> None:
    for target in hand.targets[:2]:
        for name in ("service_line", "clinician", "start_date"):
            sent = {key: value for key, value in hand.good(target).items() if key != name}
            assert [name, "required"] in hand.refused(hand.post(target, sent)).errors()


def test_a_doubled_field_is_refused_even_where_both_say_the_same(hand: Hand) -> None:
    for target in hand.targets:
        for name, value in target.good.items():
            sent = MultiDict([*hand.good(target).items(), (name, value)])
            assert "sent_twice" in hand.codes(hand.post(target, sent)), name


def test_a_field_that_the_form_has_not_is_refused(hand: Hand) -> None:
    for target in hand.targets:
        for name in UNKNOWN_NAMES:
            page = hand.refused(hand.post(target, hand.good(target) | {name: "1"}))
            assert page.codes("form-error") == ["unknown_field"], name


@pytest.mark.parametrize("length", [201, 10_001, 1_000_000])
def test_an_enormous_field_is_refused_and_comes_back_as_typed(hand: Hand, length: int) -> None:
    text = "x" * length
    for target in hand.targets:
        for name in target.good:
            if name == "reason" and length <= 10_000:
                continue
            page = hand.refused(hand.post(target, hand.good(target, **{name: text})))
            assert "too_long" in [code for _, code in page.errors()]
            # A version that could not be one is not worth keeping.
            assert page.values(target.form)[name] == text or name == "version"
            summary = page.by_id("error-summary")
            assert summary is not None
            assert len(summary.text) < 1000


@pytest.mark.parametrize("kind", [URLENCODED, IN_PARTS], ids=["urlencoded", "in parts"])
def test_five_megabytes_are_too_much_at_once(hand: Hand, kind: str) -> None:
    for target in hand.targets:
        sent = hand.good(target, reason="x" * 5_000_000)
        hand.refused(hand.post(target, _body(sent, kind), kind), 413)


@pytest.mark.parametrize("kind", [URLENCODED, IN_PARTS], ids=["urlencoded", "in parts"])
def test_thousands_of_fields_are_refused(hand: Hand, kind: str) -> None:
    for target in hand.targets:
        sent = hand.good(target) | {f"f{number}": "1" for number in range(5000)}
        hand.refused(hand.post(target, _body(sent, kind), kind), 422, 413)


def test_bytes_that_are_no_text_are_refused(hand: Hand) -> None:
    for target in hand.targets:
        for name in target.good:
            rest = {key: value for key, value in hand.good(target).items() if key != name}
            start = f"{urlencode(rest)}&{name}=".encode()
            for raw in NO_UTF8:
                hand.refused(hand.post(target, start + raw, URLENCODED), 400)
            for raw in CONTROLS:
                assert "not_text" in hand.codes(hand.post(target, start + raw, URLENCODED)), raw


def test_bytes_that_are_no_text_are_refused_in_parts_too(hand: Hand) -> None:
    for target in hand.targets:
        for name in target.good:
            body = _in_parts(hand.good(target, **{name: "HERE"}))
            for raw in (b"\xff", b"\xed\xa0\x80", b"a\x00b"):
                answer = hand.post(target, body.replace(b"HERE", raw), IN_PARTS)
                assert "not_text" in hand.codes(answer), raw


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("service_line", "unknown_choice"),
        ("clinician", "unknown_choice"),
        ("start_date", "invalid_date"),
        ("end_date", "invalid_date"),
        ("for_clinician", "unknown_choice"),
    ],
)
def test_a_number_that_is_none_is_refused_in_the_field_where_it_stands(
    hand: Hand, field: str, code: str
) -> None:
    add = hand.targets[0]
    for number in NO_NUMBERS:
        page = hand.refused(hand.post(add, hand.good(add, **{field: number})))
        assert [field, code] in page.errors(), number
        assert page.values(add.form)[field] == number


def test_a_version_that_is_none_is_refused(hand: Hand) -> None:
    for target in hand.targets[1:]:
        for number in NO_NUMBERS:
            page = hand.refused(hand.post(target, hand.good(target, version=number)))
            assert page.codes("form-error") == ["conflict"], number


def test_a_day_that_is_none_is_refused(hand: Hand) -> None:
    add = hand.targets[0]
    for day in NO_DAYS:
        page = hand.refused(hand.post(add, hand.good(add, start_date=day)))
        assert page.codes("start_date-error") == ["invalid_date"], day
        assert page.values(add.form)["start_date"] == day


def test_a_body_that_is_no_form_is_refused(hand: Hand) -> None:
    for target in hand.targets:
        good = hand.good(target)
        for body, kind in (
            (json.dumps(good), "application/json"),
            (json.dumps(dict.fromkeys(good)), "application/json"),
            (urlencode(good), "text/plain"),
            (b"\x00\xff" * 500, "application/octet-stream"),
            ("<a/>", "application/xml"),
            (b"--wrong\r\n", "multipart/form-data; boundary=right"),
            (b"", "multipart/form-data"),
            (b"a" * 100, URLENCODED + "; charset=utf-7"),
        ):
            hand.refused(hand.post(target, body, kind), 422, 400)


def test_a_file_where_a_field_belongs_is_refused(hand: Hand) -> None:
    add = hand.targets[0]
    body = _in_parts(hand.good(add)).replace(b'name="start_date"', b'name="start_date"; filename="x.txt"')

    assert ["start_date", "required"] in hand.refused(hand.post(add, body, IN_PARTS)).errors()


def test_a_form_sent_in_parts_counts_like_any_other(client: FlaskClient, session: Session) -> None:
    scene = a_scene(session)
    token = form_token(client)
    body = _in_parts({"csrf_token": token, **scene.mei_for_st()})

    assert client.post(scene.post, data=body, content_type=IN_PARTS).status_code == 303

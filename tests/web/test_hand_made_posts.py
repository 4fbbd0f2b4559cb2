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
from tests.web.audit import audit
from tests.web.desk import HTMX, Scene, a_scene, stored
from tests.web.page import Page

MEGABYTE = "x" * 1_000_000
URLENCODED = "application/x-www-form-urlencoded"
IN_PARTS = "multipart/form-data; boundary=part"


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture(params=[{}, HTMX], ids=["page", "fragment"])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    given: dict[str, str] = request.param
    return given


@dataclass(frozen=True)
class Target:
    """A form that changes something: where it opens, where it goes, its element, values that would do."""

    opens: str
    posts: str
    form: str
    good: Mapping[str, str]


def targets(scene: Scene) -> list[Target]:
    edit, remove = (scene.of(scene.present, verb=verb) for verb in ("edit", "remove"))
    edited = {
        "service_line": "ABA",
        "clinician": scene.priya.key,
        "start_date": "2026-02-03",
        "end_date": "2026-12-31",
        "version": "1",
    }
    return [
        Target(f"{scene.post}/new", scene.post, "case-manager-form", scene.mei_for_st()),
        Target(edit, edit, "case-manager-form", edited),
        Target(remove, remove, "removal-form", {"reason": "Wrong client."}),
    ]


def everything(session: Session) -> tuple[Any, ...]:
    """The case managers, and how many rows each table has."""
    kept = stored(session)
    tables = Base.metadata.sorted_tables
    counts = [session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
    return (*kept, *counts)


def token(client: FlaskClient) -> str:
    return Page(client.get("/clients").text).values("client-search")["csrf_token"]


def in_parts(fields: Mapping[str, str]) -> bytes:
    """The body of multipart/form-data; the test client's own leaves files open when nobody reads it."""
    start = '--part\r\nContent-Disposition: form-data; name="'
    return "".join(f'{start}{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()).encode() + b"--part--\r\n"


def body_of(fields: Mapping[str, str], kind: str) -> bytes:
    return in_parts(fields) if kind == IN_PARTS else urlencode(fields).encode()


def refused(answer: TestResponse, headers: Mapping[str, str], *statuses: int) -> Page:
    """An answer that says in one clear sentence why nothing was changed."""
    assert answer.status_code in (statuses or (422,)), answer.text[:2000]
    page = Page(answer.text)
    if answer.status_code == 422:
        audit(answer.text, page=not headers)
        assert page.errors(), "refused without a word"
    elif headers:
        assert answer.mimetype == "text/plain"
        assert answer.text.endswith(".")
    else:
        audit(answer.text)
    return page


def test_a_missing_field_is_told_or_may_be_left_out(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str]
) -> None:
    before = everything(session)

    for target in targets(scene)[:2]:
        for name in ("service_line", "clinician", "start_date"):
            sent = {key: value for key, value in target.good.items() if key != name}
            answer = client.post(target.posts, data=sent | {"csrf_token": token(client)}, headers=headers)
            page = refused(answer, headers)
            assert [name, "required"] in page.errors() or page.codes("form-error") == ["conflict"]
    assert everything(session) == before


def test_a_doubled_field_is_refused_even_where_both_say_the_same(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str]
) -> None:
    before = everything(session)

    for target in targets(scene):
        for name in target.good:
            sent = MultiDict([("csrf_token", token(client)), *target.good.items(), (name, target.good[name])])
            page = refused(client.post(target.posts, data=sent, headers=headers), headers)
            assert "sent_twice" in [code for _, code in page.errors()], (target.posts, name)
    assert everything(session) == before


@pytest.mark.parametrize(
    "name", ["client_id", "removed_at", "id", "actor", "__proto__", "", " ", "ünknown", "a\x00b", "n" * 300]
)
def test_a_field_that_the_form_has_not_is_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], name: str
) -> None:
    before = everything(session)

    for target in targets(scene):
        sent = {"csrf_token": token(client), **target.good, name: "1"}
        page = refused(client.post(target.posts, data=sent, headers=headers), headers)
        assert page.codes("form-error") == ["unknown_field"]
    assert everything(session) == before


@pytest.mark.parametrize("length", [201, 10_001, 1_000_000])
def test_an_enormous_field_is_refused_and_comes_back_as_typed(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], length: int
) -> None:
    before, text = everything(session), MEGABYTE[:length]

    for target in targets(scene):
        for name in target.good:
            if name == "reason" and length <= 10_000:
                continue
            sent = {"csrf_token": token(client), **target.good, name: text}
            page = refused(client.post(target.posts, data=sent, headers=headers), headers)
            assert "too_long" in [code for _, code in page.errors()]
            assert page.values(target.form)[name] == text
            assert len(page.by_id("error-summary").text) < 1000  # type: ignore[union-attr]  # refused() saw it
    assert everything(session) == before


@pytest.mark.parametrize("kind", [URLENCODED, IN_PARTS], ids=["urlencoded", "in parts"])
def test_five_megabytes_are_too_much_at_once(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], kind: str
) -> None:
    before = everything(session)

    for target in targets(scene):
        sent = {"csrf_token": token(client), **target.good, "reason": MEGABYTE * 5}
        answer = client.post(target.posts, data=body_of(sent, kind), headers=headers, content_type=kind)
        refused(answer, headers, 413)
    assert everything(session) == before


NO_UTF8 = (b"%ED%A0%80", b"%ED%B0%80", b"%FF%FE", b"%C3", b"%F4%90%80%80", b"\xe9", b"\xff\x00")
CONTROLS = (b"%00", b"a%00b", b"%1B[31m", b"%08", b"%EF%BF%BD")


@pytest.mark.parametrize("raw", NO_UTF8 + CONTROLS, ids=repr)
def test_bytes_that_are_no_text_are_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], raw: bytes
) -> None:
    before = everything(session)

    for target in targets(scene):
        for name in target.good:
            sent = {"csrf_token": token(client), **target.good}
            sent.pop(name)
            body = urlencode(sent).encode() + b"&" + name.encode() + b"=" + raw
            answer = client.post(target.posts, data=body, content_type=URLENCODED, headers=headers)
            page = refused(answer, headers, 400 if raw in NO_UTF8 else 422)
            assert raw in NO_UTF8 or "not_text" in [code for _, code in page.errors()]
    assert everything(session) == before


@pytest.mark.parametrize("raw", [b"\xff", b"\xed\xa0\x80", b"a\x00b"], ids=repr)
def test_bytes_that_are_no_text_are_refused_in_parts_too(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], raw: bytes
) -> None:
    before = everything(session)

    for target in targets(scene):
        for name in target.good:
            body = in_parts({"csrf_token": token(client), **target.good, name: "HERE"}).replace(b"HERE", raw)
            page = refused(
                client.post(target.posts, data=body, content_type=IN_PARTS, headers=headers), headers
            )
            assert "not_text" in [code for _, code in page.errors()]
    assert everything(session) == before


@pytest.mark.parametrize(
    "number", ["99999999999999999999", "-1", "1e9", "٣", "0x1", "NaN", " 1 2 ", "1; DROP TABLE client", "²"]
)
def test_numbers_and_dates_that_are_none_are_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], number: str
) -> None:
    before = everything(session)
    add, edit, remove = targets(scene)
    expected = {
        "service_line": "unknown_choice",
        "clinician": "unknown_choice",
        "start_date": "invalid_date",
        "end_date": "invalid_date",
        "for_clinician": "unknown_choice",
    }

    for name, code in expected.items():
        sent = {"csrf_token": token(client), **add.good, name: number}
        page = refused(client.post(add.posts, data=sent, headers=headers), headers)
        assert [name, code] in page.errors()
        assert page.values(add.form)[name] == number
    for target in (edit, remove):
        sent = {"csrf_token": token(client), **target.good, "version": number}
        page = refused(client.post(target.posts, data=sent, headers=headers), headers)
        assert page.codes("form-error") == ["conflict"]
    assert everything(session) == before


@pytest.mark.parametrize(
    "date",
    ["2026-02-30", "2026-13-01", "11/23/2026", "20261123", "1899-12-31", "2101-01-01", "2026-W48-1", "0"],
)
def test_a_day_that_is_none_is_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], date: str
) -> None:
    sent = {"csrf_token": token(client), **scene.mei_for_st(start_date=date)}

    page = refused(client.post(scene.post, data=sent, headers=headers), headers)

    assert page.codes("start_date-error") == ["invalid_date"]
    assert page.values("case-manager-form")["start_date"] == date


def test_a_body_that_is_no_form_is_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str]
) -> None:
    before = everything(session)

    for target in targets(scene):
        good = {"csrf_token": token(client), **target.good}
        for body, kind in (
            (json.dumps(good), "application/json"),
            (urlencode(good), "text/plain"),
            (b"\x00\xff" * 500, "application/octet-stream"),
            ("<a/>", "application/xml"),
            (b"--wrong\r\n", "multipart/form-data; boundary=right"),
            (b"", "multipart/form-data"),
            (b"a" * 100, URLENCODED + "; charset=utf-7"),
        ):
            answer = client.post(target.posts, data=body, content_type=kind, headers=headers)
            refused(answer, headers, 422, 400, 415)
    assert everything(session) == before


def test_a_form_sent_in_parts_counts_like_any_other(
    client: FlaskClient, session: Session, scene: Scene
) -> None:
    sent = {"csrf_token": token(client), **scene.mei_for_st()}

    answer = client.post(scene.post, data=in_parts(sent), content_type=IN_PARTS)

    assert answer.status_code == 303


def test_a_file_where_a_field_belongs_is_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str]
) -> None:
    before = everything(session)
    good = {"csrf_token": token(client), **scene.mei_for_st()}
    body = in_parts(good).replace(b'name="start_date"', b'name="start_date"; filename="x.txt"')

    answer = client.post(scene.post, data=body, content_type=IN_PARTS, headers=headers)

    assert ["start_date", "required"] in refused(answer, headers).errors()
    assert everything(session) == before


@pytest.mark.parametrize("kind", [URLENCODED, IN_PARTS], ids=["urlencoded", "in parts"])
def test_thousands_of_fields_are_refused(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str], kind: str
) -> None:
    before = everything(session)

    for target in targets(scene):
        sent = {"csrf_token": token(client), **target.good} | {f"f{number}": "1" for number in range(5000)}
        answer = client.post(target.posts, data=body_of(sent, kind), content_type=kind, headers=headers)
        refused(answer, headers, 422, 413)
    assert everything(session) == before

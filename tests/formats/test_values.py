"""Cells become values and come back; what cannot be a value is refused in words."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.formats.moment import Moment
from caseapp.formats.values import Choice, Code, Codes, Day, Flag, Kind, Text, Whole

ZONE = ZoneInfo("America/New_York")
EMPTY_ALLOWED: list[tuple[Kind, Any]] = [
    (Text(), None),
    (Code(limit=20), None),
    (Day(), None),
    (Whole(0, 9), None),
    (Moment(ZONE), None),
    (Codes(limit=20), ()),
    (Flag(blank=True), True),
]
REQUIRED: list[Kind] = [
    Text(required=True),
    Code(limit=20, required=True),
    Day(required=True),
    Whole(1, 9, required=True),
    Moment(ZONE, required=True),
    Choice(("active", "on_hold")),
    Flag(),
]
REFUSED = [
    (Day(), "2026-02-30", "is not a date"),
    (Day(), "1899-12-31", "from 1900 to 2100"),
    (Day(), "24/11/2026", "write it like 2026-11-24"),
    (Day(), "20261124", "is not a date"),
    (Day(), "٢٠٢٦-١١-٢٤", "is not a date"),
    (Whole(1, 1440), "0", "whole number from 1 to 1,440"),
    (Whole(1, 1440), "4.5", "whole number"),
    (Whole(1, 1440), "99999999999999999999", "whole number"),
    (Whole(1, 1440), "²", "whole number"),
    (Flag(), "yes", "neither true nor false"),
    (Choice(("active", "on_hold")), "Active", "is not one of active, on_hold"),
    (Moment(ZONE), "2026-11-24", "is not a date and time"),
    (Moment(ZONE), "2026-11-24T25:00", "is not a date and time"),
    (Moment(ZONE), "2026-11-24T09:00+99:00", "is not a date and time"),
    (Moment(ZONE), "2026-W48-2T09:00", "is not a date and time"),
    (Moment(ZONE), "2026-03-08T02:30", "clocks go forward over it"),
    (Moment(ZONE), "1776-07-04T09:00", "is not a date and time"),
    (Moment(ZONE), "1900-01-01T00:00Z", "is not a date and time"),
    (Moment(ZONE), "0001-01-01T00:00+14:00", "is not a date and time"),
    (Text(), "a\x00b", "a control character, U+0000"),
    (Text(), "a\nb", "a control character, U+000A"),
    (Text(), "\x85", "U+0085"),
    (Text(), "\ud800", "lone surrogate"),
    (Text(lines=True), "a\x07", "U+0007"),
    (Text(limit=3), "abcd", "longer than 3 characters"),
    (Code(limit=3), "abcd", "longer than 3 characters"),
    (Code(limit=3), " " * 10_001, "longer than 10,000 characters"),
    (Day(), " " * 10_001, "longer than 10,000 characters"),
    (Codes(limit=3), "ABA;ABCD", "longer than 3 characters"),
    (Text(required=True), "   ", "Must be filled"),
]


@pytest.mark.parametrize(("kind", "value"), EMPTY_ALLOWED)
def test_an_empty_cell_says_nothing(kind: Kind, value: Any) -> None:
    assert kind.parse("") == value
    assert list(kind.parse_all(["", ""])) == [value, value]


@pytest.mark.parametrize("kind", REQUIRED)
def test_a_required_cell_must_be_filled(kind: Kind) -> None:
    with pytest.raises(ValueError, match="Must be filled"):
        kind.parse("")
    with pytest.raises(ValueError):  # noqa: PT011 - a block only says that some cell is wrong
        kind.parse_all([""])


@pytest.mark.parametrize(("kind", "text", "sentence"), REFUSED)
def test_what_is_no_value_is_refused_in_words(kind: Kind, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        kind.parse(text)
    with pytest.raises(ValueError):  # noqa: PT011 - a block only says that some cell is wrong
        kind.parse_all([text])


def test_names_are_kept_as_typed_and_codes_are_trimmed() -> None:
    assert Text().parse("  Léa ") == "  Léa "
    assert Code(limit=20).parse(" C-1 ") == "C-1"
    assert list(Code(limit=20).parse_all([" C-1 "])) == ["C-1"]


def test_codes_in_one_cell_are_sorted_and_told_once() -> None:
    assert Codes(limit=20).parse(" ST ;ABA;;ST") == ("ABA", "ST")
    assert Codes(limit=20).write(("ABA", "ST")) == "ABA;ST"


@pytest.mark.parametrize("text", ["true", "TRUE", " True "])
def test_spreadsheets_may_write_true_in_capitals(text: str) -> None:
    assert Flag().parse(text) is True


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-24T09:00", "2026-11-24T14:00+00:00"),
        ("2026-11-24 09:00:30", "2026-11-24T14:00:30+00:00"),
        ("2026-11-24T09:00Z", "2026-11-24T09:00+00:00"),
        ("2026-11-24T09:00+01:00", "2026-11-24T08:00+00:00"),
        # This hour comes twice: the first is meant, unless the offset says otherwise.
        ("2026-11-01T01:30", "2026-11-01T05:30+00:00"),
        ("2026-11-01T01:30-05:00", "2026-11-01T06:30+00:00"),
    ],
)
def test_an_instant_is_read_in_the_practices_zone(text: str, utc: str) -> None:
    assert Moment(ZONE).parse(text) == datetime.fromisoformat(utc)


def test_an_instant_is_written_with_its_offset() -> None:
    moment = Moment(ZONE)

    assert moment.write(datetime(2026, 11, 24, 14, 0, tzinfo=UTC)) == "2026-11-24T09:00-05:00"
    assert moment.write(datetime(2026, 7, 24, 14, 0, 30, tzinfo=UTC)) == "2026-07-24T10:00:30-04:00"


@given(
    st.datetimes(datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2100-12-30")),
    st.sampled_from(["America/New_York", "UTC", "Europe/Amsterdam", "Australia/Lord_Howe"]),
)
def test_every_instant_comes_back(naive: datetime, zone: str) -> None:
    instant = naive.replace(tzinfo=UTC)
    moment = Moment(ZoneInfo(zone))

    assert moment.parse(moment.write(instant)) == instant


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
def test_every_text_comes_back(text: str) -> None:
    assert Text().parse(Text().write(text)) == text
    assert list(Text().parse_all([text])) == [text]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_comes_back(day: date) -> None:
    assert Day().parse(Day().write(day)) == day


def test_a_great_many_spellings_are_not_remembered_for_ever() -> None:
    day = Day()
    for number in range(3):
        first = date(1900, 1, 1) + timedelta(days=number * 20_000)
        texts = [(first + timedelta(days=place)).isoformat() for place in range(20_000)]
        assert len(day.parse_all(texts)) == 20_000

    assert len(day._memory) <= 50_000

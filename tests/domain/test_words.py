from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from caseapp.domain import words
from tests.domain.examples import TODAY, d

NEW_YORK = ZoneInfo("America/New_York")


def test_days_are_said_with_the_year_where_it_is_not_clear() -> None:
    assert words.day(d("2026-02-03")) == "3 Feb 2026"
    assert words.short_day(d("2026-11-24"), TODAY) == "Tue 24 Nov"
    assert words.short_day(d("2027-05-21"), TODAY) == "Fri 21 May"
    assert words.short_day(d("2027-05-22"), TODAY) == "Sat 22 May 2027"
    assert words.short_day(d("2026-05-25"), TODAY) == "Mon 25 May 2026"
    assert words.near_day(d("2030-11-24")) == "Sun 24 Nov"
    assert words.day_and_month(d("2026-11-24"), TODAY) == "24 Nov"
    assert words.day_and_month(d("2025-11-24"), TODAY) == "24 Nov 2025"
    assert words.month(d("2026-10-31")) == "October 2026"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-12-07", None, "from 7 Dec"),
        ("2026-12-07", "2026-12-07", "7 Dec"),
        ("2026-12-07", "2026-12-18", "7–18 Dec"),
        ("2026-12-28", "2027-01-08", "28 Dec to 8 Jan"),
        ("2026-12-07", "2027-12-07", "7 Dec to 7 Dec 2027"),
        ("2028-01-03", "2028-01-04", "3–4 Jan 2028"),
    ],
)
def test_a_span_is_said_as_short_as_is_clear(start: str, end: str | None, text: str) -> None:
    assert words.span(d(start), d(end) if end else None, TODAY) == text


@pytest.mark.parametrize(
    ("hour", "minute", "text"),
    [(5, 0, "12:00 am"), (16, 59, "11:59 am"), (17, 5, "12:05 pm"), (4, 59, "11:59 pm"), (14, 0, "9:00 am")],
)
def test_times_are_said_in_the_practices_zone(hour: int, minute: int, text: str) -> None:
    assert words.time_of(datetime(2026, 11, 24, hour, minute, tzinfo=UTC), NEW_YORK) == text


def test_a_moment_is_the_day_and_time_of_the_zone() -> None:
    assert words.moment(datetime(2026, 11, 25, 2, tzinfo=UTC), NEW_YORK, TODAY) == "Tue 24 Nov, 9:00 pm"


def test_one_is_singular() -> None:
    assert [words.count(n, "session") for n in (0, 1, 2)] == ["0 sessions", "1 session", "2 sessions"]


def test_a_month_has_a_short_name_for_a_mark() -> None:
    assert words.short_month(d("2026-10-05")) == "Oct"

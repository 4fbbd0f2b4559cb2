from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.dates import FIRST_DATE, LAST_DATE, day_of, first_instant, parse_date, years_before
from tests.domain.clock_changes import ZONES, changes


def is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


@given(st.dates(FIRST_DATE, LAST_DATE))
def test_a_date_is_read_back_from_its_iso_form(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-29",
        "2026-13-01",
        "2026-11-31",
        "1899-12-31",
        "2101-01-01",
        "20261123",
        "2026-W48-1",
        "2026-11-23T00:00",
        "26-11-23",
        "2026-1-2",
        " 2026-11-23",
        "2026-11-23\n",
        "２０２６-11-23",
        "tomorrow",
    ],
)
def test_what_is_no_date_of_1900_to_2100_is_refused(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize("name", ZONES)
def test_the_first_instant_is_the_first_of_its_day_around_every_clock_change(name: str) -> None:
    zone = ZoneInfo(name)
    around = {day + timedelta(days=n) for day in changes(zone) for n in (-1, 0, 1)} or {date(2026, 3, 8)}
    for day in around:
        begins = first_instant(day, zone)
        assert begins.tzinfo is UTC
        assert day_of(begins, zone) == day
        assert day_of(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_where_the_clock_jumps_over_midnight_the_day_begins_at_one() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    day = date(2026, 3, 29)
    assert first_instant(day, beirut).astimezone(beirut).hour == 1


def test_where_midnight_comes_twice_the_day_begins_with_the_first() -> None:
    havana = ZoneInfo("America/Havana")
    assert first_instant(date(2026, 11, 1), havana) == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert day_of(datetime(2026, 11, 1, 4, 30, tzinfo=UTC), havana) == date(2026, 11, 1)


@given(st.integers(0, 16 * 365 * 24 * 60), st.sampled_from(ZONES))
def test_every_instant_lies_between_the_first_of_its_day_and_the_first_of_the_next(
    minutes: int, name: str
) -> None:
    zone, instant = ZoneInfo(name), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    day = day_of(instant, zone)
    assert first_instant(day, zone) <= instant < first_instant(day + timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("day", "years", "before"),
    [
        (date(2026, 11, 25), 6, date(2020, 11, 25)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
        (date(2028, 2, 29), 6, date(2022, 2, 28)),
    ],
)
def test_years_before_is_the_same_day_or_the_last_of_february(day: date, years: int, before: date) -> None:
    assert years_before(day, years) == before

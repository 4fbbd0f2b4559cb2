"""A weekly session keeps its local time over every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.weekly import MAX_SESSIONS, instant_at, monday_of, weekly_days

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Phoenix")
NEW_YORK = ZoneInfo("America/New_York")
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))


def changes(zone: ZoneInfo) -> list[datetime]:
    """The first full hour after each change of the clocks from 2020 to 2035, by walking all hours."""
    hours = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(16 * 8766)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    return [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=ZONES)
def test_each_session_shows_the_same_local_time_across_every_change(zone: ZoneInfo) -> None:
    found = changes(zone)
    assert len(found) == (0 if zone.key == "America/Phoenix" else 32)
    for change in found or [datetime(2026, 3, 8, 12, tzinfo=UTC)]:
        first = change.astimezone(zone).date() - timedelta(days=14)
        for quarter in range(0, 24 * 60, 15):
            at = time(quarter // 60, quarter % 60)
            for day in weekly_days(first, first + timedelta(days=28)):
                holds(day, at, zone)


@given(day=days, at=times, zone=st.sampled_from([ZoneInfo(name) for name in ZONES]))
def test_any_time_of_any_day_is_told_as_it_stands(day: date, at: time, zone: ZoneInfo) -> None:
    holds(day, at, zone)


def holds(day: date, at: time, zone: ZoneInfo) -> None:
    """The instant is the first of all that show the time on the day; none where no instant does."""
    wanted = datetime.combine(day, at)
    # The offset of noon, and all that lie up to two hours around it: no clock changes by more.
    offset = datetime.combine(day, time(12), zone).utcoffset() or timedelta()
    near = [
        datetime.combine(day, at, UTC) - offset + timedelta(minutes=30 * number) for number in range(-4, 5)
    ]
    showing = [instant for instant in near if instant.astimezone(zone).replace(tzinfo=None) == wanted]
    assert instant_at(day, at, zone) == min(showing, default=None)


def test_a_skipped_time_is_none_and_a_doubled_one_is_its_first() -> None:
    assert instant_at(date(2027, 3, 14), time(2, 30), NEW_YORK) is None
    assert instant_at(date(2026, 11, 1), time(1, 30), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert instant_at(date(2026, 10, 4), time(2, 15), lord_howe) is None
    assert instant_at(date(2026, 4, 5), time(1, 45), lord_howe) == datetime(2026, 4, 4, 14, 45, tzinfo=UTC)


@given(first=days, until=days)
def test_a_series_has_each_seventh_day_through_its_last(first: date, until: date) -> None:
    series = weekly_days(first, until)

    expected = [first + timedelta(days=n) for n in range(0, max((until - first).days, -1) + 1, 7)]
    assert series == expected[: MAX_SESSIONS + 1]


@given(day=days)
def test_a_week_begins_on_monday(day: date) -> None:
    monday = monday_of(day)

    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(days=7)

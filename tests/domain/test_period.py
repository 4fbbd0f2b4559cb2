from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.period import OPEN, Period, unbroken_last_day
from tests.domain.strategies import WORLD, days, periods

HORIZON = WORLD + timedelta(days=400)


def days_of(period: Period) -> set[date]:
    """Every day of a period, an open one through the horizon, which no drawn day comes near."""
    last = period.end or HORIZON
    return {period.start + timedelta(days=n) for n in range((last - period.start).days + 1)}


@given(periods(), days())
def test_a_period_holds_just_its_days_with_both_ends(period: Period, day: date) -> None:
    assert period.holds(day) == (day in days_of(period))


@given(periods(), periods())
def test_periods_overlap_where_they_share_a_day_whichever_is_asked(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(days_of(one) & days_of(other))


@given(periods())
def test_a_period_overlaps_itself_and_not_what_follows_or_precedes(period: Period) -> None:
    assert period.overlaps(period)
    before = period.start - timedelta(days=1)
    assert not period.overlaps(Period(start=before, end=before))
    if period.end is not None:
        assert not period.overlaps(Period(start=period.end + timedelta(days=1)))


@given(st.lists(periods(reach=40, longest=20), max_size=6), days(60))
def test_the_unbroken_last_day_is_where_a_walk_from_day_to_day_ends(all_: list[Period], day: date) -> None:
    covered = set().union(*map(days_of, all_)) if all_ else set()
    expected = None
    if day in covered:
        expected = day
        while expected + timedelta(days=1) in covered:
            expected += timedelta(days=1)
        if expected == HORIZON:
            expected = OPEN
    assert unbroken_last_day([(period.start, period.last) for period in all_], day) == expected


def test_an_open_end_lasts_beyond_every_date() -> None:
    assert Period(start=WORLD).last == OPEN
    assert Period(start=WORLD).holds(date(2100, 12, 31))


def test_cover_that_lasts_for_ever_is_not_broken_by_what_begins_within_it() -> None:
    spans = [(WORLD, OPEN), (WORLD + timedelta(days=5), WORLD + timedelta(days=6)), (OPEN, OPEN)]
    assert unbroken_last_day(spans, WORLD) == OPEN

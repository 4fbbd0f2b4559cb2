"""The short way leaves out no gap, and finds a practice's lines well where they are."""

from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import LOOK_BACK, CoverageDay, settled_by
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import Point, coverage_gaps, gaps_of_day, line_gaps
from caseapp.domain.coverage_well import lines_asked, lines_to_judge
from caseapp.domain.dates import day_of
from caseapp.domain.notice import breaks_notice
from caseapp.domain.practice import Practice
from tests.domain.examples import a_session, d, lea, managed
from tests.domain.nearly_well import nearly_well, one_nearly_well
from tests.domain.strategies import days, facts

PRACTICE = Practice(ZoneInfo("America/New_York"))


def judged_in_full(client: ClientFacts, asked: CoverageDay) -> list[Gap]:
    """Each line that is asked by all rules, as if there were no short way."""
    gaps = []
    for line in lines_asked(client, asked):
        sessions = [
            Point(day_of(a.starts_at, PRACTICE.zone), a)
            for a in sorted(client.appointments, key=lambda a: a.starts_at)
            if a.service_line == line and a.counted and asked.begin <= a.starts_at < asked.end
        ]
        gaps += line_gaps(client, line, asked.on, PRACTICE, sessions)
    return sorted(gaps, key=lambda gap: gap.order)


@settings(max_examples=500)
@given(nearly_well())
def test_a_client_who_is_nearly_well_has_the_gaps_that_all_rules_tell(
    drawn: tuple[ClientFacts, date],
) -> None:
    client, on = drawn
    asked = CoverageDay(on, PRACTICE)
    assert gaps_of_day(client, asked) == judged_in_full(client, asked)


@given(facts(), days(200))
def test_any_client_has_the_gaps_that_all_rules_tell(client: ClientFacts, on: date) -> None:
    asked = CoverageDay(on, PRACTICE)
    assert gaps_of_day(client, asked) == judged_in_full(client, asked)


def test_of_lines_that_are_well_most_are_told_well_in_the_short_way() -> None:
    """Else it would be right and of no use."""
    well = told = 0
    for seed in range(500):
        client, on = one_nearly_well(Random(seed))
        asked = CoverageDay(on, PRACTICE)
        lines = lines_asked(client, asked)
        well += len(lines - {gap.service_line for gap in judged_in_full(client, asked)})
        told += len(lines) - len(lines_to_judge(client, asked))
    assert told > well * 0.7


@given(nearly_well(), st.sampled_from((1, 24, 30, 48)))
def test_who_is_settled_has_broken_no_rule_within_sight(drawn: tuple[ClientFacts, date], hours: int) -> None:
    client, on = drawn
    practice = Practice(PRACTICE.zone, timedelta(hours=hours))
    for cm in client.case_managers:
        if cm.start <= settled_by(on, practice):
            breaking = breaks_notice(
                client, cm.service_line, cm, practice, itself=cm.id, counted_from=cm.uncovered_left_at
            )
            assert not any(day_of(a.starts_at, practice.zone) >= on - LOOK_BACK for a in breaking)


@pytest.mark.parametrize(("hours", "days_before"), [(24, 90), (48, 91)])
def test_who_started_too_late_ninety_days_ago_is_not_settled_yet(hours: int, days_before: int) -> None:
    practice = Practice(PRACTICE.zone, timedelta(hours=hours))
    start = d("2026-11-22") - timedelta(days=days_before)
    client = lea(
        case_managers=(managed(start=start.isoformat()),), appointments=(a_session("2026-08-24T09:00"),)
    )
    assert [gap.code for gap in coverage_gaps(client, d("2026-11-22"), practice)] == ["starts_too_late"]
    assert coverage_gaps(client, d("2026-11-23"), practice) == []

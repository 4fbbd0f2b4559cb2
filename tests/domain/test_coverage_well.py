"""The short way leaves out no gap, and finds a practice's lines well where they are."""

from datetime import date
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_gap import Gap, Point, gaps_of_day, line_gaps
from caseapp.domain.coverage_well import lines_asked, lines_to_judge
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
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

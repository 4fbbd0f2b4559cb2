"""The next day on which gaps can differ. That it is right, test_coverage_gap_properties.py holds."""

from dataclasses import replace
from datetime import date

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_turn import next_turn
from tests.domain.examples import JO, MEI, PRACTICE, a_session, d, lea, managed

ON = d("2026-11-22")
SESSION = a_session("2026-11-24T09:00")


def turn(client: ClientFacts, on: date = ON) -> date | None:
    return next_turn(client, CoverageDay(on, PRACTICE))


def turns(client: ClientFacts, on: date) -> list[date]:
    """All from a day on, one after another."""
    found = []
    while (following := turn(client, on)) is not None:
        found.append(on := following)
    return found


def test_nothing_dated_never_turns() -> None:
    assert turn(ClientFacts()) is None


def test_an_interim_is_judged_anew_on_the_first_of_each_month() -> None:
    client = lea(case_managers=(managed(start="2020-01-01", for_clinician=JO),))
    assert turn(client, d("2026-12-01")) == d("2027-01-01")
    assert turn(client, d("2026-12-31")) == d("2027-01-01")


def test_a_session_turns_fourteen_days_before_and_on_the_day_after() -> None:
    client = ClientFacts(appointments=(SESSION,))
    assert turns(client, d("2026-01-01")) == [d("2026-11-10"), d("2026-11-25")]


def test_sessions_that_are_not_counted_never_turn() -> None:
    cancelled, unbilled = replace(SESSION, status="cancelled"), replace(SESSION, billable=False)
    assert turn(ClientFacts(appointments=(cancelled, unbilled))) is None


def test_the_session_before_which_somebody_started_too_late_turns_after_ninety_days() -> None:
    client = lea(case_managers=(managed(start="2026-11-24"),), appointments=(SESSION,))
    after_ninety = d("2027-02-23")
    assert turns(client, d("2026-11-25")) == [after_ninety]
    settled = lea(case_managers=(managed(start="2026-11-20"),), appointments=(SESSION,))
    assert turns(settled, d("2026-11-25")) == []


def test_the_first_session_within_the_fortnight_and_the_first_behind_it_turn() -> None:
    sessions = [a_session(f"2026-{day}T09:00") for day in ("12-24", "12-20", "12-04", "12-01", "11-20")]
    assert turn(ClientFacts(appointments=tuple(sessions))) == d("2026-12-02")
    assert turn(ClientFacts(appointments=tuple(sessions[:2]))) == d("2026-12-06")


def test_the_last_day_of_a_case_manager_turns_sixty_days_before_and_on_the_day_after() -> None:
    leaves = replace(MEI, active_to=d("2027-06-30"))
    client = ClientFacts(case_managers=(managed(leaves),))
    assert turn(client) == d("2027-05-01")
    assert turn(client, d("2027-06-30")) == d("2027-07-01")

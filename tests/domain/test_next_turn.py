"""The next day on which gaps can differ. That it is right, test_coverage_gap_properties.py holds."""

from dataclasses import replace
from datetime import date

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_gap import next_turn
from tests.domain.examples import JO, MEI, a_session, d, lea, managed

ON = d("2026-11-22")
SESSION = a_session("2026-11-24T09:00")


def test_nothing_dated_never_turns() -> None:
    assert next_turn(ClientFacts(), ON, ()) is None


def test_an_interim_is_judged_anew_on_the_first_of_each_month() -> None:
    client = lea(case_managers=(managed(start="2020-01-01", for_clinician=JO),))
    assert next_turn(client, d("2026-12-01"), ()) == d("2027-01-01")
    assert next_turn(client, d("2026-12-31"), ()) == d("2027-01-01")


def test_a_session_turns_fourteen_days_before_and_on_the_day_after_and_after_ninety() -> None:
    client = ClientFacts(appointments=(SESSION,))
    day = d("2026-11-24")
    turns = []
    on: date | None = d("2026-01-01")
    while on is not None and (on := next_turn(client, on, {day})) is not None:
        turns.append((on - day).days)
    assert set(turns) >= {-14, 1, 91}


def test_the_last_day_of_a_case_manager_turns_sixty_days_before_and_on_the_day_after() -> None:
    leaves = replace(MEI, active_to=d("2027-06-30"))
    client = ClientFacts(case_managers=(managed(leaves),))
    assert next_turn(client, ON, ()) == d("2027-05-01")
    assert next_turn(client, d("2027-06-30"), ()) == d("2027-07-01")

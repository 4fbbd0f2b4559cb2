"""What a saved session is told of, by the rules that judge the coverage gaps."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from caseapp.domain.appointment import Appointment
from caseapp.domain.appointment_warnings import Booking, Sessions, appointment_warnings
from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician, Leave
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.payor import FundingSource, Payor
from caseapp.domain.practice import Practice

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 22)
SINCE = date(2020, 1, 1)
AETNA = Payor("AET", "Aetna", "insurance")
PRIYA = Clinician(
    number="S1",
    first_name="Priya",
    last_name="Natarajan",
    npi="1234567893",
    service_lines=frozenset({"ABA"}),
    enrollments=(Enrollment("AET", "approved", SINCE),),
)
FACTS = ClientFacts(
    first_name="Milo",
    service_lines=(ClientServiceLine(service_line="ABA", start=SINCE),),
    funding_sources=(FundingSource(payor=AETNA, priority="primary", start=SINCE),),
    case_managers=(CaseManager(id="a", service_line="ABA", clinician=PRIYA, start=SINCE),),
)


def session(day: date = date(2026, 11, 24), **values: Any) -> Appointment:
    starts_at = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
    given: dict[str, Any] = {"service_line": "ABA", "starts_at": starts_at}
    return Appointment(**(given | values))


def warned(
    facts: ClientFacts, *sessions: Appointment, clinician: Clinician | None = None, bookings: Any = ()
) -> dict[str, str]:
    made = sessions or (session(),)
    whole = replace(facts, appointments=(*facts.appointments, *made))
    saved = Sessions(facts=whole, sessions=made, minutes=60, clinician=clinician, bookings=bookings)
    found = appointment_warnings(saved, TODAY, Practice(ZONE))
    assert all(finding.severity == "warning" for finding in found)
    return {finding.code: finding.message for finding in found}


def managed_from(start: date, end: date | None = None) -> ClientFacts:
    cm = CaseManager(id="a", service_line="ABA", clinician=PRIYA, start=start, end=end)
    return replace(FACTS, case_managers=(cm,))


def test_a_session_in_order_is_told_of_nothing() -> None:
    assert warned(FACTS, clinician=PRIYA) == {}


def test_a_session_without_a_case_manager_is_told() -> None:
    assert warned(replace(FACTS, case_managers=())) == {
        "no_case_manager": (
            "No case manager. First session at risk Tue 24 Nov, 9:00 am: start by Mon 23 Nov."
        )
    }


def test_a_case_manager_needs_24_hours_before_the_session() -> None:
    assert list(warned(managed_from(date(2026, 11, 24)))) == ["starts_too_late"]
    assert warned(managed_from(date(2026, 11, 23))) == {}


def test_one_who_starts_only_after_the_session_is_told_once() -> None:
    assert list(warned(managed_from(date(2026, 11, 25)))) == ["no_case_manager"]


def test_one_who_is_not_enrolled_that_day_is_told() -> None:
    ends = replace(PRIYA, enrollments=(Enrollment("AET", "approved", SINCE, date(2026, 11, 23)),))
    cm = replace(FACTS.case_managers[0], clinician=ends)

    assert list(warned(replace(FACTS, case_managers=(cm,)))) == ["not_enrolled"]


def test_a_line_that_is_not_open_is_told_alone() -> None:
    assert list(warned(replace(FACTS, service_lines=(), case_managers=()))) == ["service_line_not_open"]


def test_a_missing_primary_payor_is_told() -> None:
    assert list(warned(replace(FACTS, funding_sources=()))) == ["no_primary_payor"]


@pytest.mark.parametrize(
    ("status", "code"), [("on_hold", "client_on_hold"), ("discharged", "client_discharged")]
)
def test_a_client_without_care_now_is_told(status: Any, code: str) -> None:
    assert list(warned(replace(FACTS, status=status))) == [code]


def test_the_clinician_of_the_session_is_judged_on_its_day() -> None:
    left = replace(PRIYA, active_to=date(2026, 11, 23))
    away = replace(PRIYA, leaves=(Leave(start=date(2026, 11, 24), end=date(2026, 11, 30)),))

    assert list(warned(FACTS, clinician=left)) == ["session_clinician_inactive"]
    assert list(warned(FACTS, clinician=away)) == ["session_clinician_on_leave"]
    assert warned(FACTS, session(date(2026, 12, 1)), clinician=away) == {}


@pytest.mark.parametrize(
    ("begins", "minutes", "clashes"), [(8, 60, False), (8, 61, True), (9, 1, True), (10, 60, False)]
)
def test_two_sessions_at_once_are_told_of_the_clinician(begins: int, minutes: int, clashes: bool) -> None:
    other = Booking(datetime(2026, 11, 24, begins, tzinfo=ZONE), minutes)

    assert list(warned(FACTS, clinician=PRIYA, bookings=[other])) == (["double_booked"] if clashes else [])


def test_what_is_not_counted_needs_no_cover_and_what_is_cancelled_nothing() -> None:
    bare = replace(FACTS, case_managers=(), status="on_hold")

    assert list(warned(bare, session(billable=False))) == ["client_on_hold"]
    assert warned(bare, session(status="cancelled")) == {}


def test_a_series_tells_each_warning_once_with_its_sessions() -> None:
    series = [session(date(2026, 11, 24) + timedelta(weeks=week)) for week in range(4)]
    away = replace(PRIYA, leaves=(Leave(start=date(2026, 12, 1), end=date(2026, 12, 8)),))

    found = warned(managed_from(SINCE, date(2026, 12, 14)), *series, clinician=away)

    assert found == {
        "session_clinician_on_leave": (
            "2 of 4 sessions: Priya Natarajan is on leave 1–8 Dec. "
            "Move the session, or let somebody else give it."
        ),
        "no_case_manager": (
            "1 of 4 sessions: No case manager. "
            "First session at risk Tue 15 Dec, 9:00 am: start by Mon 14 Dec."
        ),
    }

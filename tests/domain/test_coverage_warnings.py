from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_warnings import Warned, warnings
from caseapp.domain.enrollment import Enrollment
from tests.domain.examples import (
    AETNA,
    JO,
    LONG_AGO,
    MEDICAID,
    MEI,
    PRACTICE,
    SELF,
    WITH_AETNA,
    a_line,
    a_session,
    a_source,
    d,
    lea,
    managed,
)

TODAY = "2026-11-22"


def ahead(client: ClientFacts, on: str = TODAY) -> list[tuple[str, date | None, str]]:
    """Sixty days ahead: code, last good day, words."""
    return [warned[:3] for warned in all_of(client, on)]


def all_of(client: ClientFacts, on: str = TODAY) -> list[Warned]:
    until = d(on) + (d("2027-01-21") - d(TODAY))
    return list(warnings(client, "ST", d(on), until, PRACTICE.zone))


def codes(client: ClientFacts, on: str = TODAY) -> list[str]:
    return [code for code, _, _ in ahead(client, on)]


def test_cover_that_ends_within_sixty_days_is_told_with_its_last_day() -> None:
    assert ahead(lea(case_managers=(managed(end="2027-01-21"),))) == [
        (
            "case_manager_ends",
            d("2027-01-21"),
            "The case manager ends on Thu 21 Jan, and nobody follows.",
        )
    ]
    assert codes(lea(case_managers=(managed(end="2027-01-22"),))) == []


def test_cover_ends_where_the_last_of_those_who_follow_ends() -> None:
    client = lea(case_managers=(managed(end="2026-11-30"), managed(JO, "2026-12-01", "2026-12-31")))
    assert [day for _, day, _ in ahead(client)] == [d("2026-12-31")]
    assert codes(lea(case_managers=(managed(end="2026-11-30"), managed(JO, "2026-12-01")))) == []


def test_cover_that_ends_with_the_line_is_as_it_should_be() -> None:
    client = lea(service_lines=(a_line(end=d("2026-11-30")),), case_managers=(managed(end="2026-11-30"),))
    assert codes(client) == []


def enrolled(*periods: tuple[str, str | None]) -> Any:
    return replace(
        MEI,
        enrollments=tuple(
            Enrollment("AET", "approved", d(start), d(end) if end else None) for start, end in periods
        ),
    )


def test_an_enrollment_that_ends_within_sixty_days_is_told_with_its_last_day() -> None:
    client = lea(case_managers=(managed(enrolled(("2020-01-01", "2027-01-21"))),))
    assert ahead(client) == [
        (
            "enrollment_ends",
            d("2027-01-21"),
            "Mei Lindqvist's enrollment with Aetna ends on Thu 21 Jan.",
        )
    ]
    assert codes(lea(case_managers=(managed(enrolled(("2020-01-01", "2027-01-22"))),))) == []


def test_an_enrollment_that_is_renewed_or_no_longer_asked_for_does_not_end() -> None:
    ends = enrolled(("2020-01-01", "2026-12-31"))
    renewed = enrolled(("2020-01-01", "2026-12-31"), ("2027-01-01", None))
    assert codes(lea(case_managers=(managed(renewed),))) == []
    followed = (managed(ends, end="2026-12-31"), managed(JO, "2027-01-01"))
    assert codes(lea(case_managers=followed)) == []
    assert codes(lea(case_managers=(managed(ends, end="2026-12-31"),))) == ["case_manager_ends"]
    paid_otherwise = (a_source(end=d("2026-12-31")), a_source(SELF, d("2027-01-01")))
    assert codes(lea(funding_sources=paid_otherwise, case_managers=(managed(ends),))) == []
    unpaid = (a_source(end=d("2026-12-31")),)
    assert codes(lea(funding_sources=unpaid, case_managers=(managed(ends),))) == []
    assert codes(lea(funding_sources=(a_source(SELF),), case_managers=(managed(ends),))) == []
    assert codes(lea(funding_sources=(), case_managers=(managed(ends),))) == []


def test_who_is_not_enrolled_today_has_no_enrollment_that_ends() -> None:
    assert codes(lea(case_managers=(managed(enrolled(("2026-12-01", "2026-12-31"))),))) == []


def test_a_last_day_within_sixty_days_is_told_where_nobody_follows() -> None:
    leaving = replace(MEI, active_to=d("2027-01-21"))
    assert ahead(lea(case_managers=(managed(leaving),))) == [
        (
            "clinician_leaves",
            d("2027-01-21"),
            "Mei Lindqvist's last day is Thu 21 Jan, and nobody follows.",
        )
    ]
    followed = (managed(leaving, end="2027-01-21"), managed(JO, "2027-01-22"))
    assert codes(lea(case_managers=followed)) == []
    assert codes(lea(case_managers=(managed(leaving, end="2027-01-21"),))) == ["case_manager_ends"]
    assert codes(lea(case_managers=(managed(replace(MEI, active_to=d("2027-01-22"))),))) == []
    assert codes(lea(case_managers=(managed(replace(MEI, active_to=d("2026-11-21"))),))) == []


@pytest.mark.parametrize(
    ("begins", "warned"),
    [("2026-11-22", False), ("2026-11-23", True), ("2027-01-21", True), ("2027-01-22", False)],
)
def test_a_payor_to_come_is_told_from_tomorrow_for_sixty_days(begins: str, warned: bool) -> None:
    client = lea(funding_sources=(a_source(MEDICAID, d(begins)),), case_managers=(managed(),))
    assert codes(client) == (["payor_changes"] if warned else [])


def test_a_payor_to_come_is_told_with_the_last_day_of_the_one_before() -> None:
    sources = (a_source(MEDICAID, d("2027-01-01")), a_source(end=d("2026-12-31")))
    assert ahead(lea(funding_sources=sources, case_managers=(managed(),))) == [
        (
            "payor_changes",
            d("2026-12-31"),
            "Medicaid becomes the primary payor on Fri 1 Jan, and Mei Lindqvist is not enrolled with it.",
        )
    ]
    renewed = (a_source(AETNA, d("2027-01-01")), a_source(end=d("2026-12-31")))
    assert codes(lea(funding_sources=renewed, case_managers=(managed(enrolled()),))) == []
    secondary = (a_source(), a_source(MEDICAID, d("2027-01-01"), priority="secondary"))
    assert codes(lea(funding_sources=secondary, case_managers=(managed(),))) == []
    both = replace(MEI, enrollments=(WITH_AETNA, Enrollment("MED", "approved", LONG_AGO)))
    assert codes(lea(funding_sources=sources, case_managers=(managed(both),))) == []


def test_the_case_manager_of_the_first_day_of_a_payor_is_asked() -> None:
    sources = (a_source(end=d("2026-12-31")), a_source(MEDICAID, d("2027-01-01")))
    other = replace(JO, enrollments=(Enrollment("MED", "approved", LONG_AGO),))
    followed = (managed(end="2026-12-31"), managed(other, "2027-01-01"))
    assert codes(lea(funding_sources=sources, case_managers=followed)) == []
    nobody = (managed(end="2026-12-31"),)
    assert codes(lea(funding_sources=sources, case_managers=nobody)) == ["case_manager_ends"]


def interim(*sessions: Any, start: str = "2026-10-01", end: str | None = None) -> ClientFacts:
    """Mei stands in for Jo since October."""
    return lea(case_managers=(managed(MEI, start, end, for_clinician=JO),), appointments=sessions)


SEEN = a_session("2026-10-06T09:00", status="completed", clinician="mei")
BY_ANOTHER = a_session("2026-10-06T09:00", status="completed", clinician="jo")
MISSED = a_session("2026-10-13T09:00", status="no_show", clinician="mei")


def test_an_interim_who_completed_no_session_in_the_last_full_month_is_told() -> None:
    assert ahead(interim(BY_ANOTHER, MISSED)) == [
        (
            "monthly_care_missed",
            None,
            (
                "Mei Lindqvist stands in for Jo Park and completed no ST session in October 2026. "
                "An interim case manager gives care monthly."
            ),
        )
    ]


def test_one_completed_session_is_care_and_no_session_asks_for_none() -> None:
    assert codes(interim(BY_ANOTHER, MISSED, SEEN)) == []
    assert codes(interim()) == []
    assert codes(interim(a_session("2026-10-06T09:00", status="cancelled"))) == []
    assert codes(interim(a_session("2026-10-06T09:00", billable=False))) == []
    assert codes(interim(a_session("2026-10-06T09:00", service_line="ABA"))) == []


def test_the_month_is_the_practices() -> None:
    late_on_the_last = a_session("2026-10-31T23:30", clinician="mei", status="completed")
    late_before_the_first = a_session("2026-09-30T23:30", clinician="mei", status="completed")
    assert codes(interim(BY_ANOTHER, late_on_the_last)) == []
    assert codes(interim(BY_ANOTHER, late_before_the_first)) == ["monthly_care_missed"]
    assert codes(interim(late_before_the_first)) == []


def test_a_month_not_wholly_inside_the_interim_period_is_not_judged() -> None:
    assert codes(interim(BY_ANOTHER, start="2026-10-02")) == []
    assert codes(interim(BY_ANOTHER, start="2026-10-01", end="2026-10-30")) == []
    assert codes(interim(BY_ANOTHER, start="2026-10-01", end="2026-10-31")) == ["monthly_care_missed"]


def test_in_january_the_last_month_is_december() -> None:
    december = a_session("2026-12-08T09:00", status="no_show")
    assert codes(interim(december), "2027-01-05") == ["monthly_care_missed"]
    assert codes(interim(december), "2027-02-01") == []


def test_who_stands_in_for_nobody_owes_no_monthly_care() -> None:
    assert codes(lea(case_managers=(managed(),), appointments=(BY_ANOTHER, MISSED))) == []

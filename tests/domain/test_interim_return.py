"""The hand-over that is offered when the responsible clinician of an interim case may take it over."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import coverage_gaps
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.interim_return import findings, first_day, hand_overs
from tests.domain.examples import JO, MEI, PRACTICE, SELF, TODAY, a_line, a_source, d, lea, managed

ANA = replace(JO, number="ana", first_name="Ana", enrollments=(), id="ana")


def interim(responsible: Clinician, **more: Any) -> ClientFacts:
    """Mei stands in for the responsible clinician."""
    return lea(case_managers=(managed(MEI, for_clinician=responsible),), **more)


def enrolled_from(day: str, **more: Any) -> Clinician:
    return replace(ANA, enrollments=(Enrollment("AET", "approved", d(day)),), **more)


def offered(client: ClientFacts, on: date = TODAY) -> list[Gap]:
    return hand_overs(client, on)


def days(client: ClientFacts, on: date = TODAY) -> list[date]:
    """From when on each hand-over is offered."""
    return [first_day(gap.about.begins, on) for gap in offered(client, on)]


def test_who_is_enrolled_already_takes_over_tomorrow() -> None:
    (offer,) = offered(interim(enrolled_from("2026-11-01")))
    assert (offer.code, offer.severity, offer.mend_by, offer.at_risk) == ("hand_over", "information", None, 0)
    assert first_day(offer.about.begins, TODAY) == d("2026-11-23")
    assert (offer.about.clinician, offer.about.case_manager) == ("ana", "mei")
    assert offer.message == (
        "Ana Park is enrolled with Aetna from 1 Nov 2026: Mei Lindqvist, who stands in, can hand over."
    )


def test_who_is_known_to_be_enrolled_soon_takes_over_on_that_day() -> None:
    client = interim(enrolled_from("2026-12-15"))
    assert days(client) == [d("2026-12-15")]
    assert days(client, d("2026-12-14")) == [d("2026-12-15")]
    assert days(client, d("2026-12-15")) == [d("2026-12-16")]


def test_nothing_is_offered_of_more_than_sixty_days_ahead() -> None:
    assert days(interim(enrolled_from("2027-01-21"))) == [d("2027-01-21")]
    assert days(interim(enrolled_from("2027-01-22"))) == []


@pytest.mark.parametrize(
    "responsible",
    [
        ANA,
        replace(ANA, enrollments=(Enrollment("AET", "in_process", d("2026-11-01")),)),
        enrolled_from("2026-11-01", npi=None),
        enrolled_from("2026-11-01", may_be_case_manager=False),
        enrolled_from("2026-11-01", active_to=d("2026-11-22")),
        enrolled_from("2026-11-01", service_lines=frozenset({"PT"})),
    ],
)
def test_nothing_is_offered_while_a_rule_keeps_the_clinician_from_being_saved(responsible: Clinician) -> None:
    assert offered(interim(responsible)) == []


def test_the_day_is_that_on_which_the_last_thing_falls_into_place() -> None:
    later = enrolled_from("2026-11-01", active_from=d("2026-12-07"))
    assert days(interim(later)) == [d("2026-12-07")]
    payor = (a_source(start=d("2026-12-10")),)
    assert days(interim(later, funding_sources=payor)) == [d("2026-12-10")]
    reopened = (a_line(end=d("2026-11-22")), a_line(start=d("2026-12-20")))
    assert days(interim(later, service_lines=reopened)) == [d("2026-12-20")]


def test_without_a_payor_nothing_is_offered() -> None:
    assert offered(interim(enrolled_from("2026-11-01"), funding_sources=())) == []


def test_a_payor_that_asks_for_no_enrollment_keeps_nobody_from_taking_over() -> None:
    (offer,) = offered(interim(ANA, funding_sources=(a_source(SELF),)))
    assert offer.message.startswith("Ana Park can be ST case manager: ")


def test_an_interim_who_ends_before_hands_nothing_over() -> None:
    responsible = enrolled_from("2026-12-15")
    for end in ("2026-12-14", "2026-11-22"):
        assert offered(lea(case_managers=(managed(MEI, end=end, for_clinician=responsible),))) == []
    ends = managed(MEI, end="2026-12-15", for_clinician=responsible)
    assert days(lea(case_managers=(ends,))) == [d("2026-12-15")]


def test_who_stands_in_for_nobody_or_has_not_begun_hands_nothing_over() -> None:
    assert offered(lea(case_managers=(managed(MEI),))) == []
    coming = managed(MEI, "2026-12-01", for_clinician=enrolled_from("2026-11-01"))
    assert offered(lea(case_managers=(coming,))) == []


def test_a_client_on_hold_is_left_alone() -> None:
    assert offered(interim(enrolled_from("2026-11-01"), status="on_hold")) == []


def test_a_hand_over_is_kept_beside_the_gaps_and_is_none_of_them() -> None:
    client = interim(enrolled_from("2026-11-01"))
    assert coverage_gaps(client, TODAY, PRACTICE) == []
    assert [gap.code for gap in findings(client, CoverageDay(TODAY, PRACTICE))] == ["hand_over"]

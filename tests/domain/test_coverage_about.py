"""What a gap is about beside its words: whom, from when on, and what it hits."""

from dataclasses import replace

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_about import About
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import coverage_gaps
from caseapp.domain.enrollment import Enrollment
from tests.domain import examples
from tests.domain.examples import (
    AETNA,
    JO,
    MEDICAID,
    PRACTICE,
    TODAY,
    a_line,
    a_session,
    a_source,
    at,
    d,
    lea,
    managed,
)

MEI = replace(examples.MEI, id="mei")
SESSIONS = (a_session("2026-11-24T09:00"), a_session("2026-12-01T09:00"))


def the(client: ClientFacts, code: str) -> Gap:
    return next(gap for gap in coverage_gaps(client, TODAY, PRACTICE) if gap.code == code)


def test_a_line_that_nobody_covers_names_the_payor_and_the_first_session() -> None:
    about = the(lea(appointments=SESSIONS), "no_case_manager").about
    assert about == About(payor="AET", first_session=at("2026-11-24T09:00"), alone=2)


def test_a_line_that_opens_later_is_mended_from_the_day_that_is_in_time() -> None:
    client = lea(service_lines=(a_line(start=d("2026-12-01")),), appointments=SESSIONS[1:])
    assert the(client, "no_case_manager").about.begins == d("2026-11-30")


def test_a_line_that_is_not_open_is_opened_for_its_first_session() -> None:
    assert the(lea(service_lines=(), appointments=SESSIONS), "service_line_not_open").about.begins == d(
        "2026-11-24"
    )


def test_who_is_not_enrolled_is_named_with_the_payor() -> None:
    ends = replace(MEI, enrollments=(Enrollment("AET", "approved", d("2020-01-01"), d("2026-11-30")),))
    about = the(lea(case_managers=(managed(ends),), appointments=SESSIONS), "not_enrolled").about
    assert (about.clinician, about.payor, about.begins, about.sessions) == ("mei", "AET", d("2026-12-01"), 1)
    never = lea(case_managers=(managed(replace(MEI, enrollments=())),), appointments=SESSIONS)
    assert the(never, "not_enrolled").about.begins is None


def test_a_primary_payor_is_wanted_from_today_unless_today_has_one() -> None:
    client = lea(case_managers=(managed(MEI),), appointments=SESSIONS, funding_sources=())
    assert the(client, "no_primary_payor").about.begins is None
    ends = replace(client, funding_sources=(a_source(end=d("2026-11-30")),))
    assert the(ends, "no_primary_payor").about.begins == d("2026-12-01")


def test_the_secondary_payor_is_named_where_it_is_what_is_wrong() -> None:
    sources = (a_source(), a_source(MEDICAID, priority="secondary"))
    about = the(lea(case_managers=(managed(MEI),), funding_sources=sources), "secondary_not_enrolled").about
    assert (about.clinician, about.payor) == ("mei", "MED")


def test_a_late_start_names_the_case_manager_to_edit() -> None:
    client = lea(case_managers=(managed(MEI, "2026-11-24"),), appointments=SESSIONS)
    assert the(client, "starts_too_late").about.case_manager == "mei"


def test_a_session_with_two_errors_is_counted_alone_once() -> None:
    client = lea(appointments=SESSIONS, funding_sources=())
    gaps = coverage_gaps(client, TODAY, PRACTICE)
    assert {(gap.code, gap.at_risk) for gap in gaps} == {("no_primary_payor", 2), ("no_case_manager", 2)}
    assert sum(gap.about.alone for gap in gaps) == 2


def test_who_leaves_hits_the_sessions_of_the_fourteen_days_after() -> None:
    leaves = replace(MEI, active_to=d("2026-12-31"))
    coming = (
        a_session("2026-12-31T09:00"),
        a_session("2027-01-01T09:00"),
        a_session("2027-01-14T18:00"),
        a_session("2027-01-15T09:00"),
        a_session("2027-01-05T09:00", status="cancelled"),
        a_session("2027-01-05T09:00", service_line="OT"),
    )
    about = the(lea(case_managers=(managed(leaves),), appointments=coming), "clinician_leaves").about
    assert (about.clinician, about.begins, about.sessions) == ("mei", d("2027-01-01"), 2)


def test_sessions_that_another_covers_or_another_pays_are_not_hit() -> None:
    ends = replace(MEI, enrollments=(Enrollment("AET", "approved", d("2020-01-01"), d("2026-12-31")),))
    coming = (a_session("2027-01-02T09:00"), a_session("2027-01-08T09:00"), a_session("2027-01-09T09:00"))
    case_managers = (managed(ends, end="2027-01-08"), managed(JO, "2027-01-09"))
    client = lea(case_managers=case_managers, appointments=coming)
    assert the(client, "enrollment_ends").about.sessions == 2
    sources = (a_source(end=d("2027-01-05")), a_source(MEDICAID, start=d("2027-01-06")))
    assert the(replace(client, funding_sources=sources), "enrollment_ends").about.sessions == 1
    unpaid = replace(client, funding_sources=(a_source(end=d("2027-01-05")),))
    assert the(unpaid, "enrollment_ends").about.sessions == 1
    assert AETNA.code == the(client, "enrollment_ends").about.payor

"""Every worked case of coverage gaps, judged by the pure function; then what they do not say."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import coverage_gaps
from caseapp.domain.enrollment import Enrollment
from tests.domain.examples import (
    JO,
    LONG_AGO,
    MEDICAID,
    MEI,
    PRACTICE,
    a_line,
    a_session,
    a_source,
    at,
    d,
    lea,
    managed,
)
from tests.rule_cases import Case, gap_cases


@pytest.mark.parametrize("case", gap_cases(), ids=lambda case: case.name)
def test_a_worked_case_of_gaps_is_judged_as_written(case: Case) -> None:
    gaps = coverage_gaps(case.facts, date.fromisoformat(case.raw["on"]), case.practice)
    told = [
        [g.service_line, g.code, g.severity, g.mend_by.isoformat() if g.mend_by else None, g.at_risk]
        for g in gaps
    ]
    assert told == case.expect


def test_there_are_thirty_six_worked_cases() -> None:
    assert len(gap_cases()) == 36


ON = d("2026-11-22")


def gaps(client: ClientFacts, on: str = "2026-11-22") -> list[Gap]:
    return coverage_gaps(client, d(on), PRACTICE)


def the_gap(client: ClientFacts, on: str = "2026-11-22") -> Gap:
    """The one and only."""
    (gap,) = gaps(client, on)
    return gap


def gap_codes(client: ClientFacts, on: str = "2026-11-22") -> list[str]:
    return [gap.code for gap in gaps(client, on)]


def covered(**more: Any) -> ClientFacts:
    """Lea with Mei as her case manager for long."""
    return lea(**{"case_managers": (managed(),)} | more)


SESSION = a_session("2026-11-24T09:00")


def test_where_all_is_well_there_is_no_gap() -> None:
    assert gaps(covered(appointments=(SESSION,))) == []


def test_nobody_is_told_with_the_day_by_which_to_start() -> None:
    gap = the_gap(lea(appointments=(a_session("2026-11-26T09:00"), SESSION)))
    assert (gap.code, gap.severity, gap.mend_by, gap.at_risk) == (
        "no_case_manager",
        "error",
        d("2026-11-23"),
        2,
    )
    assert gap.message == ("No case manager. First session at risk Tue 24 Nov, 9:00 am: start by Mon 23 Nov.")


def test_nobody_without_a_session_has_no_day_to_be_mended_by() -> None:
    gap = the_gap(lea())
    assert (gap.code, gap.mend_by, gap.at_risk, gap.message) == (
        "no_case_manager",
        None,
        0,
        "No case manager.",
    )


def test_what_should_have_been_mended_yesterday_is_told_with_yesterday() -> None:
    gap = the_gap(lea(appointments=(a_session("2026-11-22T15:00"),)))
    assert gap.mend_by == d("2026-11-21")
    assert gap.mend_by < ON


@pytest.mark.parametrize(
    ("clinician", "code", "message"),
    [
        (
            replace(MEI, active_to=d("2026-10-31")),
            "clinician_inactive",
            "Mei Lindqvist: left on 31 Oct 2026.",
        ),
        (
            replace(MEI, active_from=d("2027-01-01")),
            "clinician_inactive",
            "Mei Lindqvist: active only from 1 Jan 2027.",
        ),
        (replace(MEI, npi=None), "npi_missing", "Mei Lindqvist: no NPI."),
        (replace(MEI, npi="1234567890"), "npi_missing", "Mei Lindqvist: NPI not valid."),
        (replace(MEI, enrollments=()), "not_enrolled", "Mei Lindqvist: not enrolled with Aetna."),
    ],
)
def test_what_keeps_a_name_off_the_claims_is_told_and_mended_by_the_first_session(
    clinician: Clinician, code: str, message: str
) -> None:
    gap = the_gap(lea(case_managers=(managed(clinician),), appointments=(SESSION,)))
    assert (gap.code, gap.severity, gap.mend_by, gap.at_risk) == (code, "error", d("2026-11-24"), 1)
    assert gap.message == f"{message} First session at risk Tue 24 Nov, 9:00 am."


def test_without_a_primary_payor_the_sessions_are_at_risk() -> None:
    gap = the_gap(covered(funding_sources=(), appointments=(SESSION,)))
    assert (gap.code, gap.at_risk) == ("no_primary_payor", 1)
    assert gap.message == "No primary payor. First session at risk Tue 24 Nov, 9:00 am."


def test_a_session_of_a_line_that_is_not_received_is_judged_for_nothing_else() -> None:
    gap = the_gap(lea(service_lines=(), funding_sources=(), appointments=(SESSION,)))
    assert (gap.code, gap.at_risk) == ("service_line_not_open", 1)
    assert gap.message == ("Lea does not receive ST on that day. First session at risk Tue 24 Nov, 9:00 am.")


def test_a_start_less_than_24_hours_before_is_told_with_the_session_that_decides() -> None:
    gap = the_gap(
        lea(case_managers=(managed(start="2026-11-22"),), appointments=(a_session("2026-11-22T15:00"),))
    )
    assert (gap.code, gap.at_risk, gap.mend_by) == ("starts_too_late", 1, d("2026-11-21"))
    assert gap.message == (
        "Mei Lindqvist starts on 22 Nov 2026, less than 24 hours before the session Sun 22 Nov, 3:00 pm."
    )


def test_a_late_start_puts_no_session_at_risk_that_another_covers() -> None:
    client = lea(
        case_managers=(managed(JO, "2026-11-23", "2026-11-23"), managed(start="2026-11-25")),
        appointments=(a_session("2026-11-23T09:00"), a_session("2026-11-25T09:00")),
    )
    late = next(gap for gap in gaps(client) if gap.code == "starts_too_late")
    # Jo starts on the day of a session, and Mei after a day without anybody.
    assert late.at_risk == 2
    ended = lea(
        case_managers=(managed(JO, end="2026-11-24"), managed(start="2026-11-25")),
        appointments=client.appointments,
    )
    assert gaps(ended) == []


def test_a_late_start_puts_no_session_at_risk_on_which_the_line_is_not_received() -> None:
    client = lea(
        service_lines=(a_line(d("2026-11-25")),),
        case_managers=(managed(start="2026-11-25"),),
        appointments=(a_session("2026-11-24T09:00"), a_session("2026-11-25T09:00")),
    )
    at_risk = {gap.code: gap.at_risk for gap in gaps(client)}
    assert at_risk == {"service_line_not_open": 1, "starts_too_late": 1}


def test_a_late_start_is_told_for_ninety_days() -> None:
    client = lea(case_managers=(managed(start="2026-11-22"),), appointments=(a_session("2026-11-20T15:00"),))
    assert gap_codes(client, "2027-02-18") == ["starts_too_late"]
    assert gap_codes(client, "2027-02-19") == []


def test_a_session_fourteen_days_ahead_counts_and_one_the_day_after_does_not() -> None:
    last = a_session("2026-12-06T23:30")
    assert the_gap(lea(appointments=(last,))).at_risk == 1
    assert the_gap(lea(appointments=(a_session("2026-12-07T00:00"),))).at_risk == 0


@pytest.mark.parametrize(
    "more", [{"status": "cancelled"}, {"billable": False}, {"starts_at": at("2026-11-21T23:30")}]
)
def test_what_is_not_counted_or_was_before_is_no_risk(more: dict[str, Any]) -> None:
    session = replace(SESSION, **more)
    assert the_gap(lea(appointments=(session,))).at_risk == 0


def test_a_client_on_hold_or_discharged_is_asked_only_of_lines_with_a_session() -> None:
    for status in ("on_hold", "discharged"):
        assert gaps(lea(status=status)) == []
        client = lea(
            status=status, service_lines=(a_line(), a_line(service_line="ABA")), appointments=(SESSION,)
        )
        assert the_gap(client).service_line == "ST"


def test_a_secondary_payor_is_a_warning_without_a_day() -> None:
    sources = (a_source(), a_source(MEDICAID, priority="secondary"))
    gap = the_gap(covered(funding_sources=sources, appointments=(SESSION,)))
    assert (gap.code, gap.severity, gap.mend_by, gap.at_risk) == (
        "secondary_not_enrolled",
        "warning",
        None,
        0,
    )
    assert gap.message == "Mei Lindqvist: not enrolled with Medicaid (secondary)."


def test_a_warning_is_hidden_by_the_error_of_the_same_cause() -> None:
    ends = managed(end="2026-11-30")
    after = a_session("2026-12-01T09:00")
    assert gap_codes(lea(case_managers=(ends,))) == ["case_manager_ends"]
    assert gap_codes(lea(case_managers=(ends,), appointments=(after,))) == ["no_case_manager"]

    lapses = replace(MEI, enrollments=(Enrollment("AET", "approved", LONG_AGO, d("2026-11-30")),))
    assert gap_codes(lea(case_managers=(managed(lapses),))) == ["enrollment_ends"]
    assert gap_codes(lea(case_managers=(managed(lapses),), appointments=(after,))) == ["not_enrolled"]

    changes = (a_source(end=d("2026-11-30")), a_source(MEDICAID, d("2026-12-01")))
    assert gap_codes(covered(funding_sources=changes)) == ["payor_changes"]
    assert gap_codes(covered(funding_sources=changes, appointments=(after,))) == ["not_enrolled"]

    leaves = replace(MEI, active_to=d("2026-11-30"))
    assert gap_codes(lea(case_managers=(managed(leaves),))) == ["clinician_leaves"]
    assert gap_codes(lea(case_managers=(managed(leaves),), appointments=(after,))) == ["clinician_inactive"]


def test_an_error_hides_no_warning_of_another_cause() -> None:
    leaves = replace(MEI, active_to=d("2026-11-30"), enrollments=())
    assert gap_codes(lea(case_managers=(managed(leaves),))) == ["not_enrolled", "clinician_leaves"]


def test_the_findings_of_two_lines_stand_side_by_side() -> None:
    client = lea(service_lines=(a_line(), a_line(service_line="ABA")))
    assert [(gap.service_line, gap.code) for gap in gaps(client)] == [
        ("ABA", "no_case_manager"),
        ("ST", "no_case_manager"),
    ]

from dataclasses import replace

import pytest

from caseapp.domain.clinician import Leave
from caseapp.domain.enrollment import Enrollment
from tests.domain.examples import (
    AETNA,
    LONG_AGO,
    MEDICAID,
    MEI,
    SELF,
    WITH_AETNA,
    a_source,
    codes,
    d,
    lea,
    managed,
    saved,
    the,
    told,
)


def until(text: str) -> Enrollment:
    return Enrollment("AET", "approved", LONG_AGO, d(text))


def test_a_secondary_and_a_tertiary_payor_are_told_each_with_the_standing() -> None:
    client = lea(
        funding_sources=(
            a_source(MEDICAID, priority="tertiary"),
            a_source(replace(MEDICAID, code="TRI", name="Tricare"), priority="secondary"),
            a_source(),
            a_source(SELF, priority="secondary"),
            a_source(replace(MEDICAID, code="OLD"), priority="inactive"),
        )
    )
    judgement = saved(client)
    assert [f.message for f in judgement.warnings] == [
        (
            "Mei Lindqvist is not enrolled with Tricare, the secondary payor (no application yet). "
            "What Tricare would pay may be denied."
        ),
        (
            "Mei Lindqvist is not enrolled with Medicaid, the tertiary payor (no application yet). "
            "What Medicaid would pay may be denied."
        ),
    ]
    assert codes(judgement) == ["secondary_not_enrolled"] * 2


def test_without_a_primary_payor_on_the_start_nothing_can_be_billed() -> None:
    client = lea(funding_sources=(a_source(start=d("2026-11-24")),))
    judgement = saved(client)
    assert codes(judgement) == ["no_primary_payor"]
    assert told(judgement, "no_primary_payor") == (
        "Lea has no primary payor on Mon 23 Nov: sessions cannot be billed until one is recorded."
    )


@pytest.mark.parametrize(
    ("end_date", "ends", "warned"),
    [
        # An open end: within 60 days after the later of today and the start date.
        ("", "2027-01-22", True),
        ("", "2027-01-23", False),
        # A given end: any day before it.
        ("2027-06-30", "2027-06-29", True),
        ("2027-06-30", "2027-06-30", False),
        ("2026-12-01", "2026-12-01", False),
    ],
)
def test_an_enrollment_that_ends_is_told_where_it_ends_too_soon(
    end_date: str, ends: str, warned: bool
) -> None:
    judgement = saved(lea(), replace(MEI, enrollments=(until(ends),)), end_date=end_date)
    assert codes(judgement) == (["enrollment_ends"] if warned else [])


def test_with_a_start_in_the_past_the_60_days_count_from_today() -> None:
    ends_in_60_days = replace(MEI, enrollments=(until("2027-01-21"),))
    assert codes(saved(lea(), ends_in_60_days, start_date="2026-01-05")) == ["enrollment_ends"]
    assert told(saved(lea(), ends_in_60_days), "enrollment_ends") == (
        "Mei Lindqvist's enrollment with Aetna ends on Thu 21 Jan. Renew it, or plan who follows."
    )
    assert (
        codes(saved(lea(), replace(MEI, enrollments=(until("2027-01-22"),)), start_date="2026-01-05")) == []
    )


def test_no_enrollment_ends_where_none_is_asked_for() -> None:
    client = lea(funding_sources=(a_source(SELF),))
    assert codes(saved(client, replace(MEI, enrollments=(until("2026-11-30"),)))) == []


def test_a_renewal_is_no_end() -> None:
    renewed = replace(MEI, enrollments=(until("2026-12-31"), Enrollment("AET", "approved", d("2027-01-01"))))
    assert codes(saved(lea(), renewed)) == []


def test_a_payor_to_come_is_told_where_the_clinician_is_not_enrolled_on_its_first_day() -> None:
    client = lea(funding_sources=(a_source(end=d("2026-12-31")), a_source(MEDICAID, d("2027-01-01"))))
    judgement = saved(client)
    assert told(judgement, "payor_changes") == (
        "Medicaid becomes the primary payor on Fri 1 Jan, and Mei Lindqvist is not enrolled with it then."
    )
    assert the(judgement, "payor_changes").short == "Medicaid from 1 Jan: not enrolled"
    in_time = replace(MEI, enrollments=(WITH_AETNA, Enrollment("MED", "approved", d("2027-01-01"))))
    too_late = replace(MEI, enrollments=(WITH_AETNA, Enrollment("MED", "approved", d("2027-01-02"))))
    assert codes(saved(client, in_time)) == []
    assert codes(saved(client, too_late)) == ["payor_changes"]
    assert codes(saved(client, end_date="2026-12-31")) == []
    assert codes(saved(client, end_date="2027-01-01")) == ["payor_changes"]


def test_the_same_payor_under_a_new_period_is_no_change() -> None:
    client = lea(
        funding_sources=(
            a_source(end=d("2026-12-31")),
            a_source(start=d("2027-01-01")),
            a_source(replace(AETNA, code="SEC"), d("2027-01-01"), priority="inactive"),
        )
    )
    assert codes(saved(client)) == []


def test_a_payor_that_begins_where_there_was_none_is_told_too() -> None:
    client = lea(funding_sources=(a_source(MEDICAID, d("2027-01-01")),))
    assert codes(saved(client)) == ["no_primary_payor", "payor_changes"]


def test_a_last_day_before_the_end_is_told() -> None:
    leaving = replace(MEI, active_to=d("2027-06-30"))
    judgement = saved(lea(), leaving)
    assert told(judgement, "clinician_leaves") == (
        "Mei Lindqvist's last day is Wed 30 Jun 2027. Plan who follows from the day after."
    )
    assert codes(saved(lea(), leaving, end_date="2027-07-01")) == ["clinician_leaves"]
    assert codes(saved(lea(), leaving, end_date="2027-06-30")) == []


def test_the_caseload_is_full_where_this_save_adds_one_too_many() -> None:
    limited = replace(MEI, caseload_limit=2)
    assert codes(saved(lea(), limited, others=1)) == []
    judgement = saved(lea(), limited, others=2)
    assert told(judgement, "caseload_full") == (
        "Mei Lindqvist now has 3 clients on 23 Nov 2026; the limit is 2."
    )
    assert told(saved(lea(), replace(MEI, caseload_limit=0)), "caseload_full").startswith(
        "Mei Lindqvist now has 1 client on"
    )


def test_the_caseload_counts_clients_once_and_only_active_ones() -> None:
    limited = replace(MEI, caseload_limit=1)
    two_lines = lea(case_managers=(managed(limited, service_line="ABA", id="aba"),))
    assert codes(saved(two_lines, limited, others=5)) == []
    assert codes(saved(lea(status="on_hold"), limited, others=5)) == []


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-12-07", "2026-12-18", "Mei Lindqvist is on leave 7–18 Dec. No change is needed"),
        ("2026-11-01", None, "Mei Lindqvist is on leave from 1 Nov. No change is needed"),
        ("2026-12-23", "2026-12-23", "Mei Lindqvist is on leave 23 Dec. No change is needed"),
        ("2026-12-24", "2026-12-31", None),
        ("2026-11-01", "2026-11-22", None),
    ],
)
def test_leave_is_information_and_asks_for_no_change(start: str, end: str | None, words: str | None) -> None:
    leave = Leave(start=d(start), end=d(end) if end else None)
    judgement = saved(lea(), replace(MEI, leaves=(leave,)))
    if words is None:
        assert judgement.warnings == ()
        return
    assert told(judgement, "on_leave").startswith(words)
    assert [f.severity for f in judgement.warnings] == ["information"]

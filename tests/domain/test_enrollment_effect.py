"""Which past sessions a change of an enrollment makes billable, and which no longer."""

from dataclasses import replace

import pytest

from caseapp.domain.enrollment import Enrollment
from caseapp.domain.enrollment_effect import Verdict, around, days_touched, verdict
from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.domain.payor import FundingSource
from caseapp.domain.period import Period
from tests.domain.examples import AETNA, MEI, SELF, TODAY, WITH_AETNA, a_source, d

IN_PROCESS = EnrollmentValues(
    payor="AET",
    status="in_process",
    applied_on=d("2026-06-01"),
    start_date=None,
    end_date=None,
    learned_on=None,
)
FROM_JULY = replace(IN_PROCESS, status="approved", start_date=d("2026-07-01"))
ENDED_IN_AUGUST = replace(FROM_JULY, status="terminated", end_date=d("2026-08-31"))
NOBODY = replace(MEI, enrollments=())


def told(
    before: EnrollmentValues | None,
    after: EnrollmentValues | None,
    day: str,
    sources: tuple[FundingSource, ...] = (a_source(),),
) -> Verdict | None:
    was, becomes = around(NOBODY, None, before, after)
    return verdict(was, becomes, sources, d(day), TODAY)


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        (IN_PROCESS, FROM_JULY, Period(start=d("2026-07-01"), end=TODAY)),
        (None, FROM_JULY, Period(start=d("2026-07-01"), end=TODAY)),
        (FROM_JULY, ENDED_IN_AUGUST, Period(start=d("2026-07-01"), end=TODAY)),
        (ENDED_IN_AUGUST, None, Period(start=d("2026-07-01"), end=d("2026-08-31"))),
        (None, replace(FROM_JULY, start_date=d("2019-01-01")), Period(start=d("2025-11-22"), end=TODAY)),
        (None, replace(FROM_JULY, start_date=d("2026-12-01")), None),
        (None, IN_PROCESS, None),
        (FROM_JULY, replace(FROM_JULY, applied_on=None), None),
    ],
)
def test_the_days_that_a_change_can_touch_lie_within_a_year_up_to_today(
    before: EnrollmentValues | None, after: EnrollmentValues | None, days: Period | None
) -> None:
    assert days_touched(before, after, TODAY) == days


def test_an_approval_makes_the_sessions_since_its_effective_date_billable() -> None:
    assert told(IN_PROCESS, FROM_JULY, "2026-06-30") is None
    assert told(IN_PROCESS, FROM_JULY, "2026-07-01") == Verdict(True, "Aetna", ())


def test_a_termination_takes_the_sessions_after_its_end() -> None:
    assert told(FROM_JULY, ENDED_IN_AUGUST, "2026-08-31") is None
    assert told(FROM_JULY, ENDED_IN_AUGUST, "2026-09-01") == Verdict(False, "Aetna", ())


def test_a_session_that_another_enrollment_covers_does_not_change() -> None:
    was, becomes = around(MEI, None, None, FROM_JULY)

    assert verdict(was, becomes, (a_source(),), d("2026-07-02"), TODAY) is None


def test_a_session_without_a_primary_payor_or_with_one_that_never_asks_does_not_change() -> None:
    assert told(None, FROM_JULY, "2026-07-02", ()) is None
    assert told(None, FROM_JULY, "2026-07-02", (a_source(SELF),)) is None
    assert told(None, FROM_JULY, "2026-07-02", (a_source(AETNA, priority="secondary"),)) is None


def test_another_payor_gives_to_one_and_takes_from_the_other() -> None:
    to_medicaid = replace(FROM_JULY, payor="MED")

    assert told(FROM_JULY, to_medicaid, "2026-07-02") == Verdict(False, "Aetna", ())
    assert told(to_medicaid, FROM_JULY, "2026-07-02") == Verdict(True, "Aetna", ())


def test_what_else_is_in_the_way_of_billing_is_said() -> None:
    without_npi = replace(NOBODY, npi=None, active_to=d("2026-07-31"))
    was, becomes = around(without_npi, None, None, FROM_JULY)

    assert verdict(was, becomes, (a_source(),), d("2026-08-02"), TODAY) == Verdict(
        True, "Aetna", ("left on 31 Jul 2026", "no NPI")
    )


def test_the_changed_enrollment_is_taken_out_of_those_that_stand() -> None:
    now = Enrollment("AET", "approved", d("2026-07-01"), None, d("2026-06-01"))
    clinician = replace(MEI, enrollments=(now,))

    was, becomes = around(clinician, now, IN_PROCESS, FROM_JULY)

    assert (was.enrollments, becomes.enrollments) == ((IN_PROCESS.enrollment,), (now,))


def test_where_it_is_gone_the_others_stand_as_they_are() -> None:
    was, becomes = around(MEI, None, FROM_JULY, None)

    assert (was.enrollments, becomes.enrollments) == ((WITH_AETNA, FROM_JULY.enrollment), (WITH_AETNA,))

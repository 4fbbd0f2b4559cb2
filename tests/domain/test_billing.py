from dataclasses import replace

import pytest

from caseapp.domain.billing import activity, enrollment, errors_on, is_enrolled, leave_words, npi, secondary
from caseapp.domain.clinician import Leave
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.payor import Payor
from tests.domain.examples import AETNA, LONG_AGO, MEDICAID, MEI, SELF, TODAY, a_source, d

SCHOOL = Payor("OAK", "Oak USD", "school_district", True)


def test_who_is_not_active_yet_or_no_longer_is_told_with_the_day() -> None:
    coming = activity(replace(MEI, active_from=d("2026-12-01")), d("2026-11-23"), TODAY)
    assert coming is not None
    assert coming.message == (
        "Mei Lindqvist is active only from 1 Dec 2026. "
        "Choose somebody who is active on Mon 23 Nov, or correct the clinician's dates."
    )
    gone = activity(replace(MEI, active_to=d("2026-11-20")), d("2026-11-23"), TODAY)
    assert gone is not None
    assert gone.message.startswith("Mei Lindqvist left on 20 Nov 2026. Choose somebody")
    assert gone.short == "left on 20 Nov 2026"
    assert (
        activity(replace(MEI, active_from=d("2026-11-23"), active_to=d("2026-11-23")), d("2026-11-23"), TODAY)
        is None
    )


@pytest.mark.parametrize(
    ("number", "what", "short"),
    [
        (None, "no NPI is recorded", "no NPI"),
        ("", "no NPI is recorded", "no NPI"),
        ("1234567890", "the NPI 1234567890 is not valid", "NPI not valid"),
    ],
)
def test_insurance_asks_for_a_valid_npi(number: str | None, what: str, short: str) -> None:
    finding = npi(replace(MEI, npi=number), AETNA)
    assert finding is not None
    assert finding.message == (
        f"Mei Lindqvist cannot go on claims to Aetna: {what}. "
        "Record the individual NPI, or choose somebody else."
    )
    assert finding.short == short
    assert npi(replace(MEI, npi=number), SELF) is None
    assert npi(replace(MEI, npi=number), SCHOOL) is None
    assert npi(MEI, AETNA) is None


def test_who_is_not_enrolled_is_told_with_the_standing_and_what_to_do() -> None:
    applied = replace(MEI, enrollments=(Enrollment("AET", "in_process", applied_on=d("2026-10-05")),))
    finding = enrollment(applied, AETNA, d("2026-11-23"), TODAY)
    assert finding is not None
    assert finding.message == (
        "Mei Lindqvist is not enrolled with Aetna on Mon 23 Nov (applied on 5 Oct, in process). "
        "Choose somebody who is enrolled, or record the enrollment first."
    )
    assert finding.short == "not enrolled with Aetna"
    assert enrollment(MEI, AETNA, d("2026-11-23"), TODAY) is None


def test_who_need_not_be_enrolled_counts_as_enrolled() -> None:
    nowhere = replace(MEI, enrollments=())
    assert is_enrolled(nowhere, SELF, TODAY)
    assert is_enrolled(nowhere, replace(SCHOOL, requires_enrollment=False), TODAY)
    assert not is_enrolled(nowhere, SCHOOL, TODAY)
    assert is_enrolled(MEI, AETNA, TODAY)


def test_the_payor_of_the_day_decides() -> None:
    sources = (a_source(end=d("2026-11-30")), a_source(MEDICAID, d("2026-12-01")))
    assert errors_on(MEI, sources, d("2026-11-30"), TODAY) == []
    assert [f.code for f in errors_on(MEI, sources, d("2026-12-01"), TODAY)] == ["not_enrolled"]
    assert errors_on(replace(MEI, npi=None), (), TODAY, TODAY) == []


def test_everything_that_keeps_a_name_off_the_claims_is_listed() -> None:
    nobody = replace(MEI, npi=None, enrollments=(), active_to=LONG_AGO)
    assert [f.code for f in errors_on(nobody, (a_source(),), TODAY, TODAY)] == [
        "clinician_inactive",
        "npi_missing",
        "not_enrolled",
    ]


def test_other_payors_are_asked_on_the_day_alone() -> None:
    sources = (a_source(), a_source(MEDICAID, end=d("2026-11-30"), priority="secondary"))
    told = secondary(MEI, sources, d("2026-11-30"), TODAY)
    assert [(f.code, f.severity, f.short) for f in told] == [
        ("secondary_not_enrolled", "warning", "not enrolled with Medicaid (secondary)")
    ]
    assert secondary(MEI, sources, d("2026-12-01"), TODAY) == []


def test_leaves_are_told_in_their_order_until_thirty_days_ahead() -> None:
    away = replace(
        MEI,
        leaves=(
            Leave(start=d("2026-12-22"), end=d("2027-01-04")),
            Leave(start=d("2026-11-20"), end=d("2026-11-22")),
            Leave(start=d("2026-12-23")),
            Leave(start=d("2026-11-01"), end=d("2026-11-21")),
        ),
    )
    told = leave_words(away, TODAY)
    assert [f.short for f in told] == [
        "On leave 20–22 Nov: no change needed",
        "On leave 22 Dec to 4 Jan: no change needed",
    ]
    assert {f.severity for f in told} == {"information"}
    assert [f.short for f in leave_words(away, TODAY, within=31)][
        -1
    ] == "On leave from 23 Dec: no change needed"

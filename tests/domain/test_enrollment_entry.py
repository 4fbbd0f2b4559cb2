"""What keeps an enrollment from being saved, and what is told after it."""

from dataclasses import asdict, replace

import pytest

from caseapp.domain.enrollment_entry import (
    EnrollmentEntry,
    EnrollmentJudgement,
    EnrollmentValues,
    judge_enrollment,
    values_told,
)
from tests.domain.examples import TODAY, d

PAYORS = {"AET": "Aetna", "MED": "Medicaid"}
APPROVED = EnrollmentEntry(payor="AET", status="approved", start_date="2026-02-03")
FROM_FEBRUARY = EnrollmentValues(
    payor="AET",
    status="approved",
    applied_on=None,
    start_date=d("2026-02-03"),
    end_date=None,
    learned_on=None,
)


def judged(
    entry: EnrollmentEntry = APPROVED, *others: EnrollmentValues, stored: EnrollmentValues | None = None
) -> EnrollmentJudgement:
    return judge_enrollment(entry, "Mei Lindqvist", PAYORS, others, TODAY, stored)


def errors(entry: EnrollmentEntry, *others: EnrollmentValues) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.field) for finding in judged(entry, *others).errors]


def test_an_effective_date_in_the_past_is_taken_without_a_word() -> None:
    assert judged(replace(APPROVED, start_date="2024-07-01")) == EnrollmentJudgement(
        values=replace(FROM_FEBRUARY, start_date=d("2024-07-01")), errors=(), warnings=()
    )


def test_what_is_missing_is_told_at_once() -> None:
    assert errors(EnrollmentEntry()) == [("required", "payor"), ("required", "status")]


def test_unknown_choices_and_dates_that_are_none_are_told_at_once() -> None:
    entry = EnrollmentEntry(
        payor="XYZ",
        status="perhaps",
        applied_on="soon",
        start_date="2026-02-30",
        end_date="1",
        learned_on="3000-01-01",
    )

    assert errors(entry) == [
        ("unknown_choice", "payor"),
        ("unknown_choice", "status"),
        ("invalid_date", "applied_on"),
        ("invalid_date", "start_date"),
        ("invalid_date", "end_date"),
        ("invalid_date", "learned_on"),
    ]


def test_an_end_before_the_start_is_refused() -> None:
    assert errors(replace(APPROVED, end_date="2026-02-02")) == [("end_before_start", "end_date")]
    assert errors(replace(APPROVED, end_date="2026-02-03")) == []


def test_a_terminated_enrollment_needs_both_days() -> None:
    assert errors(EnrollmentEntry(payor="AET", status="terminated")) == [
        ("required", "start_date"),
        ("required", "end_date"),
    ]


def test_a_terminated_enrollment_with_a_bad_date_is_told_of_that_alone() -> None:
    entry = replace(APPROVED, status="terminated", start_date="x", end_date="2026-05-01")

    assert errors(entry) == [("invalid_date", "start_date")]


@pytest.mark.parametrize("start_date", ["2026-02-03", ""])
def test_a_doubled_period_with_one_payor_is_refused(start_date: str) -> None:
    other = replace(FROM_FEBRUARY, start_date=d(start_date) if start_date else None)

    assert errors(replace(APPROVED, start_date=start_date), other) == [("taken", "start_date")]


def test_the_same_start_with_another_payor_is_fine() -> None:
    assert errors(APPROVED, replace(FROM_FEBRUARY, payor="MED")) == []


def test_the_words_of_a_doubled_period_say_what_stands_there() -> None:
    (finding,) = judged(APPROVED, FROM_FEBRUARY).errors

    assert finding.message == (
        "Aetna from 3 Feb 2026 is recorded already (approved). "
        "Edit that one, or enter another effective date."
    )


def test_nobody_learns_of_anything_in_the_future() -> None:
    assert errors(replace(APPROVED, learned_on="2026-11-23")) == [("in_future", "learned_on")]
    assert errors(replace(APPROVED, learned_on="2026-11-22")) == []


def test_what_an_import_took_may_stay_until_it_is_changed() -> None:
    stored = replace(FROM_FEBRUARY, learned_on=d("2027-01-01"))
    entry = replace(APPROVED, learned_on="2027-01-01")

    kept = judged(entry, stored=stored)
    changed = judged(replace(entry, learned_on="2027-01-02"), stored=stored)

    assert (kept.errors, [w.code for w in kept.warnings]) == ((), ["in_future"])
    assert [finding.code for finding in changed.errors] == ["in_future"]


@pytest.mark.parametrize(
    "entry",
    [
        EnrollmentEntry(payor="AET", status="approved"),
        EnrollmentEntry(payor="AET", status="in_process", start_date="2026-02-03"),
    ],
)
def test_what_does_not_count_yet_is_told_as_a_warning(entry: EnrollmentEntry) -> None:
    told = judged(entry)

    assert told.errors == ()
    assert [(w.code, w.severity) for w in told.warnings] == [("not_enrolled", "warning")]
    assert "Mei Lindqvist is not enrolled with Aetna" in told.warnings[0].message


def test_overlapping_periods_are_told_and_saved() -> None:
    told = judged(
        replace(APPROVED, end_date="2026-12-31"),
        replace(FROM_FEBRUARY, start_date=d("2026-06-01"), end_date=d("2027-05-31")),
    )

    assert told.errors == ()
    assert [w.message for w in told.warnings] == [
        "Aetna also stands from 1 Jun 2026 to 31 May 2027. The two share days and count as one enrollment."
    ]


def test_a_denied_period_overlaps_nothing() -> None:
    assert (
        judged(APPROVED, replace(FROM_FEBRUARY, status="denied", start_date=d("2026-06-01"))).warnings == ()
    )


def test_the_values_come_back_from_the_form_and_from_the_history() -> None:
    values = replace(FROM_FEBRUARY, applied_on=d("2025-12-01"), learned_on=d("2026-03-01"))

    assert judged(values.entry).values == values
    assert values_told({"clinician": "K-1", "version": 3, **values.told}) == values
    assert asdict(values.entry)["end_date"] == ""

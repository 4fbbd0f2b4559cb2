"""Which form mends which gap, and what is filled in."""

from datetime import date

import pytest

from caseapp.domain.coverage_about import About
from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.coverage_mending import Correction, correction_for, form_for
from tests.domain.examples import TODAY, d

LATER = d("2026-12-01")


@pytest.mark.parametrize(
    ("code", "words", "opens", "start", "suggests"),
    [
        ("service_line_not_open", "Open ST", "service_line", LATER, False),
        ("no_case_manager", "Assign ST case manager", "case_manager", LATER, True),
        ("clinician_inactive", "Change ST case manager", "case_manager", LATER, True),
        ("npi_missing", "Change ST case manager", "case_manager", LATER, True),
        ("not_enrolled", "Change ST case manager", "case_manager", LATER, True),
        ("no_primary_payor", "Add primary payor", "funding_source", LATER, False),
        ("starts_too_late", "Edit ST case manager", "case_manager", None, False),
        ("case_manager_ends", "Plan next ST case manager", "case_manager", LATER, True),
        ("enrollment_ends", "Plan next ST case manager", "case_manager", LATER, True),
        ("payor_changes", "Plan next ST case manager", "case_manager", LATER, True),
        ("clinician_leaves", "Plan next ST case manager", "case_manager", LATER, True),
        ("monthly_care_missed", "Add ST appointment", "appointment", None, False),
        ("hand_over", "Hand over from Tue 1 Dec", "case_manager", None, False),
    ],
)
def test_each_gap_opens_the_form_of_what_mends_it(
    code: str, words: str, opens: str, start: date | None, suggests: bool
) -> None:
    form = form_for("ST", code, None, About(begins=LATER, case_manager="cm"), TODAY)
    assert form is not None
    assert (form.words, form.opens, form.start, form.suggests) == (words, opens, start, suggests)
    assert form.short
    assert form.case_manager == ("cm" if code in ("starts_too_late", "hand_over") else "")


def test_only_a_secondary_payor_has_no_form_of_its_own() -> None:
    about = About(begins=LATER)
    assert [code for code in TITLES if form_for("ST", code, None, about, TODAY) is None] == [
        "secondary_not_enrolled"
    ]


def test_what_is_wanted_on_the_day_asked_is_filled_in_for_it() -> None:
    form = form_for("ST", "not_enrolled", TODAY, About(), TODAY)
    assert form is not None
    assert form.start == TODAY


def test_what_is_overdue_gets_no_date() -> None:
    form = form_for("ST", "no_case_manager", d("2026-11-21"), About(), TODAY)
    assert form is not None
    assert form.start is None


def test_a_hand_over_is_from_tomorrow_on_at_the_earliest() -> None:
    form = form_for("ST", "hand_over", None, About(begins=d("2026-11-01")), TODAY)
    assert form is not None
    assert form.hands_over_on == d("2026-11-23")


def test_the_fact_that_is_wrong_is_the_enrollment_or_the_clinician() -> None:
    about = About(clinician="mei", payor="AET")
    enrollment = Correction(words="Record enrollment of Mei", clinician="mei", payor="AET")
    assert correction_for("not_enrolled", about, "Mei") == enrollment
    assert correction_for("secondary_not_enrolled", about, "Mei") == enrollment
    assert correction_for("npi_missing", about, "Mei") == Correction(words="Edit Mei", clinician="mei")
    assert correction_for("no_primary_payor", about, "Mei") is None
    assert correction_for("not_enrolled", About(payor="AET"), "") is None

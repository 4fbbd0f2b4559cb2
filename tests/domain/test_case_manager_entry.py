from dataclasses import replace
from typing import Any

import pytest

from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.period import Period
from tests.domain.examples import d


def test_an_empty_form_is_told_what_to_fill() -> None:
    read = read_entry(CaseManagerEntry())
    assert [(f.code, f.field, f.message) for f in read.findings] == [
        ("required", "service_line", "Choose the service line."),
        ("required", "clinician", "Choose the case manager."),
        ("required", "start_date", "Enter the start date."),
    ]
    assert read.period is None


def test_what_was_typed_is_read_without_the_space_around_it() -> None:
    read = read_entry(
        CaseManagerEntry(service_line=" ST ", clinician=" mei\t", start_date=" 2026-11-23 ", end_date=" ")
    )
    assert (read.service_line, read.clinician) == ("ST", "mei")
    assert read.period == Period(start=d("2026-11-23"))
    assert read.findings == ()


@pytest.mark.parametrize(("field", "name"), [("start_date", "start date"), ("end_date", "end date")])
@pytest.mark.parametrize("text", ["2026-02-30", "23.11.2026", "2101-01-01", "1899-12-31", "\x00", "9" * 20])
def test_what_is_no_date_is_told_on_its_field_and_the_period_is_not_judged(
    field: str, name: str, text: str
) -> None:
    filled = CaseManagerEntry(service_line="ST", clinician="mei", start_date="2026-11-23")
    typed: dict[str, Any] = {field: text}
    read = read_entry(replace(filled, **typed))
    assert [(f.code, f.field) for f in read.findings] == [("invalid_date", field)]
    assert read.findings[0].message == (
        f"The {name} is not a date between 1900 and 2100. Enter it as year-month-day, for example 2026-11-23."
    )
    assert read.period is None


def test_an_end_before_the_start_is_told_and_the_period_is_not_judged() -> None:
    read = read_entry(
        CaseManagerEntry(service_line="ST", clinician="mei", start_date="2026-11-23", end_date="2026-11-22")
    )
    assert [(f.code, f.field) for f in read.findings] == [("end_before_start", "end_date")]
    assert "Enter the start date or a later day" in read.findings[0].message
    assert read.period is None


def test_one_day_is_a_period() -> None:
    read = read_entry(
        CaseManagerEntry(service_line="ST", clinician="mei", start_date="2026-11-23", end_date="2026-11-23")
    )
    assert read.period == Period(start=d("2026-11-23"), end=d("2026-11-23"))
    assert read.findings == ()


@pytest.mark.parametrize(
    ("reason", "code"), [("n" * 10_001, "too_long"), ("delete\x7f", "not_text"), ("next\x85line", "not_text")]
)
def test_a_reason_that_no_file_could_hold_is_told_on_its_field(reason: str, code: str) -> None:
    read = read_entry(
        CaseManagerEntry(service_line="ST", clinician="mei", start_date="2026-11-23", reason=reason)
    )
    assert [(f.code, f.field) for f in read.findings] == [(code, "reason")]


def test_a_reason_is_kept_as_a_note() -> None:
    assert read_entry(CaseManagerEntry(reason=" two\r\nlines ")).reason == "two\nlines"

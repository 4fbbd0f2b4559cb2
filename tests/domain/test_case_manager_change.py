"""Another clinician in the place of one who has covered sessions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from caseapp.domain.appointment import Appointment
from caseapp.domain.case_manager_change import change_findings, needs_kind, successor, told_at_change_date
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice

PRACTICE = Practice(ZoneInfo("America/New_York"))
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
STORED = CaseManager(
    id="cm", service_line="ST", clinician=Clinician(number="mei", first_name="Mei"), start=date(2026, 2, 3)
)
FACTS = ClientFacts(
    case_managers=(STORED,),
    appointments=(Appointment(service_line="ST", starts_at=datetime(2026, 3, 2, 15, tzinfo=UTC)),),
)
ENTRY = CaseManagerEntry(service_line="ST", clinician="jo", start_date="2026-02-03")


def told(
    entry: CaseManagerEntry, stored: CaseManager = STORED, facts: ClientFacts = FACTS
) -> list[list[str | None]]:
    found = change_findings(entry, read_entry(entry), facts, stored, NOW, PRACTICE)
    return [[finding.field, finding.code] for finding in found]


def test_it_must_be_said_which_is_meant_where_sessions_were_covered() -> None:
    assert told(ENTRY) == [["change_kind", "required"]]
    (finding,) = change_findings(ENTRY, read_entry(ENTRY), FACTS, STORED, NOW, PRACTICE)
    assert finding.message.startswith("Mei has covered 1 session.")


def test_nothing_is_asked_where_no_session_was_covered() -> None:
    assert told(ENTRY, facts=replace(FACTS, appointments=())) == []


def test_nothing_is_asked_where_the_clinician_stays_or_is_not_chosen() -> None:
    assert not needs_kind(replace(ENTRY, clinician="mei"), FACTS, STORED, NOW, PRACTICE)
    assert not needs_kind(replace(ENTRY, clinician=""), FACTS, STORED, NOW, PRACTICE)


def test_a_correction_needs_a_reason() -> None:
    correction = replace(ENTRY, change_kind="correction")
    assert told(correction) == [["reason", "required"]]
    assert told(replace(correction, reason="Typed the wrong name")) == []


def test_there_is_no_third_kind() -> None:
    assert told(replace(ENTRY, change_kind="whatever")) == [["change_kind", "unknown_choice"]]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("2026-02-30", "invalid_date"),
        ("2026-02-03", "change_too_early"),
        ("2026-12-02", "change_too_late"),
    ],
)
def test_the_first_day_lies_within_what_is_stored(typed: str, code: str) -> None:
    ended = replace(STORED, end=date(2026, 12, 1))
    entry = replace(ENTRY, change_kind="from_date", change_date=typed)
    assert told(entry, stored=ended) == [["change_date", code]]


def test_a_day_within_is_understood() -> None:
    assert told(replace(ENTRY, change_kind="from_date", change_date="2026-11-23")) == []


def test_from_a_date_on_the_line_and_the_start_stay() -> None:
    entry = replace(ENTRY, change_kind="from_date", change_date="2026-11-23", start_date="2026-03-01")
    assert told(entry) == [["change_kind", "change_one_thing"]]


def test_a_successor_starts_on_that_day_and_ends_the_stored_one() -> None:
    entry, read = successor(replace(ENTRY, change_kind="from_date", change_date="2026-11-23"))
    assert (entry.start_date, entry.end_current, entry.change_kind) == ("2026-11-23", True, "")
    assert read.start == date(2026, 11, 23)


def test_what_is_wrong_with_its_start_is_told_at_the_date_that_was_typed() -> None:
    findings = (
        Finding("overlap", "start_date", "error", "…"),
        Finding("not_enrolled", "clinician", "error", "…"),
    )
    assert [f.field for f in told_at_change_date(findings)] == ["change_date", "clinician"]

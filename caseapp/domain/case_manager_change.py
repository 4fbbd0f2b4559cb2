"""Another clinician in a case manager that has covered sessions: changed from a date, or a mistake corrected.

Source: docs/domain.md, *Changing and removing*.
"""

from dataclasses import replace
from datetime import datetime

from caseapp.domain import words
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry, read_entry
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.dates import day_of, parse_date
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice

FROM_DATE = "from_date"
CORRECTION = "correction"


def covered_sessions(facts: ClientFacts, stored: CaseManager, now: datetime, practice: Practice) -> int:
    """How many counted sessions the case manager has covered by now."""
    return sum(
        1
        for appointment in facts.appointments
        if appointment.service_line == stored.service_line
        and appointment.counted
        and appointment.starts_at < now
        and stored.holds(day_of(appointment.starts_at, practice.zone))
    )


def needs_kind(
    entry: CaseManagerEntry, facts: ClientFacts, stored: CaseManager, now: datetime, practice: Practice
) -> bool:
    """Another clinician takes the place of one who has covered sessions: it must be said which is meant.

    Where it has been said that the change is from a date on, that holds also of one who has covered none.
    """
    if entry.clinician.strip() in ("", stored.clinician.number):
        return False
    return entry.change_kind == FROM_DATE or covered_sessions(facts, stored, now, practice) > 0


def change_findings(
    entry: CaseManagerEntry,
    read: ReadEntry,
    facts: ClientFacts,
    stored: CaseManager,
    now: datetime,
    practice: Practice,
) -> list[Finding]:
    """What keeps a change of the clinician from being understood: which is meant, since when, and why."""
    if not needs_kind(entry, facts, stored, now, practice):
        return []
    if entry.change_kind == CORRECTION:
        if entry.reason.strip():
            return []
        return [_error("required", "reason", "Say why this is corrected: it covered past sessions.")]
    if entry.change_kind == FROM_DATE:
        return _from_date_findings(entry, read, stored, practice, now)
    if entry.change_kind:
        return [_error("unknown_choice", "change_kind", "Choose one of the two.")]
    covered = covered_sessions(facts, stored, now, practice)
    return [
        _error(
            "required",
            "change_kind",
            f"{stored.clinician.name} has covered {words.count(covered, 'session')}. Say which is meant: "
            "changed from a date on, or a mistake that you correct.",
        )
    ]


def _from_date_findings(
    entry: CaseManagerEntry, read: ReadEntry, stored: CaseManager, practice: Practice, now: datetime
) -> list[Finding]:
    today = day_of(now, practice.zone)
    if not entry.change_date.strip():
        return [_error("required", "change_date", "Enter the first day of the new case manager.")]
    try:
        first = parse_date(entry.change_date.strip())
    except ValueError:
        words_of_it = "The first day is not a date between 1900 and 2100. Enter it as year-month-day."
        return [_error("invalid_date", "change_date", words_of_it)]
    if first <= stored.start:
        after = words.short_day(stored.start, today)
        return [
            _error(
                "change_too_early",
                "change_date",
                f"{stored.clinician.name} started on {after}. Enter a later day, or correct the mistake.",
            )
        ]
    if stored.end is not None and first > stored.end:
        last = words.short_day(stored.end, today)
        return [
            _error(
                "change_too_late",
                "change_date",
                f"{stored.clinician.name} ends on {last}. Enter an earlier day, or add a new case manager.",
            )
        ]
    if (read.service_line, read.start) != (stored.service_line, stored.start):
        return [
            _error(
                "change_one_thing",
                "change_kind",
                "From a date on only the clinician and the end date can change. "
                "Put back the service line and the start date.",
            )
        ]
    return []


def successor(entry: CaseManagerEntry) -> tuple[CaseManagerEntry, ReadEntry]:
    """The addition that a change from a date means: it ends the stored one the day before."""
    added = replace(
        entry, start_date=entry.change_date, end_current=True, leave_uncovered=False, change_kind=""
    )
    return added, read_entry(added)


def told_at_change_date(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of the addition, those of its start date beside the date that was typed."""
    return tuple(
        replace(finding, field="change_date") if finding.field == "start_date" else finding
        for finding in findings
    )


def _error(code: str, field: str, message: str) -> Finding:
    return Finding(code, field, "error", message)

"""What somebody typed into the case-manager form, and its reading into values."""

from dataclasses import dataclass
from datetime import date

from caseapp.domain.dates import parse_date
from caseapp.domain.entry_reader import EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.period import Period

REQUIRED_WORDS = {
    "service_line": "Choose the service line.",
    "clinician": "Choose the case manager.",
    "start_date": "Enter the start date.",
    "reason": "Say why these past sessions are left without a case manager.",
}
DATE_WORDS = {"start_date": "start date", "end_date": "end date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManagerEntry:
    """The fields of the form as texts; dates as YYYY-MM-DD or empty."""

    service_line: str = ""
    clinician: str = ""
    start_date: str = ""
    end_date: str = ""
    for_clinician: str = ""
    end_current: bool = False
    leave_uncovered: bool = False
    reason: str = ""
    change_kind: str = ""
    change_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """An entry's values where they could be read, and what could not be.

    `start` and `end` are None where empty or unreadable; `period` is there only where both are in order,
    since a rule whose inputs are missing, invalid or out of order is not judged. `reason` is kept as a note.
    """

    service_line: str
    clinician: str
    start: date | None
    end: date | None
    period: Period | None
    reason: str
    findings: tuple[Finding, ...]


def read_entry(entry: CaseManagerEntry) -> ReadEntry:
    """Read the texts; findings `required`, `invalid_date`, `end_before_start`, `too_long`, `not_text`."""
    findings = [
        Finding("required", field, "error", REQUIRED_WORDS[field])
        for field in ("service_line", "clinician", "start_date")
        if not getattr(entry, field).strip()
    ]
    start = _date(entry.start_date, "start_date", findings)
    end = _date(entry.end_date, "end_date", findings)
    end_is_known = end is not None or not entry.end_date.strip()
    if start is not None and end is not None and end < start:
        findings.append(
            Finding(
                "end_before_start",
                "end_date",
                "error",
                "The end date lies before the start date. Enter the start date or a later day, "
                "or leave it empty while it is open.",
            )
        )
        end_is_known = False
    # It is exported, and has to come back from the file.
    reader = EntryReader({"reason": entry.reason}, {"reason": "reason"})
    reason = reader.note("reason")
    return ReadEntry(
        service_line=entry.service_line.strip(),
        clinician=entry.clinician.strip(),
        start=start,
        end=end,
        period=Period(start=start, end=end) if start is not None and end_is_known else None,
        reason=reason,
        findings=(*findings, *reader.findings),
    )


def _date(text: str, field: str, findings: list[Finding]) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        findings.append(
            Finding(
                "invalid_date",
                field,
                "error",
                f"The {DATE_WORDS[field]} is not a date between 1900 and 2100. "
                "Enter it as year-month-day, for example 2026-11-23.",
            )
        )
        return None

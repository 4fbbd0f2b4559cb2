"""What somebody typed to discharge or to readmit a client, and what keeps it from being saved.

Source: docs/domain.md, *Words* and *Coverage gaps*: what was recorded can always be ended, on true days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from caseapp.domain import words
from caseapp.domain.appointment import Appointment
from caseapp.domain.client import ClientServiceLine
from caseapp.domain.client_service_line_entry import (
    ServiceLineEntry,
    judge_service_line,
    left_behind,
    sessions_after,
)
from caseapp.domain.entry_reader import EntryReader
from caseapp.domain.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeEntry:
    """`last_day` as YYYY-MM-DD; `service_lines` are the codes of those that end that day."""

    last_day: str = ""
    service_lines: tuple[str, ...] = ()
    leave_sessions: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeJudgement:
    """`ended` are the service lines to end on `last_day`; `left` the sessions that lie after it."""

    last_day: date | None
    ended: tuple[ClientServiceLine, ...]
    left: tuple[Appointment, ...]
    errors: tuple[Finding, ...]


def open_lines(lines: Iterable[ClientServiceLine], day: date) -> list[ClientServiceLine]:
    """The service lines that go on after a day, or begin later."""
    return sorted(
        (line for line in lines if line.last > day), key=lambda line: (line.service_line, line.start)
    )


def judge_discharge(
    entry: DischargeEntry,
    lines: Iterable[ClientServiceLine],
    sessions: Iterable[Appointment],
    zone: ZoneInfo,
    today: date,
) -> DischargeJudgement:
    """Every broken rule at once; `lines` and `sessions` are the client's."""
    reader = EntryReader({"last_day": entry.last_day, "reason": entry.reason}, _LABELS)
    day = reader.day("last_day", required="Enter the client's last day.")
    reader.note("reason")
    if day is None:
        return DischargeJudgement(last_day=None, ended=(), left=(), errors=tuple(reader.findings))
    chosen = frozenset(entry.service_lines)
    standing = open_lines(lines, day)
    unknown = chosen - {line.service_line for line in lines}
    if unknown:
        reader.refuse(
            "unknown_choice", "service_lines", "The client does not receive that. Choose from the list."
        )
    ended = tuple(line for line in standing if line.service_line in chosen)
    late = [line for line in ended if line.start > day]
    if late:
        reader.refuse(
            "end_before_start",
            "last_day",
            f"{late[0].service_line} begins only on {words.day(late[0].start)}, after this day. Remove that "
            "service line if it will not be received, or enter a later day.",
        )
    if day > today and not ended:
        reader.refuse(
            "in_future",
            "last_day",
            "This day lies in the future, and no service line ends on it. "
            "Discharge on the last day or later.",
        )
    left = sessions_after(sessions, None, day, zone)
    if left and not entry.leave_sessions:
        reader.findings.append(left_behind("last_day", left, zone, today))
    return DischargeJudgement(last_day=day, ended=ended, left=tuple(left), errors=tuple(reader.findings))


_LABELS = {"last_day": "last day", "start_date": "start date", "reason": "reason"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmissionEntry:
    """`start_date` as YYYY-MM-DD; `service_lines` are the codes of those that begin anew on it."""

    start_date: str = ""
    service_lines: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmissionJudgement:
    opened: tuple[ClientServiceLine, ...]
    errors: tuple[Finding, ...]


def judge_readmission(
    entry: ReadmissionEntry, known: Mapping[str, str], lines: Iterable[ClientServiceLine]
) -> ReadmissionJudgement:
    """Every broken rule at once; `known` are service lines by code, `lines` those of the client."""
    reader = EntryReader({"start_date": entry.start_date, "reason": entry.reason}, _LABELS)
    reader.note("reason")
    if not entry.service_lines:
        reader.day("start_date")
        return ReadmissionJudgement(opened=(), errors=tuple(reader.findings))
    lines = list(lines)
    opened: list[ClientServiceLine] = []
    errors = list(reader.findings)
    for code in dict.fromkeys(entry.service_lines):
        judged = judge_service_line(
            ServiceLineEntry(service_line=code, start_date=entry.start_date), known, lines
        )
        if judged.period:
            opened.append(judged.period)
        for finding in judged.errors:
            field = "service_lines" if finding.field == "service_line" else finding.field
            moved = Finding(finding.code, field, finding.severity, finding.message)
            if moved not in errors:
                errors.append(moved)
    return ReadmissionJudgement(opened=tuple(opened), errors=tuple(errors))


def proposed_lines(lines: Iterable[ClientServiceLine], day: date) -> list[str]:
    """The service lines to begin anew: those that ended last, and together, where none goes on."""
    lines = [line for line in lines if line.last < day]
    if not lines:
        return []
    latest = max(line.last for line in lines)
    return sorted({line.service_line for line in lines if line.last == latest})

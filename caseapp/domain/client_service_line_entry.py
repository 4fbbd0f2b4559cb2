"""What somebody typed of a client's service line, its reading into a period, and what hinders the save.

Source: docs/domain.md, *Words* (client service line) and *Coverage gaps* (`service_line_not_open`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.domain import words
from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientServiceLine
from caseapp.domain.dates import day_of
from caseapp.domain.entry_reader import LONGEST_NUMBER, EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.period import Period

LABELS = {"service_line": "service line", "start_date": "start date", "end_date": "end date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLineEntry:
    """The fields of the form as texts; `service_line` is a code, dates are YYYY-MM-DD or empty."""

    service_line: str = ""
    start_date: str = ""
    end_date: str = ""

    @property
    def empty(self) -> bool:
        """Nobody typed anything into this row."""
        return not any(text.strip() for text in asdict(self).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLineJudgement:
    """`period` is there where no error is."""

    period: ClientServiceLine | None
    errors: tuple[Finding, ...]


def told_of(line: ClientServiceLine) -> dict[str, Any]:
    """As the audit keeps them."""
    return {
        "service_line": line.service_line,
        "start_date": line.start.isoformat(),
        "end_date": line.end.isoformat() if line.end else None,
    }


def entry_of(line: ClientServiceLine) -> ServiceLineEntry:
    """As the form shows them."""
    return ServiceLineEntry(**{name: value or "" for name, value in told_of(line).items()})


def judge_service_line(
    entry: ServiceLineEntry, known: Mapping[str, str], others: Iterable[ClientServiceLine]
) -> ServiceLineJudgement:
    """Every broken rule at once; `known` are names by code, `others` the client's other service lines."""
    reader = EntryReader(asdict(entry), LABELS)
    code = reader.text("service_line", limit=LONGEST_NUMBER, required="Choose the service line.")
    if code and code not in known:
        reader.refuse(
            "unknown_choice",
            "service_line",
            "The practice has no such service line. Choose from the list.",
        )
    start = reader.day(
        "start_date", required="Enter the day from which the client receives the service line."
    )
    end = reader.day("end_date")
    reader.in_order("start_date", start, "end_date", end, "Enter the start date or a later day.")
    if start is None or reader.findings:
        return ServiceLineJudgement(period=None, errors=tuple(reader.findings))
    period = ClientServiceLine(service_line=code, start=start, end=end)
    standing = sorted(
        (other for other in others if other.service_line == code and other.overlaps(period)),
        key=lambda other: other.start,
    )
    if standing:
        reader.refuse("overlap", "start_date", _overlap(period, standing[0]))
    return ServiceLineJudgement(period=None if standing else period, errors=tuple(reader.findings))


def _overlap(period: ClientServiceLine, other: ClientServiceLine) -> str:
    code, since = other.service_line, words.day(other.start)
    until = f"to {words.day(other.end)}" if other.end else "with an open end"
    stands = f"{code} stands already from {since} {until}."
    if other.start > period.start:
        return f"{stands} End this one before {since}, or edit that one."
    if other.end is None:
        return f"{stands} Edit that one, or end it first."
    return f"{stands} Start after {words.day(other.end)}, or edit that one."


def sessions_after(
    sessions: Iterable[Appointment], lines: Iterable[str] | None, last_day: date, zone: ZoneInfo
) -> list[Appointment]:
    """The counted sessions of these service lines (None: of all) that lie after a last day, in order."""
    wanted = None if lines is None else frozenset(lines)
    return sorted(
        (
            session
            for session in sessions
            if session.counted
            and (wanted is None or session.service_line in wanted)
            and day_of(session.starts_at, zone) > last_day
        ),
        key=lambda session: session.starts_at,
    )


def left_behind(field: str, sessions: list[Appointment], zone: ZoneInfo, today: date) -> Finding:
    """`sessions_after`: a last day before the last session; the sentence names that session."""
    last = sessions[-1]
    when = f"{last.service_line} on {words.moment(last.starts_at, zone, today)}"
    which = (
        f"A session lies after this day: {when}."
        if len(sessions) == 1
        else f"{len(sessions)} sessions lie after this day, the last one {when}."
    )
    day = words.day(day_of(last.starts_at, zone))
    them, they = ("it", "it") if len(sessions) == 1 else ("them", "they")
    return Finding(
        "sessions_after",
        field,
        "error",
        f"{which} Enter {day} or a later day, cancel {them} first, or tick that {they} may stay.",
    )


def ended_with(line: ClientServiceLine, case_managers: Iterable[CaseManager], day: date) -> list[CaseManager]:
    """The case managers of a service line who stand on its last day and would go on after it."""
    return [
        cm for cm in case_managers if cm.service_line == line.service_line and cm.holds(day) and cm.last > day
    ]


def removal_finding(
    line: ClientServiceLine,
    case_managers: Iterable[CaseManager],
    sessions: Iterable[Appointment],
    zone: ZoneInfo,
    today: date,
) -> Finding | None:
    """`in_use`: who or what lies in the days of a service line, so that it cannot have been an error."""
    code = line.service_line
    standing = [cm for cm in case_managers if cm.service_line == code and cm.overlaps(line)]
    if standing:
        cm = standing[0]
        return _in_use(
            f"{cm.clinician.name} is {code} case manager from {words.day(cm.start)}, within these days. "
            "Remove that first, or end the service line instead."
        )
    held = [
        session
        for session in sessions
        if session.service_line == code and line.holds(day_of(session.starts_at, zone))
    ]
    if held:
        last = max(held, key=lambda session: session.starts_at)
        number = words.count(len(held), f"{code} session")
        verb, which = ("lies", "on") if len(held) == 1 else ("lie", "the last on")
        return _in_use(
            f"{number} {verb} within these days, {which} {words.moment(last.starts_at, zone, today)}. "
            "End the service line instead."
        )
    return None


def _in_use(message: str) -> Finding:
    return Finding("in_use", None, "error", message)


def span_words(period: Period) -> str:
    """from 3 Feb 2026; from 3 Feb 2026 to 1 Mar 2026."""
    until = f" to {words.day(period.end)}" if period.end else ""
    return f"from {words.day(period.start)}{until}"

"""Judge one line of a hand-over: the saves that it means, each by the rules of saving.

What a line means is said in hand_over_steps. Source: docs/domain.md, *Hand-over*.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from caseapp.domain import words
from caseapp.domain.case_manager import Chosen, judge
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY, day_of, parse_date
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_steps import Step, ends_on, facts_after, starts_on, steps_of
from caseapp.domain.practice import Practice

STAYS_AT_LEAST = timedelta(days=60)
"""As far ahead as a coverage gap tells that a case manager leaves."""
_FIELDS = {"clinician": "successor", "for_clinician": "successor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntry:
    """What was typed for one line; `version` is that of the case manager when the plan was drawn."""

    case_manager: str
    version: int | None = None
    successor: str = ""
    start_date: str = ""
    leave_out: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LineJudgement:
    """`steps` in the order of writing; empty where an error hinders the line, or it is left out."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()


def judge_line(
    hand_over: HandOver,
    cm: CaseManager,
    facts: ClientFacts,
    entry: LineEntry,
    successor: Clinician | None,
    *,
    others: int = 0,
    now: datetime,
    practice: Practice,
) -> LineJudgement:
    """Judge what was typed for one line; `others` are the successor's other active clients that day."""
    today = day_of(now, practice.zone)
    if entry.leave_out:
        if entry.reason.strip():
            return LineJudgement()
        return LineJudgement((_error("required", "reason", "Say why this line is left out."),))
    start, errors = read_start(hand_over, cm, entry.start_date, today)
    if not entry.successor.strip():
        errors.append(
            _error("required", "successor", "Choose the successor, or leave this line out with a reason.")
        )
    elif successor is None:
        errors.append(
            _error(
                "unknown_choice", "successor", "This practice has no such clinician. Choose one of the list."
            )
        )
    elif successor.number == hand_over.clinician.number:
        errors.append(
            _error(
                "oneself",
                "successor",
                f"A hand-over from {successor.name} to the same person changes nothing. "
                "Choose somebody else.",
            )
        )
        successor = None
    if start is None or successor is None:
        return LineJudgement(tuple(errors))
    found, warnings = _judge_saves(hand_over, cm, facts, successor, start, others, now, practice)
    errors += found
    leaves = leaves_too(successor, start, ends_on(hand_over, cm), today)
    errors += [leaves] if leaves else []
    if errors:
        return LineJudgement(tuple(errors))
    warnings += _left_between(hand_over, cm, start, today)
    return LineJudgement((), tuple(warnings), steps_of(hand_over, cm, successor, start))


def read_start(
    hand_over: HandOver, cm: CaseManager, text: str, today: date
) -> tuple[date | None, list[Finding]]:
    """The successor's first day: what was typed, or the first one that there is; or why it cannot be."""
    if not text.strip():
        return None, [_error("required", "start_date", "Enter the first day of the successor.")]
    try:
        start = parse_date(text.strip())
    except ValueError:
        message = "This is not a date between 1900 and 2100. Enter it as year-month-day."
        return None, [_error("invalid_date", "start_date", message)]
    name = cm.clinician.name
    end = ends_on(hand_over, cm)
    if start < cm.start:
        since = words.short_day(cm.start, today)
        told = f"{name} is case manager only from {since}. Enter that day or a later one."
        return None, [_error("change_too_early", "start_date", told)]
    if start < today:
        told = "This day is past, and a hand-over is for days to come. Enter today or a later day."
        return None, [_error("start_past", "start_date", told)]
    if end is not None and start > end:
        if end < cm.last:
            told = f"{name} is back on {words.short_day(end + ONE_DAY, today)}. Enter an earlier day."
        else:
            told = f"{name} ends on {words.short_day(end, today)}. Enter that day or an earlier one."
        return None, [_error("change_too_late", "start_date", told)]
    return start, []


def leaves_too(successor: Clinician, start: date, end: date | None, today: date) -> Finding | None:
    """A successor stays: their own last day does not come within 60 days, before the end of it."""
    last_day = successor.active_to
    if last_day is None or last_day < start or last_day >= start + STAYS_AT_LEAST:
        return None
    if end is not None and last_day >= end:
        return None
    when = words.short_day(last_day, today)
    return Finding(
        "successor_leaves",
        "successor",
        "error",
        f"{successor.name} leaves on {when}, soon after the hand-over. Choose somebody who stays.",
        f"leaves on {when}",
    )


def errors_of_the_days(
    hand_over: HandOver, cm: CaseManager, facts: ClientFacts, start: date, now: datetime, practice: Practice
) -> list[Finding]:
    """What would hinder the saves whoever the successor were; the person's rules are asked apart."""
    return [
        finding
        for finding in _judge_saves(hand_over, cm, facts, None, start, 0, now, practice)[0]
        if (finding.code, finding.field) != ("required", "successor")
    ]


def _judge_saves(
    hand_over: HandOver,
    cm: CaseManager,
    facts: ClientFacts,
    successor: Clinician | None,
    start: date,
    others: int,
    now: datetime,
    practice: Practice,
) -> tuple[list[Finding], list[Finding]]:
    """The errors and warnings of the successor's save, and the errors of the return after an absence."""
    end = ends_on(hand_over, cm)
    steps = steps_of(hand_over, cm, successor or hand_over.clinician, start)
    entry = CaseManagerEntry(
        service_line=cm.service_line,
        clinician=successor.number if successor else "",
        start_date=start.isoformat(),
        end_date=end.isoformat() if end else "",
        end_current=start > cm.start,
    )
    whole = judge(
        entry,
        read_entry(entry),
        facts,
        Chosen(known_lines=(cm.service_line,), clinician=successor, others=others),
        now=now,
        practice=practice,
        stored=None if start > cm.start else cm,
    )
    found = [replace(f, field=_FIELDS.get(f.field or "", "start_date")) for f in whole.errors]
    warnings = [replace(f, field=_FIELDS.get(f.field or "", "start_date")) for f in whole.warnings]
    if end is None or end >= cm.last:
        return found, warnings
    returns = steps[-1].after
    entry = CaseManagerEntry(
        service_line=cm.service_line,
        clinician=cm.clinician.number,
        start_date=returns.start.isoformat(),
        end_date=returns.end.isoformat() if returns.end else "",
    )
    back = judge(
        entry,
        read_entry(entry),
        facts_after(facts, steps[:-1]),
        Chosen(known_lines=(cm.service_line,), clinician=cm.clinician),
        now=now,
        practice=practice,
    )
    when = words.short_day(returns.start, day_of(now, practice.zone))
    found += [
        replace(f, field="start_date", message=f"When {cm.clinician.name} is back on {when}: {f.message}")
        for f in back.errors
    ]
    return found, warnings


def _left_between(hand_over: HandOver, cm: CaseManager, start: date, today: date) -> list[Finding]:
    """Days on which somebody who has left stays on record, for the successor starts later."""
    due = starts_on(hand_over, cm)
    if not hand_over.leaving or start <= due:
        return []
    days = words.span(due, start - ONE_DAY, today)
    return [
        Finding(
            "stays_on_record",
            "start_date",
            "warning",
            f"{cm.clinician.name} stays on record for {days} without being there: "
            "sessions of these days cannot be billed.",
        )
    ]


def _error(code: str, field: str, message: str) -> Finding:
    return Finding(code, field, "error", message)

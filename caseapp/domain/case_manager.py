"""Judge one save of a case manager: every broken rule at once, or what is told after it went through.

Source: docs/domain.md, *What must hold when a case manager is saved*; worked cases in
tests/data/rules/save_case_manager.json.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from caseapp.domain import case_manager_rules as rules
from caseapp.domain.case_manager_entry import REQUIRED_WORDS, CaseManagerEntry, ReadEntry
from caseapp.domain.case_manager_warnings import warnings
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY, day_of
from caseapp.domain.finding import Finding
from caseapp.domain.notice import Notice, judge_notice
from caseapp.domain.practice import Practice

# On an edit a rule is judged anew only where one of these fields changed.
INPUTS: dict[str, frozenset[str]] = {
    "service_line_not_open": frozenset({"service_line", "start_date"}),
    "wrong_discipline": frozenset({"service_line", "clinician"}),
    "cannot_be_responsible": frozenset({"clinician"}),
    "clinician_inactive": frozenset({"clinician", "start_date"}),
    "npi_missing": frozenset({"clinician", "start_date"}),
    "not_enrolled": frozenset({"clinician", "start_date"}),
    "overlap": frozenset({"service_line", "start_date", "end_date"}),
    "starts_too_late": frozenset({"service_line", "start_date", "end_date"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outcome of the rules, and what the form may offer beside them.

    `errors` hinder the save; `warnings` are there only where no error is. `current` is an earlier case
    manager in the way who could be ended on `current_ends`, the day before the new one starts;
    `past_sessions` the number of past sessions that could be left without a case manager.
    """

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    notice: Notice
    current: CaseManager | None
    current_ends: date | None
    past_sessions: int
    leaves_uncovered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the practice knows of the choices in an entry; None where it does not know one."""

    known_lines: Collection[str]
    clinician: Clinician | None
    for_clinician: Clinician | None = None
    others: int = 0
    """The clinician's other active clients on the start date."""


def judge(
    entry: CaseManagerEntry,
    read: ReadEntry,
    facts: ClientFacts,
    chosen: Chosen,
    *,
    now: datetime,
    practice: Practice,
    stored: CaseManager | None = None,
) -> Judgement:
    """Judge an entry on the facts before the save; `stored` is the case manager that an edit replaces."""
    today = day_of(now, practice.zone)
    itself = stored.id if stored else None
    line = read.service_line if read.service_line in chosen.known_lines else None
    current, ends = _current_in_the_way(facts, line, read, itself)
    made_room = _with_current_ended(facts, current, ends)
    after = made_room if entry.end_current else facts

    errors = [*read.findings, *_unknown_choices(entry, line, chosen)]
    if line and read.start:
        errors += _some(rules.service_line_not_open(after, line, read.start, today))
    if chosen.clinician:
        errors += rules.clinician_errors(chosen.clinician, after, line, read.start, today)
    notice, past, left = Notice(), 0, False
    if line and read.period:
        errors += _some(rules.overlap(after, line, read.period, itself, today))
        # Whoever stands in the way covers the days before: only the overlap is told until it is mended.
        counted_from = stored.uncovered_left_at if stored else None
        notice = judge_notice(
            made_room, line, read.period, practice, itself=itself, counted_from=counted_from
        )
        if notice.breaking and notice.breaking[-1].starts_at < now:
            past = len(notice.breaking)
        if entry.leave_uncovered and notice.breaking and notice.breaking[0].starts_at < now:
            left = True
            notice = judge_notice(made_room, line, read.period, practice, itself=itself, counted_from=now)
            if not entry.reason.strip():
                errors.append(Finding("required", "reason", "error", REQUIRED_WORDS["reason"]))
        errors += _some(rules.starts_too_late(after, line, notice, practice, now, today))

    told: list[Finding] = []
    if stored is not None:
        errors, told = _unchanged_told_as_warnings(errors, facts, read, stored, now, practice)
    if not errors and chosen.clinician and read.period:
        told += warnings(
            chosen.clinician,
            after,
            read.period,
            today,
            others=chosen.others,
            already=_is_already_a_client(facts, chosen.clinician, read.period.start),
        )
    return Judgement(
        errors=tuple(errors),
        warnings=() if errors else tuple(told),
        notice=notice,
        current=current,
        current_ends=ends,
        past_sessions=past,
        leaves_uncovered=left,
    )


def _some(finding: Finding | None) -> list[Finding]:
    return [] if finding is None else [finding]


def _unknown_choices(entry: CaseManagerEntry, line: str | None, chosen: Chosen) -> list[Finding]:
    unknown = []
    if entry.service_line.strip() and line is None:
        unknown.append(("service_line", "This practice has no such service line. Choose one of the list."))
    if entry.clinician.strip() and chosen.clinician is None:
        unknown.append(("clinician", "This practice has no such clinician. Choose one of the list."))
    if entry.for_clinician.strip() and chosen.for_clinician is None:
        unknown.append(("for_clinician", "This practice has no such clinician. Choose one of the list."))
    if chosen.for_clinician is not None and entry.for_clinician.strip() == entry.clinician.strip():
        unknown.append(("for_clinician", "Nobody stands in for themselves. Choose somebody else, or nobody."))
    return [Finding("unknown_choice", field, "error", message) for field, message in unknown]


def _is_already_a_client(facts: ClientFacts, clinician: Clinician, day: date) -> bool:
    return any(cm.clinician.number == clinician.number and cm.holds(day) for cm in facts.case_managers)


def _current_in_the_way(
    facts: ClientFacts, line: str | None, read: ReadEntry, itself: str | None
) -> tuple[CaseManager | None, date | None]:
    """The earlier case manager who holds the start date, and the day on which to end them."""
    if line is None or read.period is None:
        return None, None
    standing = rules.blocking(facts, line, read.period, itself)
    if not standing or standing[0].start >= read.period.start:
        return None, None
    return standing[0], read.period.start - ONE_DAY


def _with_current_ended(facts: ClientFacts, current: CaseManager | None, ends: date | None) -> ClientFacts:
    if current is None:
        return facts
    kept = tuple(replace(cm, end=ends) if cm.id == current.id else cm for cm in facts.case_managers)
    return replace(facts, case_managers=kept)


def _unchanged_told_as_warnings(
    errors: list[Finding],
    facts: ClientFacts,
    read: ReadEntry,
    stored: CaseManager,
    now: datetime,
    practice: Practice,
) -> tuple[list[Finding], list[Finding]]:
    """Part the errors of an edit into those that hinder it and those that the stored values already had.

    Source: docs/domain.md, *On an edit*: setting or shortening the end date judges the dates alone.
    """
    changed = {
        name
        for name, was, now_is in (
            ("service_line", stored.service_line, read.service_line),
            ("clinician", stored.clinician.number, read.clinician),
            ("start_date", stored.start, read.start),
            ("end_date", stored.end, read.end),
        )
        if was != now_is
    }
    only_ended = changed == {"end_date"} and read.end is not None and read.end < stored.last
    before = _stored_codes(facts, stored, now, practice)
    hindering, told = [], []
    for error in errors:
        inputs = INPUTS.get(error.code)
        if inputs and error.code in before and (only_ended or not inputs & changed):
            told.append(replace(error, severity="warning"))
        else:
            hindering.append(error)
    return hindering, told


def _stored_codes(facts: ClientFacts, stored: CaseManager, now: datetime, practice: Practice) -> set[str]:
    """The codes of the rules that the stored values break on today's facts."""
    today = day_of(now, practice.zone)
    line = stored.service_line
    notice = judge_notice(
        facts, line, stored, practice, itself=stored.id, counted_from=stored.uncovered_left_at
    )
    found = [
        rules.service_line_not_open(facts, line, stored.start, today),
        *rules.clinician_errors(stored.clinician, facts, line, stored.start, today),
        rules.overlap(facts, line, stored, stored.id, today),
        rules.starts_too_late(facts, line, notice, practice, now, today),
    ]
    return {finding.code for finding in found if finding is not None}

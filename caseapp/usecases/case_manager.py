"""Add and edit a client's case managers: load the facts, ask the domain, write, commit."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.case_manager import Judgement, judge
from caseapp.domain.case_manager_change import (
    CORRECTION,
    FROM_DATE,
    change_findings,
    needs_kind,
    successor,
    told_at_change_date,
)
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry, read_entry
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, begin_write
from caseapp.usecases import audit
from caseapp.usecases.case_manager_facts import Case, load_case, values_of
from caseapp.usecases.case_manager_write import end_current, facts_after, write
from caseapp.usecases.conflict import changed_meanwhile, removed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, UnknownRecord
from caseapp.usecases.record import Change, asked_again


@dataclass(frozen=True, slots=True)
class Saved:
    """It stands. `case_manager` is its public ID, `ended` that of the current one that made room.

    `again` tells that it stood already, and that nothing was written.
    `covered` and `uncovered` are the open service lines that have, or no longer have, somebody today by it.
    """

    case_manager: str
    message: str
    warnings: tuple[Finding, ...] = ()
    ended: str | None = None
    covered: frozenset[str] = frozenset()
    uncovered: frozenset[str] = frozenset()
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save: whose record, what was typed, and what the form knew when it was opened.

    `case_manager` is the public ID that an edit changes (None adds), `version` what the form was opened on.
    `form_token` makes the same form, sent twice, save once.
    """

    client: str
    entry: CaseManagerEntry
    case_manager: str | None = None
    version: int | None = None
    form_token: str | None = None


def save_case_manager(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing. Where another writer was faster and the
    database refuses the days, the rules are asked again: they then tell the overlap that the database saw.
    """
    return asked_again(session, lambda: _save(session, actor, now, practice, request))


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    begin_write(session)
    asked = _asked(request)
    case = load_case(
        session,
        actor,
        request.client,
        asked.read,
        for_clinician=asked.entry.for_clinician,
        form_token=request.form_token,
    )
    stored = case.by_id(request.case_manager)
    if (
        stored is not None
        and asked.follows
        and not needs_kind(request.entry, case.facts, stored, now, practice)
    ):
        asked = _Asked(request.entry, read_entry(request.entry), follows=False)
    before = _saved_before(case, request, asked)
    if isinstance(before, Refused):
        session.rollback()
        return before
    if before is not None:
        return _answer_again(session, now, practice, case, asked, before)
    if request.case_manager and stored is None:
        return _refuse_removed(session, practice, case, request.case_manager)
    if stored is not None and case.rows[stored.id].version != request.version:
        told = changed_meanwhile(session, "case_manager", stored.id, request.version, practice, case.names)
        session.rollback()
        return Refused((told,), case.rows[stored.id].version)

    errors, judgement = _judge(case, request, asked, stored, now, practice)
    if errors:
        session.rollback()
        return Refused(errors, request.version)
    events: list[dict[str, Any]] = []
    change = Change(session, actor, now, "case_manager", CaseManager, client_id=case.client_id, later=events)
    ended = end_current(change, case, asked.entry, judgement)
    written = None if asked.follows else stored
    change = replace(change, form_token=request.form_token)
    saved = write(change, case, asked.entry, asked.read, judgement, written)
    audit.append(session, events)
    after = facts_after(case, asked.read, asked.entry, judgement, saved, now)
    today = day_of(now, practice.zone)
    keep(session, case.client_id, after, case.line_ids, today, practice)
    session.commit()
    bare, still_bare = case.facts.uncovered_lines(today), after.uncovered_lines(today)
    return Saved(
        saved,
        _message(case, asked.read, judgement.current if ended else None),
        judgement.warnings,
        ended,
        covered=frozenset(bare - still_bare),
        uncovered=frozenset(still_bare - bare),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request wants written. `follows`: an edit that means a successor from a date on."""

    entry: CaseManagerEntry
    read: ReadEntry
    follows: bool


def _asked(request: SaveRequest) -> _Asked:
    if request.case_manager and request.entry.change_kind == FROM_DATE:
        return _Asked(*successor(request.entry), follows=True)
    return _Asked(request.entry, read_entry(request.entry), follows=False)


def _saved_before(case: Case, request: SaveRequest, asked: _Asked) -> str | Refused | None:
    """The public ID of what this request has saved before; Refused where its form saved something else."""
    edited = None if asked.follows else request.case_manager
    if case.done is not None:
        if case.done.is_of(case.client_id, edited, values_of(asked.read, asked.entry)):
            return case.done.case_manager
        row = case.rows.get(request.case_manager or "")
        return Refused((saved_before(),), row.version if row else None)
    if edited is None:
        same = _same(case, asked.read, asked.entry)
        return same.id if same else None
    stored = case.by_id(edited)
    if stored is None or case.rows[edited].version == request.version:
        return None
    return edited if _is(stored, asked.read, asked.entry) else None


def _answer_again(
    session: Session, now: datetime, practice: Practice, case: Case, asked: _Asked, saved: str
) -> Saved:
    """Answer as the first time; it may have been removed since."""
    judgement = judge(
        asked.entry,
        asked.read,
        case.facts,
        case.chosen,
        now=now,
        practice=practice,
        stored=case.by_id(saved),
    )
    session.rollback()
    if saved in case.removed:
        return Saved(saved, "This was saved before and has been removed since. It stays in History.")
    return Saved(saved, _message(case, asked.read, None), judgement.warnings, again=True)


def _judge(
    case: Case,
    request: SaveRequest,
    asked: _Asked,
    stored: clients.CaseManager | None,
    now: datetime,
    practice: Practice,
) -> tuple[tuple[Finding, ...], Judgement]:
    """The errors to tell, and the judgement; which rules apply is known only once the kind of change is."""
    unclear: list[Finding] = []
    if stored is not None:
        read = read_entry(request.entry)
        unclear = change_findings(request.entry, read, case.facts, stored, now, practice)
    judgement = judge(
        asked.entry,
        asked.read,
        case.facts,
        case.chosen,
        now=now,
        practice=practice,
        stored=None if asked.follows else stored,
    )
    if unclear and request.entry.change_kind != CORRECTION:
        return (*read_entry(request.entry).findings, *unclear), judgement
    errors = told_at_change_date(judgement.errors) if asked.follows else judgement.errors
    return (*errors, *unclear), judgement


def _refuse_removed(session: Session, practice: Practice, case: Case, public_id: str) -> Refused:
    session.rollback()
    if public_id not in case.removed:
        raise UnknownRecord
    gone = case.removed[public_id]
    return Refused((removed_meanwhile("case_manager", gone.by, gone.at, gone.reason, practice),))


def _message(case: Case, read: ReadEntry, ended: clients.CaseManager | None) -> str:
    """Saved: Mei Lindqvist is ST case manager from 23 Nov 2026."""
    if case.chosen.clinician is None or read.period is None:
        return "Saved."
    until = f" to {words.day(read.period.end)}" if read.period.end else ""
    text = (
        f"Saved: {case.chosen.clinician.name} is {read.service_line} case manager "
        f"from {words.day(read.period.start)}{until}."
    )
    return f"{text} {ended.clinician.name} ends the day before." if ended else text


def _is(cm: clients.CaseManager, read: ReadEntry, entry: CaseManagerEntry) -> bool:
    """The stored case manager is just what the entry asks for."""
    wanted = (read.service_line, read.clinician, read.start, read.end, entry.for_clinician.strip())
    return wanted == (
        cm.service_line,
        cm.clinician.number,
        cm.start,
        cm.end,
        cm.for_clinician.number if cm.for_clinician else "",
    )


def _same(case: Case, read: ReadEntry, entry: CaseManagerEntry) -> clients.CaseManager | None:
    """The case manager that an addition asks for where it stands already: it was pressed twice.

    A form without a token is told by its values; anything else on these days would be an overlap anyway.
    """
    if read.findings:
        return None
    return next((cm for cm in case.facts.case_managers if _is(cm, read, entry)), None)

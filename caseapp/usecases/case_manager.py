"""Add and edit a client's case managers: load the facts, ask the domain, write, commit."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.case_manager import Judgement, judge
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry, read_entry
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, begin_write, broken_constraint, new_public_id
from caseapp.usecases import audit
from caseapp.usecases.case_manager_facts import Case, load_case, values_of
from caseapp.usecases.conflict import changed_meanwhile, removed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, UnknownRecord


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
    try:
        return _save(session, actor, now, practice, request)
    except IntegrityError as error:
        session.rollback()
        if broken_constraint(error) is None:
            raise
        return _save(session, actor, now, practice, request)


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    begin_write(session)
    entry, read = request.entry, read_entry(request.entry)
    case = load_case(
        session,
        actor,
        request.client,
        read,
        for_clinician=entry.for_clinician,
        form_token=request.form_token,
    )
    done = case.done
    if done is not None and not done.is_of(case.client_id, request.case_manager, values_of(read, entry)):
        session.rollback()
        row = case.rows.get(request.case_manager or "")
        return Refused((saved_before(),), row.version if row else None)
    stored = case.by_id(done.case_manager if done else request.case_manager)
    again = done is not None
    if request.case_manager and stored is None and not again:
        return _refuse_removed(session, practice, case, request.case_manager)
    if stored is None and not again:
        stored = _same(case, read, entry)
        again = stored is not None
    elif stored is not None and case.rows[stored.id].version != request.version and not again:
        if not _is(stored, read, entry):
            told = changed_meanwhile(
                session, "case_manager", stored.id, request.version, practice, case.names
            )
            session.rollback()
            return Refused((told,), case.rows[stored.id].version)
        again = True

    judgement = judge(entry, read, case.facts, case.chosen, now=now, practice=practice, stored=stored)
    if again:
        session.rollback()
        saved = done.case_manager if done else stored.id if stored else ""
        if saved in case.removed:
            return Saved(saved, "This was saved before and has been removed since. It stays in History.")
        return Saved(saved, _message(case, read, None), judgement.warnings, again=True)
    if judgement.errors:
        session.rollback()
        return Refused(judgement.errors, request.version)
    ended = _end_current(session, actor, now, case, entry, judgement)
    saved = _write(session, actor, now, case, request, read, judgement, stored)
    after = _facts_after(case, read, entry, judgement, saved, now)
    today = day_of(now, practice.zone)
    keep(session, case.client_id, after, case.line_ids, today, practice)
    session.commit()
    bare, still_bare = case.facts.uncovered_lines(today), after.uncovered_lines(today)
    return Saved(
        saved,
        _message(case, read, judgement.current if ended else None),
        judgement.warnings,
        ended,
        covered=frozenset(bare - still_bare),
        uncovered=frozenset(still_bare - bare),
    )


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


def _end_current(
    session: Session, actor: Actor, now: datetime, case: Case, entry: CaseManagerEntry, judgement: Judgement
) -> str | None:
    current = judgement.current
    if not entry.end_current or current is None:
        return None
    before = case.rows[current.id].values
    after = {
        **before,
        "end_date": _text(judgement.current_ends),
        "version": case.rows[current.id].version + 1,
    }
    session.execute(
        update(CaseManager)
        .where(CaseManager.id == case.rows[current.id].id)
        .values(end_date=judgement.current_ends, version=CaseManager.version + 1)
    )
    audit.record(
        session,
        actor,
        now,
        "end",
        "case_manager",
        current.id,
        client_id=case.client_id,
        before=before,
        after=after,
    )
    return current.id


def _write(
    session: Session,
    actor: Actor,
    now: datetime,
    case: Case,
    request: SaveRequest,
    read: ReadEntry,
    judgement: Judgement,
    stored: clients.CaseManager | None,
) -> str:
    values: dict[str, Any] = {
        "service_line_id": case.line_ids[read.service_line],
        "clinician_id": case.clinician_ids[read.clinician],
        "for_clinician_id": case.clinician_ids.get(request.entry.for_clinician.strip()),
        "start_date": read.start,
        "end_date": read.end,
    }
    reason = request.entry.reason.strip() or None
    if judgement.leaves_uncovered:
        values |= {"uncovered_left_at": now, "uncovered_left_reason": reason}
    if stored is None:
        public_id, version, before = new_public_id(), 1, None
        session.execute(
            insert(CaseManager).values(
                **values, public_id=public_id, client_id=case.client_id, recorded_at=now, version=version
            )
        )
    else:
        row = case.rows[stored.id]
        public_id, version, before = stored.id, row.version + 1, row.values
        session.execute(update(CaseManager).where(CaseManager.id == row.id).values(**values, version=version))
    after = {**(before or {}), **values_of(read, request.entry), "version": version}
    if judgement.leaves_uncovered:
        after |= {"uncovered_left_at": now.isoformat(), "uncovered_left_reason": reason}
    audit.record(
        session,
        actor,
        now,
        "add" if stored is None else "edit",
        "case_manager",
        public_id,
        client_id=case.client_id,
        before=before,
        after=after,
        reason=reason,
        form_token=request.form_token or None,
    )
    return public_id


def _facts_after(
    case: Case, read: ReadEntry, entry: CaseManagerEntry, judgement: Judgement, saved: str, now: datetime
) -> clients.ClientFacts:
    """The client's facts as they stand after the save, so that they need not be read again."""
    assert read.period is not None
    assert case.chosen.clinician is not None
    before = case.by_id(saved)
    left_at = now if judgement.leaves_uncovered else before.uncovered_left_at if before else None
    kept = [cm for cm in case.facts.case_managers if cm.id != saved]
    if entry.end_current and judgement.current is not None:
        ended = replace(judgement.current, end=judgement.current_ends)
        kept = [ended if cm.id == ended.id else cm for cm in kept]
    added = clients.CaseManager(
        id=saved,
        service_line=read.service_line,
        clinician=case.chosen.clinician,
        for_clinician=case.chosen.for_clinician,
        start=read.period.start,
        end=read.period.end,
        uncovered_left_at=left_at,
    )
    ordered = sorted([*kept, added], key=lambda cm: cm.start)
    return replace(case.facts, case_managers=tuple(ordered))


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None

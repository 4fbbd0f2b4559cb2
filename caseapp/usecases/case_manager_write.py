"""Write an accepted case manager with its events, and say how the facts stand after it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, insert, update
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain.actor import Actor
from caseapp.domain.case_manager import Judgement
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry
from caseapp.models import CaseManager, new_public_id
from caseapp.usecases import audit
from caseapp.usecases.case_manager_facts import Case, StoredRow, values_of

_manager = cast(Table, CaseManager.__table__)
_EDIT = update(_manager).where(_manager.c.id == bindparam("edited", type_=Integer))


def end_current(
    session: Session, actor: Actor, now: datetime, case: Case, entry: CaseManagerEntry, judgement: Judgement
) -> str | None:
    """End the one in the way, where the entry says so; returns its public ID."""
    current = judgement.current
    if not entry.end_current or current is None:
        return None
    end_one(session, actor, now, case.client_id, current.id, case.rows[current.id], judgement.current_ends)
    return current.id


def end_one(
    session: Session,
    actor: Actor,
    now: datetime,
    client_id: int,
    public_id: str,
    row: StoredRow,
    last_day: date | None,
) -> None:
    """Let a case manager end on a day, with its event, in the caller's transaction."""
    session.execute(
        update(CaseManager)
        .where(CaseManager.id == row.id)
        .values(end_date=last_day, version=CaseManager.version + 1)
    )
    audit.record(
        session,
        actor,
        now,
        "end",
        "case_manager",
        public_id,
        client_id=client_id,
        before=row.values,
        after={**row.values, "end_date": _text(last_day), "version": row.version + 1},
    )


def write(
    session: Session,
    actor: Actor,
    now: datetime,
    case: Case,
    entry: CaseManagerEntry,
    read: ReadEntry,
    judgement: Judgement,
    stored: clients.CaseManager | None,
    form_token: str | None,
) -> str:
    """Insert the new one, or update `stored`; returns the public ID."""
    values: dict[str, Any] = {
        "service_line_id": case.line_ids[read.service_line],
        "clinician_id": case.clinician_ids[read.clinician],
        "for_clinician_id": case.clinician_ids.get(entry.for_clinician.strip()),
        "start_date": read.start,
        "end_date": read.end,
    }
    connection = session.connection()
    reason = read.reason or None
    if judgement.leaves_uncovered:
        values |= {"uncovered_left_at": now, "uncovered_left_reason": reason}
    if stored is None:
        public_id, version, before = new_public_id(), 1, None
        values |= {"public_id": public_id, "client_id": case.client_id, "recorded_at": now}
        connection.execute(insert(_manager), values | {"version": version})
    else:
        row = case.rows[stored.id]
        public_id, version, before = stored.id, row.version + 1, row.values
        connection.execute(_EDIT, values | {"version": version, "edited": row.id})
    after = {**(before or {}), **values_of(read, entry), "version": version}
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
        form_token=form_token or None,
    )
    return public_id


def facts_after(
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

"""Add, edit and remove a clinician's leaves. A leave changes no case manager and no coverage finding."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Integer, Table, bindparam, delete, select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.leave_entry import LeaveEntry, LeaveValues, judge_leave
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, Clinician, Leave, begin_write
from caseapp.usecases import audit
from caseapp.usecases.conflict import changed_meanwhile, removed_meanwhile, saved_before
from caseapp.usecases.done import done_by
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Change, Stored, asked_again

_leave = cast(Table, Leave.__table__)
_OF_CLINICIAN = (
    select(_leave)
    .where(_leave.c.clinician_id == bindparam("clinician", type_=Integer))
    .order_by(_leave.c.start_date, _leave.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveRequest:
    """One press of Save: `clinician` and `leave` are public IDs; without `leave` it adds."""

    clinician: str
    entry: LeaveEntry
    leave: str | None = None
    version: int | None = None
    form_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLeave:
    """One leave as it stands, and whose it is."""

    stored: Stored
    values: LeaveValues


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavesOf:
    """A clinician with all leaves, by public ID in the order of their first days."""

    clinician_id: int
    clinician: str
    number: str
    name: str
    leaves: dict[str, OpenLeave]


def save_leave(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: LeaveRequest
) -> Saved | Refused:
    """Save, or store nothing. Raises UnknownRecord. The same request again writes nothing."""
    return asked_again(session, lambda: _save(session, actor, now, practice, request))


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: LeaveRequest
) -> Saved | Refused:
    begin_write(session)
    of = leaves_of(session, request.clinician, lock=True)
    before = of.leaves.get(request.leave or "")
    others = [leave.values.period for key, leave in of.leaves.items() if key != request.leave]
    today = day_of(now, practice.zone)
    judged = judge_leave(request.entry, others, today)
    version = before.stored.version if before else None
    told = _told(of, judged.values) if judged.values else {}
    message = f"Saved: {of.name} is on leave {_span(judged.values, today)}." if judged.values else ""
    if done := done_by(session, request.form_token):
        session.rollback()
        if judged.values and done.is_of("leave", request.leave, told, subject_id=of.clinician):
            return Saved(done.public_id, message, judged.warnings)
        # Pressed twice, the first now stands in the way of itself.
        own = of.leaves.get(done.public_id)
        if not request.leave and own and own.values.entry == _trimmed(request.entry):
            return Saved(done.public_id, f"Saved: {of.name} is on leave {_span(own.values, today)}.")
        return Refused((saved_before(),), version)
    if request.leave and before is None:
        return _refuse_removed(session, practice, of, request.leave)
    if before and request.version != version:
        if judged.values == before.values:
            session.rollback()
            return Saved(before.stored.public_id, message, judged.warnings)
        conflict = changed_meanwhile(session, "leave", before.stored.public_id, request.version, practice, {})
        session.rollback()
        return Refused((conflict,), version)
    if judged.values is None:
        session.rollback()
        return Refused(judged.errors, version)
    change = Change(
        session, actor, now, "leave", Leave, subject_id=of.clinician, form_token=request.form_token
    )
    columns = {"start_date": judged.values.start_date, "end_date": judged.values.end_date}
    if before:
        public_id = before.stored.public_id
        change.change(before.stored, {**columns, "note": judged.values.note}, told)
    else:
        values = {**columns, "note": judged.values.note, "clinician_id": of.clinician_id}
        _, public_id = change.add(values, told)
    session.commit()
    return Saved(public_id, message, judged.warnings)


def remove_leave(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    clinician: str,
    leave: str,
    version: int | None,
) -> Saved | Refused:
    """Take off a leave entered in error; the history keeps it. Raises UnknownRecord.

    Removing again answers the same and writes nothing. Refused where somebody changed it since `version`.
    """
    begin_write(session)
    of = leaves_of(session, clinician, lock=True)
    gone = of.leaves.get(leave)
    if gone is None:
        removed = _removal(session, of, leave)
        session.rollback()
        if removed is None:
            raise UnknownRecord
        return Saved(leave, "This leave has been removed. It stays in the history.")
    if version is not None and version != gone.stored.version:
        conflict = changed_meanwhile(session, "leave", leave, version, practice, {})
        session.rollback()
        return Refused((conflict,), gone.stored.version)
    session.execute(delete(Leave).where(Leave.id == gone.stored.id))
    audit.record(
        session,
        actor,
        now,
        "remove",
        "leave",
        leave,
        subject_id=of.clinician,
        before=gone.stored.told,
        after={**gone.stored.told, "removed_at": now.isoformat()},
    )
    session.commit()
    span = _span(gone.values, day_of(now, practice.zone))
    return Saved(leave, f"Removed: the leave {span} of {of.name}. It stays in the history.")


def leaves_of(session: Session, clinician: str, *, lock: bool = False) -> LeavesOf:
    """The clinician's leaves, in two statements. Raises UnknownRecord."""
    statement = select(Clinician.id, Clinician.number, Clinician.first_name, Clinician.last_name).where(
        Clinician.public_id == clinician
    )
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise UnknownRecord
    return LeavesOf(
        clinician_id=row.id,
        clinician=clinician,
        number=row.number,
        name=f"{row.first_name} {row.last_name}".strip() or row.number,
        leaves=leaves_by_id(session, row.id, row.number),
    )


def leaves_by_id(session: Session, clinician_id: int, number: str) -> dict[str, OpenLeave]:
    """The leaves of the clinician with this row id and number, by public ID, the earliest first."""
    leaves: dict[str, OpenLeave] = {}
    for leave in session.connection().execute(_OF_CLINICIAN, {"clinician": clinician_id}):
        values = LeaveValues(start_date=leave.start_date, end_date=leave.end_date, note=leave.note)
        stored = Stored(leave.id, leave.public_id, leave.version, {"clinician": number, **values.told})
        leaves[leave.public_id] = OpenLeave(stored=stored, values=values)
    return leaves


def _told(of: LeavesOf, values: LeaveValues) -> dict[str, object]:
    return {"clinician": of.number, **values.told}


def _span(values: LeaveValues, today: date) -> str:
    return words.span(values.start_date, values.end_date, today)


def _trimmed(entry: LeaveEntry) -> LeaveEntry:
    note = entry.note.replace("\r\n", "\n").replace("\r", "\n").strip()
    return LeaveEntry(start_date=entry.start_date.strip(), end_date=entry.end_date.strip(), note=note)


def _removal(session: Session, of: LeavesOf, leave: str) -> AuditEvent | None:
    return session.scalars(
        select(AuditEvent).where(
            AuditEvent.entity == "leave",
            AuditEvent.entity_id == leave,
            AuditEvent.subject_id == of.clinician,
            AuditEvent.action == "remove",
        )
    ).first()


def _refuse_removed(session: Session, practice: Practice, of: LeavesOf, leave: str) -> Refused:
    event = _removal(session, of, leave)
    if event is None:
        session.rollback()
        raise UnknownRecord
    told = removed_meanwhile("leave", event.actor, event.at, event.reason, practice)
    session.rollback()
    return Refused((told,))

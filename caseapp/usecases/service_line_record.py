"""Add and edit service lines: load what an entry asks for, ask the domain, write, refresh, commit."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.domain.service_line_entry import LineEntry, LineValues, judge_line
from caseapp.models import AuditEvent, ClientTerm, CoverageTurn, ServiceLine, begin_write
from caseapp.usecases.answered import Press, answered
from caseapp.usecases.conflict import removed_meanwhile
from caseapp.usecases.coverage_touched import refresh_touched
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Change, Stored, asked_again

ENTITY = "service_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRequest:
    """One press of Save. `line` is the public ID that an edit changes (None adds)."""

    entry: LineEntry
    line: str | None = None
    version: int | None = None
    form_token: str | None = None


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A service line as an edit finds it."""

    stored: Stored
    values: LineValues


def open_line(session: Session, public_id: str, *, lock: bool = False) -> OpenLine:
    """The stored service line; `lock` keeps others from pointing at it meanwhile. Raises UnknownRecord."""
    statement = select(ServiceLine.__table__).where(ServiceLine.public_id == public_id)
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise UnknownRecord
    return _opened(row)


def _opened(row: Any) -> OpenLine:
    values = LineValues(code=row.code, name=row.name)
    return OpenLine(Stored(row.id, row.public_id, row.version, values.told), values)


def removal_of(session: Session, public_id: str) -> AuditEvent | None:
    """The event with which a service line was removed, None where it was not."""
    return session.scalars(
        select(AuditEvent).where(
            AuditEvent.entity == ENTITY, AuditEvent.entity_id == public_id, AuditEvent.action == "remove"
        )
    ).first()


def save_line(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: LineRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing.
    """
    return asked_again(
        session,
        lambda: _save(session, actor, now, practice, request, suspects=False),
        lambda: _save(session, actor, now, practice, request, suspects=True),
    )


def _save(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: LineRequest,
    *,
    suspects: bool,
) -> Saved | Refused:
    begin_write(session)
    before, holders = _find(session, request)
    judged = judge_line(request.entry, holders)
    values = judged.values
    press = Press(
        entity=ENTITY,
        edited=request.line,
        version=request.version,
        form_token=request.form_token,
        suspects=suspects,
        stored=before.stored if before else None,
        same=before is not None and before.values == values,
        told=values.told,
        message=_message(values),
        errors=judged.errors,
    )
    removed = partial(_refuse_removed, session, practice, request.line or "")
    if answer := answered(session, practice, press, removed):
        return answer
    change = Change(session, actor, now, ENTITY, ServiceLine, form_token=request.form_token)
    if before:
        public_id = before.stored.public_id
        change.change(before.stored, values.told, values.told)
        if before.values.code != values.code:
            _follow(session, before, values.code, now, practice)
    else:
        _, public_id = change.add(values.told, values.told)
    session.commit()
    return Saved(public_id, _message(values))


def _find(session: Session, request: LineRequest) -> tuple[OpenLine | None, dict[str, str]]:
    """The service line that an edit changes, and the names of others by code, in one statement.

    On PostgreSQL it keeps other writers of these rows out.
    """
    code = request.entry.code.strip()
    # What no database would look up is nobody's.
    taken = ServiceLine.code == (code if code.isprintable() else "")
    mine = ServiceLine.public_id == (request.line or "")
    rows = session.execute(
        select(ServiceLine.__table__).where(or_(mine, taken)).order_by(ServiceLine.id).with_for_update()
    ).all()
    before = next((_opened(row) for row in rows if row.public_id == request.line), None)
    return before, {row.code: row.name for row in rows if row.public_id != request.line}


def _follow(session: Session, before: OpenLine, code: str, now: datetime, practice: Practice) -> None:
    """What tells the code follows it: the terms by which clients are found, and the words of findings."""
    session.execute(
        update(ClientTerm)
        .where(ClientTerm.term == f"#{before.values.code}")
        .values(term=f"#{code}")
        .execution_options(synchronize_session=False)
    )
    judged = select(CoverageTurn.client_id).where(CoverageTurn.service_line_id == before.stored.id)
    refresh_touched(session, judged, day_of(now, practice.zone), practice)


def _refuse_removed(session: Session, practice: Practice, line: str) -> Refused:
    event = removal_of(session, line)
    if event is None:
        session.rollback()
        raise UnknownRecord
    told = removed_meanwhile(ENTITY, event.actor, event.at, event.reason, practice)
    session.rollback()
    return Refused((told,))


def _message(values: LineValues) -> str:
    return f"Saved: {values.name} ({values.code})."

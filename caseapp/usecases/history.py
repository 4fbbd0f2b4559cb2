"""The audit events of one page, newest first, with the names that they keep only as numbers and codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from caseapp.models import AuditEvent, Clinician, Payor

PAGE = 50
_hand_over = aliased(AuditEvent, name="hand_over")
_NAMED = ("clinician", "for_clinician", "payor")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it was recorded; `before` and `after` hold whole values, empty where there were none.

    `hand_over` are the values of the hand-over to which it belongs.
    """

    id: int
    at: datetime
    actor: str
    action: str
    entity: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None
    hand_over: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class History:
    """`older` is the id to go on from, None at the end; `names` are of clinicians and payors."""

    events: tuple[Event, ...]
    older: int | None
    names: dict[str, str]


def history_of(
    session: Session,
    *,
    client_id: int | None = None,
    subject_id: str | None = None,
    entity: str | None = None,
    before: int | None = None,
) -> History:
    """The events of a client (row id), or of a clinician or payor (public ID), that the actor may see.

    `entity` leaves one kind, `before` goes on behind an event. Two statements.
    """
    whose: ColumnElement[bool] = (
        AuditEvent.client_id == client_id if client_id is not None else AuditEvent.subject_id == subject_id
    )
    statement = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.actor,
            AuditEvent.action,
            AuditEvent.entity,
            AuditEvent.before,
            AuditEvent.after,
            AuditEvent.reason,
            _hand_over.after.label("hand_over"),
        )
        .outerjoin(_hand_over, and_(_hand_over.id == AuditEvent.batch_id, _hand_over.entity == "hand_over"))
        .where(whose)
        .order_by(AuditEvent.id.desc())
        .limit(PAGE + 1)
    )
    if entity is not None:
        statement = statement.where(AuditEvent.entity == entity)
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    rows = session.execute(statement).all()
    events = [
        Event(r.id, r.at, r.actor, r.action, r.entity, r.before or {}, r.after or {}, r.reason, r.hand_over)
        for r in rows[:PAGE]
    ]
    return History(tuple(events), events[-1].id if len(rows) > PAGE else None, _names(session, events))


def _names(session: Session, events: Iterable[Event]) -> dict[str, str]:
    kept = {
        str(values[field])
        for event in events
        for values in (event.before, event.after, event.hand_over or {})
        for field in _NAMED
        if values.get(field)
    }
    kept |= {
        number
        for event in events
        for values in (event.after, event.hand_over or {})
        for number in values.get("successors", ())
    }
    if not kept:
        return {}
    found = session.execute(
        union_all(
            select(Clinician.number, Clinician.first_name, Clinician.last_name).where(
                Clinician.number.in_(kept)
            ),
            select(Payor.code, Payor.name, literal("")).where(Payor.code.in_(kept)),
        )
    )
    return {key: f"{first} {last}".strip() for key, first, last in found}

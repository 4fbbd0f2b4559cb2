"""The audit events of one page, newest first, with the names that they keep only as numbers and codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Integer, Select, String, Table, and_, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent, Clinician, Payor

PAGE = 50
_NAMED = ("clinician", "for_clinician", "payor")

_event = cast(Table, AuditEvent.__table__)
_hand_over = _event.alias("hand_over")
_clinician = cast(Table, Clinician.__table__)
_payor = cast(Table, Payor.__table__)
_KEPT = bindparam("kept", expanding=True, type_=String)
_NAMES = union_all(
    select(_clinician.c.number, _clinician.c.first_name, _clinician.c.last_name).where(
        _clinician.c.number.in_(_KEPT)
    ),
    select(_payor.c.code, _payor.c.name, literal("")).where(_payor.c.code.in_(_KEPT)),
)


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

    Without either they are those of all records of the kind `entity`, which has no page for each.
    `entity` leaves one kind, `before` goes on behind an event. Two statements.
    """
    asked = {
        "whose": client_id if client_id is not None else subject_id,
        "entity": entity,
        "before": before,
        "part": PAGE + 1,
    }
    whose = _event.c.client_id if client_id is not None else _event.c.subject_id
    of_one = client_id is not None or subject_id is not None or entity is None
    statement = _statement(whose if of_one else None, entity is not None, before is not None)
    rows = session.connection().execute(statement, asked).all()
    events = [
        Event(row_id, at, actor, action, kind, was or {}, became or {}, reason, hand_over)
        for row_id, at, actor, action, kind, was, became, reason, hand_over in rows[:PAGE]
    ]
    kept = (values for e in events for values in (e.before, e.after, e.hand_over or {}))
    return History(tuple(events), events[-1].id if len(rows) > PAGE else None, names_of(session, kept))


@cache
def _statement(whose: Column[Any] | None, of_kind: bool, goes_on: bool) -> Select[Any]:
    """The events under so many filters. Put together once: the values come with each request."""
    statement = (
        select(
            _event.c.id,
            _event.c.at,
            _event.c.actor,
            _event.c.action,
            _event.c.entity,
            _event.c.before,
            _event.c.after,
            _event.c.reason,
            _hand_over.c.after.label("hand_over"),
        )
        .outerjoin_from(
            _event,
            _hand_over,
            and_(_hand_over.c.id == _event.c.batch_id, _hand_over.c.entity == "hand_over"),
        )
        .order_by(_event.c.id.desc())
        .limit(bindparam("part", type_=Integer))
    )
    if whose is not None:
        statement = statement.where(whose == bindparam("whose", type_=whose.type))
    if of_kind:
        statement = statement.where(_event.c.entity == bindparam("entity", type_=String))
    if goes_on:
        statement = statement.where(_event.c.id < bindparam("before", type_=Integer))
    return statement


def names_of(session: Session, kept: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names of the clinicians and payors of which events keep numbers and codes, in one statement."""
    numbers: set[str] = set()
    for values in kept:
        numbers |= {str(values[field]) for field in _NAMED if values.get(field)}
        numbers |= set(values.get("successors", ()))
    if not numbers:
        return {}
    found = session.connection().execute(_NAMES, {"kept": list(numbers)})
    return {key: f"{first} {last}".strip() for key, first, last in found}

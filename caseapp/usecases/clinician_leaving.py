"""Whom a clinician's last day leaves uncovered: what the hand-over has to name successors for.

Source: docs/domain.md, *Changing and removing*. A last day can always be saved; it takes nobody off a client.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import ONE_DAY, day_of, first_instant
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, CaseManager, Client, ClientServiceLine, ServiceLine
from caseapp.models.base import Instant
from caseapp.usecases.visibility import kept_by_sight, visible_to

MOST = 100
_MOST_OF_ONE_CLINICIAN = 100_000

_manager = cast(Table, CaseManager.__table__)
_client = cast(Table, Client.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_service_line = cast(Table, ServiceLine.__table__)
_visit = cast(Table, Appointment.__table__)


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A client's service line that needs a successor from `since` on; `next_session` the first one then."""

    client: str
    client_name: str
    service_line: str
    since: date
    next_session: datetime | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """The lines in the order of their next session; `more` tells that there are others."""

    lines: tuple[LeftLine, ...]
    more: bool


def left_uncovered(
    session: Session, actor: Actor, clinician_id: int, last_day: date, now: datetime, practice: Practice
) -> Leaving:
    """The lines whose case manager the clinician still is after the last day, in one statement.

    A line counts that is open on a day from then on, or has a session to come.
    """
    asked = _asked(clinician_id, last_day, now, practice)
    rows = session.connection().execute(_statement(actor), asked).all()
    return Leaving(tuple(_line(row, practice) for row in rows[:MOST]), len(rows) > MOST)


def number_left(
    actor: Actor, clinician_id: int, last_day: date, now: datetime, practice: Practice
) -> ColumnElement[int]:
    """A column: how many these lines are, at most one more than are shown."""
    lines = _statement(actor).params(_asked(clinician_id, last_day, now, practice)).subquery()
    return select(func.count()).select_from(lines).scalar_subquery()


def _asked(clinician_id: int, last_day: date, now: datetime, practice: Practice) -> dict[str, Any]:
    day_after = last_day + ONE_DAY
    return {
        "clinician": clinician_id,
        "last_day": last_day,
        "day_after": day_after,
        "coming": max(now, first_instant(day_after, practice.zone)),
    }


@kept_by_sight()
def _statement(actor: Actor) -> Select[Any]:
    """The lines in their order, one more than is shown. Put together once."""
    last_day, day_after = (bindparam(name, type_=Date) for name in ("last_day", "day_after"))
    since = case((_manager.c.start_date > day_after, _manager.c.start_date), else_=day_after)
    next_session = _next_session(bindparam("coming", type_=Instant))
    # Bounded, so that SQLite looks for each next session once and not wherever it is spoken of.
    lines = (
        select(
            _manager.c.id,
            _manager.c.client_id,
            _manager.c.service_line_id,
            _manager.c.end_date,
            since.label("since"),
            next_session.label("next_session"),
        )
        .where(*_held_after(bindparam("clinician", type_=Integer), last_day))
        .limit(_MOST_OF_ONE_CLINICIAN)
        .subquery("lines")
    )
    return (
        select(
            _client.c.public_id,
            _client.c.first_name,
            _client.c.last_name,
            _service_line.c.code,
            lines.c.since,
            lines.c.next_session,
            lines.c.end_date,
        )
        .select_from(
            lines.join(_client, _client.c.id == lines.c.client_id).join(
                _service_line, _service_line.c.id == lines.c.service_line_id
            )
        )
        .where(visible_to(actor), _needs_somebody(lines, last_day, lines.c.next_session))
        .order_by(
            lines.c.next_session.is_(None),
            lines.c.next_session,
            _client.c.sort_key,
            _client.c.id,
            _service_line.c.code,
            lines.c.id,
        )
        .limit(MOST + 1)
    )


def next_session_after(last_day: date, now: datetime, practice: Practice) -> Any:
    """A column over case managers: the line's first counted session to come after the last day."""
    return _next_session(max(now, first_instant(last_day + ONE_DAY, practice.zone)))


def _next_session(coming: Any) -> Any:
    # Not the smallest of all: the first one ends the walk along the index.
    return (
        select(_visit.c.starts_at)
        .where(
            _visit.c.client_id == _manager.c.client_id,
            _visit.c.service_line_id == _manager.c.service_line_id,
            _visit.c.starts_at >= coming,
            _visit.c.billable.is_(True),
            _visit.c.status != "cancelled",
        )
        .order_by(_visit.c.starts_at)
        .limit(1)
        .correlate(_manager)
        .scalar_subquery()
    )


def to_hand_over(
    actor: Actor, clinician_id: Any, last_day: Any, next_session: Any
) -> tuple[ColumnElement[bool], ...]:
    """The conditions over case managers and clients under which a line needs a successor after the last day.

    `clinician_id` (row id) and `last_day` are values, or parameters that stand for them.
    """
    needed = _needs_somebody(_manager, last_day, next_session)
    return (*_held_after(clinician_id, last_day), visible_to(actor), needed)


def _held_after(clinician_id: Any, last_day: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        _manager.c.clinician_id == clinician_id,
        _manager.c.removed_at.is_(None),
        or_(_manager.c.end_date.is_(None), _manager.c.end_date > last_day),
    )


def _needs_somebody(lines: Any, last_day: Any, next_session: Any) -> ColumnElement[bool]:
    """Of `lines` (client_id, service_line_id): open after the last day, or with a session to come."""
    received = exists().where(
        _received.c.client_id == lines.c.client_id,
        _received.c.service_line_id == lines.c.service_line_id,
        or_(_received.c.end_date.is_(None), _received.c.end_date > last_day),
    )
    return or_(and_(_client.c.status != "discharged", received), next_session.is_not(None))


def _line(row: Any, practice: Practice) -> LeftLine:
    client, first_name, last_name, code, since, session_at, end = row
    if session_at and end and day_of(session_at, practice.zone) > end:
        session_at = None
    return LeftLine(client, f"{first_name} {last_name}".strip(), code, since, session_at)

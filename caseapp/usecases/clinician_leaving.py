"""Whom a clinician's last day leaves uncovered: what the hand-over has to name successors for.

Source: docs/domain.md, *Changing and removing*. A last day can always be saved; it takes nobody off a client.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import ONE_DAY, day_of, first_instant
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, CaseManager, Client, ClientServiceLine, ServiceLine
from caseapp.usecases.visibility import visible_to

MOST = 100


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
    day_after = last_day + ONE_DAY
    since = case((CaseManager.start_date > day_after, CaseManager.start_date), else_=literal(day_after, Date))
    next_session = next_session_after(last_day, now, practice)
    found = (
        select(
            Client.public_id,
            Client.first_name,
            Client.last_name,
            ServiceLine.code,
            since.label("since"),
            next_session.label("next_session"),
            CaseManager.end_date,
        )
        .select_from(CaseManager)
        .join(Client, Client.id == CaseManager.client_id)
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(*to_hand_over(actor, clinician_id, last_day, next_session))
        .order_by(
            next_session.is_(None), next_session, Client.sort_key, Client.id, ServiceLine.code, CaseManager.id
        )
        .limit(MOST + 1)
    )
    rows = session.execute(found).all()
    return Leaving(tuple(_line(row, practice) for row in rows[:MOST]), len(rows) > MOST)


def next_session_after(last_day: date, now: datetime, practice: Practice) -> Any:
    """A column over CaseManager: the line's first counted session to come after the last day."""
    coming = max(now, first_instant(last_day + ONE_DAY, practice.zone))
    return (
        select(func.min(Appointment.starts_at))
        .where(
            Appointment.client_id == CaseManager.client_id,
            Appointment.service_line_id == CaseManager.service_line_id,
            Appointment.starts_at >= coming,
            Appointment.billable.is_(True),
            Appointment.status != "cancelled",
        )
        .correlate(CaseManager)
        .scalar_subquery()
    )


def to_hand_over(
    actor: Actor, clinician_id: int, last_day: date, next_session: Any
) -> tuple[ColumnElement[bool], ...]:
    """The conditions over CaseManager and Client under which a line needs a successor after the last day."""
    received = exists().where(
        ClientServiceLine.client_id == CaseManager.client_id,
        ClientServiceLine.service_line_id == CaseManager.service_line_id,
        or_(ClientServiceLine.end_date.is_(None), ClientServiceLine.end_date > last_day),
    )
    return (
        CaseManager.clinician_id == clinician_id,
        CaseManager.removed_at.is_(None),
        or_(CaseManager.end_date.is_(None), CaseManager.end_date > last_day),
        visible_to(actor),
        or_(and_(Client.status != "discharged", received), next_session.is_not(None)),
    )


def _line(row: Any, practice: Practice) -> LeftLine:
    client, first_name, last_name, code, since, session_at, end = row
    if session_at and end and day_of(session_at, practice.zone) > end:
        session_at = None
    return LeftLine(client, f"{first_name} {last_name}".strip(), code, since, session_at)

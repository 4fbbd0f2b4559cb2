"""The week list: everybody's appointments, day by day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import first_instant
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, Client, Clinician, ServiceLine
from caseapp.usecases.client_page import clinician_name
from caseapp.usecases.visibility import visible_to

Place = tuple[datetime, int]
"""Where a part of the list ends: the start and the row id of its last appointment."""

PART = 200


@dataclass(frozen=True, slots=True)
class Question:
    """`monday` begins the week; `clinician` (number) and `service_line` (code) are empty for all."""

    monday: date
    clinician: str = ""
    service_line: str = ""
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of the week; `clinician` is empty where nobody is named."""

    public_id: str
    client: str
    client_name: str
    starts_at: datetime
    minutes: int
    service_line: str
    clinician: str
    status: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Up to PART appointments in order, and the place from which the list goes on, None where it ends."""

    lines: tuple[Line, ...]
    after: Place | None


def week_list(session: Session, actor: Actor, question: Question, practice: Practice) -> Week:
    """One part of a week in one statement, from Monday's first instant to Sunday's last."""
    begin = first_instant(question.monday, practice.zone)
    end = first_instant(question.monday + timedelta(days=7), practice.zone)
    statement = (
        select(
            Appointment.id,
            Appointment.public_id,
            Client.public_id.label("client"),
            Client.last_name.label("client_last"),
            Client.first_name.label("client_first"),
            Appointment.starts_at,
            Appointment.minutes,
            ServiceLine.code,
            Clinician.first_name,
            Clinician.last_name,
            Clinician.credential,
            Appointment.status,
            Appointment.billable,
        )
        .join(Client, Client.id == Appointment.client_id)
        .join(ServiceLine, ServiceLine.id == Appointment.service_line_id)
        .outerjoin(Clinician, Clinician.id == Appointment.clinician_id)
        .where(Appointment.starts_at >= begin, Appointment.starts_at < end, visible_to(actor))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(PART + 1)
    )
    if question.after is not None:
        place = tuple_(Appointment.starts_at, Appointment.id)
        statement = statement.where(place > question.after)
    if question.clinician:
        numbered = select(Clinician.id).where(Clinician.number == question.clinician)
        statement = statement.where(Appointment.clinician_id == numbered.scalar_subquery())
    if question.service_line:
        coded = select(ServiceLine.id).where(ServiceLine.code == question.service_line)
        statement = statement.where(Appointment.service_line_id == coded.scalar_subquery())
    rows = session.execute(statement).all()
    lines = tuple(
        Line(
            row.public_id,
            row.client,
            f"{row.client_last}, {row.client_first}".strip(" ,"),
            row.starts_at,
            row.minutes,
            row.code,
            clinician_name(row.first_name, row.last_name, row.credential),
            row.status,
            row.billable,
        )
        for row in rows[:PART]
    )
    more = len(rows) > PART
    return Week(lines, (rows[PART - 1].starts_at, rows[PART - 1].id) if more else None)

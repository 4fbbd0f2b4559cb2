"""A client's appointments as the tab Appointments shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from caseapp.models import Appointment, Clinician, ServiceLine
from caseapp.usecases.client_page import clinician_name


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment; `clinician` is empty where nobody is named."""

    id: int
    public_id: str
    version: int
    number: str
    starts_at: datetime
    minutes: int
    service_line: str
    clinician: str
    status: str
    billable: bool


def appointments(
    session: Session,
    client_id: int,
    *,
    since: tuple[datetime, int] | None = None,
    until: tuple[datetime, int] | None = None,
    limit: int = 25,
) -> tuple[list[Visit], bool]:
    """Up to `limit` appointments, and whether there are more behind them.

    From `since` (an instant, and the id of the appointment before the part; 0 for none) on, the earliest
    first; or before `until`, the latest first.
    """
    place = tuple_(Appointment.starts_at, Appointment.id)
    statement = _of_client(client_id).limit(limit + 1)
    if until is not None:
        statement = statement.where(place < until).order_by(
            Appointment.starts_at.desc(), Appointment.id.desc()
        )
    elif since is not None:
        statement = statement.where(place > since).order_by(Appointment.starts_at, Appointment.id)
    visits = [_visit(row) for row in session.execute(statement)]
    return visits[:limit], len(visits) > limit


def appointment(session: Session, client_id: int, public_id: str) -> Visit | None:
    """One appointment of the client, None where there is none."""
    row = session.execute(_of_client(client_id).where(Appointment.public_id == public_id)).one_or_none()
    return _visit(row) if row else None


def _of_client(client_id: int) -> Any:
    return (
        select(
            Appointment.id,
            Appointment.public_id,
            Appointment.version,
            Appointment.number,
            Appointment.starts_at,
            Appointment.minutes,
            ServiceLine.code,
            Clinician.first_name,
            Clinician.last_name,
            Clinician.credential,
            Appointment.status,
            Appointment.billable,
        )
        .join(ServiceLine, ServiceLine.id == Appointment.service_line_id)
        .outerjoin(Clinician, Clinician.id == Appointment.clinician_id)
        .where(Appointment.client_id == client_id)
    )


def _visit(row: Any) -> Visit:
    return Visit(
        id=row.id,
        public_id=row.public_id,
        version=row.version,
        number=row.number,
        starts_at=row.starts_at,
        minutes=row.minutes,
        service_line=row.code,
        clinician=clinician_name(row.first_name, row.last_name, row.credential),
        status=row.status,
        billable=row.billable,
    )

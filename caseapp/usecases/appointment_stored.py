"""One appointment as it stands: as the domain's value, as its form shows it, as the audit keeps it."""

from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, Table, bindparam, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.appointment import Appointment
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.models import Appointment as AppointmentRow
from caseapp.models import Client, ServiceLine
from caseapp.models import Clinician as ClinicianRow
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import Stored
from caseapp.usecases.visibility import kept_by_sight, visible_alone


def load_stored(
    session: Session, actor: Actor, client: str, appointment: str
) -> tuple[Stored, Appointment, int]:
    """One appointment of a client as it stands, and its minutes. Raises UnknownRecord."""
    asked = {"client": client, "appointment": appointment}
    row = session.connection().execute(_stored_statement(actor), asked).one_or_none()
    if row is None:
        raise UnknownRecord
    was = session_of(row, {row.code: row.service_line_id})
    return stored_of(row, appointment, was), was, row.minutes


@kept_by_sight()
def _stored_statement(actor: Actor) -> Select[Any]:
    """One appointment of a client that the actor may see. Put together once."""
    client, visit, line, clinician = (
        cast(Table, model.__table__) for model in (Client, AppointmentRow, ServiceLine, ClinicianRow)
    )
    return (
        select(
            visit.c.id.label("appointment_id"),
            visit.c.version,
            visit.c.number.label("appointment_number"),
            visit.c.service_line_id,
            line.c.code,
            visit.c.starts_at,
            visit.c.minutes,
            visit.c.status.label("appointment_status"),
            visit.c.billable,
            clinician.c.number.label("clinician_number"),
        )
        .select_from(
            visit.join(client, client.c.id == visit.c.client_id)
            .join(line, line.c.id == visit.c.service_line_id)
            .outerjoin(clinician, clinician.c.id == visit.c.clinician_id)
        )
        .where(
            client.c.public_id == bindparam("client", type_=String),
            visit.c.public_id == bindparam("appointment", type_=String),
            visible_alone(actor),
        )
    )


def session_of(row: Any, line_ids: Mapping[str, int]) -> Appointment:
    """The domain's value of a row; `line_ids` are the ids of service lines by code."""
    code = next(code for code, line_id in line_ids.items() if line_id == row.service_line_id)
    return Appointment(
        service_line=code,
        starts_at=row.starts_at,
        status=cast(Any, row.appointment_status),
        billable=row.billable,
        clinician=row.clinician_number,
    )


def stored_of(row: Any, public_id: str, was: Appointment) -> Stored:
    """The record with its whole values, of a row and the domain's value of it."""
    values = {"number": row.appointment_number, **values_of(was, row.minutes)}
    return Stored(row.appointment_id, public_id, row.version, values)


def values_of(session: Appointment, minutes: int) -> dict[str, Any]:
    """A session's values as the audit keeps them."""
    return {
        "service_line": session.service_line,
        "clinician": session.clinician,
        "starts_at": session.starts_at.isoformat(),
        "minutes": minutes,
        "status": session.status,
        "billable": session.billable,
    }


def entry_of(session: Appointment, minutes: int, zone: ZoneInfo) -> AppointmentEntry:
    """A stored session as its form shows it."""
    local = session.starts_at.astimezone(zone)
    return AppointmentEntry(
        service_line=session.service_line,
        start_date=local.date().isoformat(),
        start_time=local.strftime("%H:%M:%S" if local.second else "%H:%M"),
        minutes=str(minutes),
        clinician=session.clinician or "",
        status=session.status,
        billable=session.billable,
    )

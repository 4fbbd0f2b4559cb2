"""Load what one save of a client's appointments needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select, true
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.appointment import Appointment
from caseapp.domain.appointment_entry import MAX_MINUTES
from caseapp.domain.appointment_warnings import Booking, Sessions, appointment_warnings
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import Appointment as AppointmentRow
from caseapp.models import AuditEvent, Client, ServiceLine
from caseapp.models import Clinician as ClinicianRow
from caseapp.usecases.appointment_stored import session_of, stored_of
from caseapp.usecases.facts import load_with
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import Stored
from caseapp.usecases.visibility import visible_alone

ENTITY = "appointment"
_LONGEST = timedelta(minutes=MAX_MINUTES)


@dataclass(frozen=True, slots=True)
class Done:
    """What the form with this token has saved: whose, which (the first of a series), and its values."""

    client_id: int | None
    appointment: str
    values: Mapping[str, Any]
    reason: str | None

    def is_of(
        self, client_id: int, appointment: str | None, asked: Mapping[str, Any], reason: str | None
    ) -> bool:
        """The same press of Save once more, and not the form with other values or for another record."""
        same_record = client_id == self.client_id and appointment in (None, self.appointment)
        return same_record and reason == self.reason and asked.items() <= self.values.items()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One client with facts, and the appointment that is changed with the domain's value of it."""

    client_id: int
    facts: ClientFacts
    stored: Stored | None
    session: Appointment | None
    minutes: int
    done: Done | None
    line_ids: dict[str, int]
    clinicians: dict[str, Clinician]
    clinician_ids: dict[str, int]

    def after(self, sessions: tuple[Appointment, ...]) -> ClientFacts:
        """The facts once these sessions stand, the changed one no longer as it was."""
        kept = list(self.facts.appointments)
        if self.session is not None:
            kept.remove(self.session)
        return replace(self.facts, appointments=(*kept, *sessions))


def load_case(
    session: Session,
    actor: Actor,
    client: str,
    appointment: str | None,
    *,
    clinician: str = "",
    form_token: str | None = None,
) -> Case:
    """What judging a save needs, in four statements; `clinician` is the number typed. Raises UnknownRecord.

    On PostgreSQL the client's row is locked, so that two saves of one client follow each other.
    """
    rows = session.execute(
        select(
            Client.id,
            Client.number,
            Client.first_name,
            Client.status,
            AuditEvent.client_id.label("done_for"),
            AuditEvent.entity_id.label("done"),
            AuditEvent.after.label("done_values"),
            AuditEvent.reason.label("done_reason"),
            AppointmentRow.id.label("appointment_id"),
            AppointmentRow.version,
            AppointmentRow.number.label("appointment_number"),
            AppointmentRow.service_line_id,
            AppointmentRow.starts_at,
            AppointmentRow.minutes,
            AppointmentRow.status.label("appointment_status"),
            AppointmentRow.billable,
            ClinicianRow.number.label("clinician_number"),
            ServiceLine.id.label("line_id"),
            ServiceLine.code,
        )
        .select_from(Client)
        .outerjoin(AuditEvent, AuditEvent.form_token == (form_token or ""))
        .outerjoin(
            AppointmentRow,
            and_(AppointmentRow.client_id == Client.id, AppointmentRow.public_id == (appointment or "")),
        )
        .outerjoin(ClinicianRow, ClinicianRow.id == AppointmentRow.clinician_id)
        .outerjoin(ServiceLine, true())
        .where(Client.public_id == client, visible_alone(actor))
        .with_for_update(of=Client)
    ).all()
    if not rows or (appointment is not None and rows[0].appointment_id is None):
        raise UnknownRecord
    row = rows[0]
    line_ids = {line.code: line.line_id for line in rows if line.line_id is not None}
    was = session_of(row, line_ids) if appointment is not None else None
    numbers = {clinician.strip(), row.clinician_number or ""} - {""}
    loaded = load_with(session, [row], numbers=numbers)
    return Case(
        client_id=row.id,
        facts=loaded.facts[row.id],
        stored=stored_of(row, appointment, was) if appointment is not None and was is not None else None,
        session=was,
        minutes=row.minutes or 0,
        done=Done(row.done_for, row.done, row.done_values or {}, row.done_reason) if row.done else None,
        line_ids=line_ids,
        clinicians={clinician.number: clinician for clinician in loaded.clinicians.values()},
        clinician_ids={clinician.number: row_id for row_id, clinician in loaded.clinicians.items()},
    )


def bookings_around(
    session: Session,
    clinician_id: int,
    sessions: tuple[Appointment, ...],
    minutes: int,
    *,
    itself: int | None = None,
    not_of: int | None = None,
) -> list[Booking]:
    """The clinician's other sessions that can touch these (earliest first), in one statement.

    Left out are the appointment `itself` and those of the client `not_of` (row ids).
    """
    first, last = sessions[0].starts_at - _LONGEST, sessions[-1].starts_at + timedelta(minutes=minutes)
    statement = (
        select(AppointmentRow.starts_at, AppointmentRow.minutes)
        .where(
            AppointmentRow.clinician_id == clinician_id,
            AppointmentRow.starts_at > first,
            AppointmentRow.starts_at < last,
            AppointmentRow.status != "cancelled",
        )
        .order_by(AppointmentRow.starts_at)
    )
    if itself is not None:
        statement = statement.where(AppointmentRow.id != itself)
    if not_of is not None:
        statement = statement.where(AppointmentRow.client_id != not_of)
    return [Booking(starts_at, minutes) for starts_at, minutes in session.execute(statement)]


def warnings_of(
    session: Session,
    case: Case,
    after: ClientFacts,
    sessions: tuple[Appointment, ...],
    minutes: int,
    today: date,
    practice: Practice,
    *,
    again: bool = False,
) -> tuple[Finding, ...]:
    """What is told of these sessions once they stand in the facts `after`; at most one statement.

    `again` says that they stood before: then they are not in their own way.
    """
    clinician = case.clinicians.get(sessions[0].clinician or "")
    bookings: list[Booking] = []
    if clinician is not None:
        bookings = bookings_around(
            session,
            case.clinician_ids[clinician.number],
            sessions,
            minutes,
            itself=case.stored.id if case.stored else None,
            not_of=case.client_id if again else None,
        )
    saved = Sessions(facts=after, sessions=sessions, minutes=minutes, clinician=clinician, bookings=bookings)
    return appointment_warnings(saved, today, practice)

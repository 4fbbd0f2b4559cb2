"""Add, repeat weekly and edit a client's appointments: load the facts, ask the domain, write, commit."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.appointment_entry import AppointmentEntry, ReadAppointment, read_entry
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, Clinician, begin_write
from caseapp.usecases.appointment_facts import ENTITY, Case, load_case, warnings_of
from caseapp.usecases.appointment_stored import values_of
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, asked_again

# Without the letters and digits that look alike on paper.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NUMBER_LENGTH = 8


@dataclass(frozen=True, slots=True)
class SavedSessions(Saved):
    """`moved` tells that they may stand elsewhere in a list now: they are new, or start at another time."""

    moved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save: whose record, what was typed, and what the form knew when it was opened.

    `appointment` is the public ID that an edit changes (None adds), `version` what the form was opened on.
    `form_token` makes the same form, sent twice, save once.
    """

    client: str
    entry: AppointmentEntry
    appointment: str | None = None
    version: int | None = None
    form_token: str | None = None


def save_appointment(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> SavedSessions | Refused:
    """Save one session or a whole weekly series, or store nothing. Raises UnknownRecord.

    What the rules say of it are warnings of the answer, whose public ID is that of the first session. The
    same request again answers like the first and writes nothing.
    """
    # The form was sent twice at once, or a number was drawn that is there: both end by trying anew.
    return asked_again(session, lambda: _save(session, actor, now, practice, request))


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> SavedSessions | Refused:
    begin_write(session)
    case = load_case(
        session,
        actor,
        request.client,
        request.appointment,
        clinician=request.entry.clinician,
        form_token=request.form_token,
    )
    # What stands is changed by itself: only what is new can be a series.
    read = read_entry(
        replace(request.entry, until="") if request.appointment else request.entry,
        practice.zone,
        lines=case.line_ids,
        clinicians=case.clinician_ids,
        stored_start=case.session.starts_at if case.session else None,
    )
    again = _stands_already(case, read, request)
    refused = None if again else _refusal(session, practice, case, read, request)
    if refused is not None:
        session.rollback()
        return refused
    today = day_of(now, practice.zone)
    moved = case.session is None or case.session.starts_at != read.starts[0]
    after = case.facts if again else case.after(read.sessions())
    warnings = warnings_of(session, case, after, read.sessions(), read.minutes, today, practice, again=again)
    if again:
        session.rollback()
        return SavedSessions(
            _public_id(case), _message(read, _number(case), today, practice), warnings, moved
        )
    public_id, number = _write(session, actor, now, case, read, request)
    keep(session, case.client_id, after, case.line_ids, today, practice, before=case.facts)
    session.commit()
    return SavedSessions(public_id, _message(read, number, today, practice), warnings, moved)


def _stands_already(case: Case, read: ReadAppointment, request: SaveRequest) -> bool:
    """This very form has saved it, or the appointment is just what the form asks for."""
    if read.findings:
        return False
    asked = values_of(read.sessions()[0], read.minutes)
    if case.done is not None:
        return case.done.is_of(case.client_id, request.appointment, asked, _series(read))
    return case.stored is not None and asked.items() <= case.stored.values.items()


def _refusal(
    session: Session, practice: Practice, case: Case, read: ReadAppointment, request: SaveRequest
) -> Refused | None:
    version = case.stored.version if case.stored else None
    if case.done is not None:
        return Refused((saved_before(),), version)
    if case.stored is not None and request.version != version:
        rows = session.execute(select(Clinician.number, Clinician.first_name, Clinician.last_name))
        names = {number: f"{first} {last}".strip() for number, first, last in rows}
        public_id = case.stored.public_id
        told = changed_meanwhile(session, ENTITY, public_id, request.version, practice, names)
        return Refused((told,), version)
    return Refused(read.findings, version) if read.findings else None


def _write(
    session: Session,
    actor: Actor,
    now: datetime,
    case: Case,
    read: ReadAppointment,
    request: SaveRequest,
) -> tuple[str, str]:
    """Write the rows and their events: (public ID, number) of the first."""
    change = Change(
        session,
        actor,
        now,
        ENTITY,
        Appointment,
        client_id=case.client_id,
        reason=_series(read),
        form_token=request.form_token,
    )
    rows = []
    for made in read.sessions():
        number = case.stored.values["number"] if case.stored else new_number()
        columns = {
            "client_id": case.client_id,
            "number": number,
            "service_line_id": case.line_ids[made.service_line],
            "clinician_id": case.clinician_ids[made.clinician] if made.clinician else None,
            "starts_at": made.starts_at,
            "minutes": read.minutes,
            "status": made.status,
            "billable": made.billable,
        }
        rows.append((columns, {"number": number, **values_of(made, read.minutes)}))
    if case.stored is not None:
        change.change(case.stored, *rows[0])
        return case.stored.public_id, case.stored.values["number"]
    return change.add_all(rows)[0], rows[0][1]["number"]


def new_number() -> str:
    """A number that no other appointment has, as far as chance goes: A-7KQ2M9XW."""
    return "A-" + "".join(secrets.choice(_LETTERS) for _ in range(_NUMBER_LENGTH))


def _public_id(case: Case) -> str:
    return case.done.appointment if case.done else case.stored.public_id if case.stored else ""


def _number(case: Case) -> str:
    values = case.done.values if case.done else case.stored.values if case.stored else {}
    return str(values.get("number", ""))


def _series(read: ReadAppointment) -> str | None:
    """Why the sessions of a series are there, for the history of each of them."""
    if read.until is None or len(read.starts) < 2:
        return None
    return f"Repeated weekly until {words.day(read.until)}: {len(read.starts)} sessions."


def _message(read: ReadAppointment, number: str, today: date, practice: Practice) -> str:
    """Saved: ABA session on Tue 24 Nov, 9:00 am, number A-7KQ2M9XW."""
    first = words.moment(read.starts[0], practice.zone, today)
    if len(read.starts) == 1:
        return f"Saved: {read.service_line} session on {first}, number {number}."
    last = words.short_day(day_of(read.starts[-1], practice.zone), today)
    return f"Saved: {len(read.starts)} {read.service_line} sessions, weekly from {first}, to {last}."

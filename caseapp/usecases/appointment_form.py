"""What the form of an appointment and the filters of the week offer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.practice import Practice
from caseapp.models import ClientServiceLine, Clinician, ServiceLine
from caseapp.usecases.appointment_facts import entry_of, load_stored
from caseapp.usecases.client_page import clinician_name, on_day

MOST_CLINICIANS = 300
USUAL_MINUTES = "60"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its value, its words, and whether it is usual (a line received, a clinician active)."""

    value: str
    label: str
    usual: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """`clinicians` is None where there are too many for a list: then a number is typed."""

    service_lines: tuple[Choice, ...]
    clinicians: tuple[Choice, ...] | None


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form as it opens; `version` is that of the appointment that is edited."""

    entry: AppointmentEntry
    version: int | None
    choices: Choices


def open_form(
    session: Session,
    actor: Actor,
    today: date,
    practice: Practice,
    client: str,
    client_id: int,
    appointment: str | None = None,
) -> OpenForm:
    """The form for adding to a client, or for editing one appointment. Raises UnknownRecord."""
    offered = choices(session, today, client_id)
    if appointment is not None:
        stored, was, minutes = load_stored(session, actor, client, appointment)
        return OpenForm(entry_of(was, minutes, practice.zone), stored.version, offered)
    received = [choice.value for choice in offered.service_lines if choice.usual]
    line = received[0] if len(received) == 1 else ""
    entry = AppointmentEntry(service_line=line, minutes=USUAL_MINUTES, billable=True)
    return OpenForm(entry, None, offered)


def choices(session: Session, today: date, client_id: int | None = None) -> Choices:
    """Service lines and clinicians in one statement; of no client, every line is usual."""
    received: Any = literal(True)
    if client_id is not None:
        start, end = ClientServiceLine.start_date.expression, ClientServiceLine.end_date.expression
        received = exists().where(
            ClientServiceLine.client_id == client_id,
            ClientServiceLine.service_line_id == ServiceLine.id,
            on_day(start, end, today),
        )
    active = and_(
        or_(Clinician.active_from.is_(None), Clinician.active_from <= today),
        or_(Clinician.active_to.is_(None), Clinician.active_to >= today),
    )
    empty = literal("")
    many = exists(select(literal(1)).select_from(Clinician).limit(1).offset(MOST_CLINICIANS))
    statement = union_all(
        select(literal("line"), ServiceLine.code, ServiceLine.name, empty, empty, received),
        select(
            literal("clinician"),
            Clinician.number,
            Clinician.last_name,
            Clinician.first_name,
            Clinician.credential,
            active,
        ).where(~many),
        select(literal("many"), empty, empty, empty, empty, literal(True)).where(many),
    )
    lines: list[Choice] = []
    people: list[tuple[tuple[str, str, str], Choice]] = []
    too_many = False
    for kind, value, name, first, credential, usual in session.execute(statement):
        if kind == "line":
            lines.append(Choice(value, f"{value} · {name}" if name != value else value, bool(usual)))
        elif kind == "clinician":
            order = (name.casefold(), first.casefold(), value)
            label = clinician_name(first, name, credential) or value
            people.append((order, Choice(value, label, bool(usual))))
        else:
            too_many = True
    lines.sort(key=lambda choice: (not choice.usual, choice.value))
    people.sort(key=lambda person: (not person[1].usual, person[0]))
    return Choices(tuple(lines), None if too_many else tuple(choice for _, choice in people))

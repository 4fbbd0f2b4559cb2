"""What the form of an appointment and the filters of the week offer."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Date, Integer, Table, and_, bindparam, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.practice import Practice
from caseapp.models import ClientServiceLine, Clinician, ServiceLine
from caseapp.usecases.appointment_stored import entry_of, load_stored
from caseapp.usecases.client_page import clinician_name

MOST_CLINICIANS = 300
USUAL_MINUTES = "60"


_line = cast(Table, ServiceLine.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_clinician = cast(Table, Clinician.__table__)
_TODAY = bindparam("today", type_=Date)


def _statement(received: Any) -> Any:
    """Kind, value, names, credential, and whether it is usual; put together once."""
    empty = literal("")
    begun = or_(_clinician.c.active_from.is_(None), _clinician.c.active_from <= _TODAY)
    active = and_(begun, or_(_clinician.c.active_to.is_(None), _clinician.c.active_to >= _TODAY))
    first, most = select(literal(1)).select_from(_clinician).limit(1), bindparam("most", type_=Integer)
    many = exists(first.offset(most))
    lines = select(literal("line"), _line.c.code, _line.c.name, empty, empty, received)
    clinicians = select(
        literal("clinician"),
        _clinician.c.number,
        _clinician.c.last_name,
        _clinician.c.first_name,
        _clinician.c.credential,
        active,
    )
    too_many = select(literal("many"), empty, empty, empty, empty, literal(True))
    return union_all(lines, clinicians.where(~many), too_many.where(many))


_OF_ALL = _statement(literal(True))
_OF_CLIENT = _statement(
    exists().where(
        _received.c.client_id == bindparam("client_id", type_=Integer),
        _received.c.service_line_id == _line.c.id,
        _received.c.start_date <= _TODAY,
        or_(_received.c.end_date.is_(None), _received.c.end_date >= _TODAY),
    )
)


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
    asked = {"today": today, "client_id": client_id, "most": MOST_CLINICIANS}
    rows: Any = session.connection().execute(_OF_ALL if client_id is None else _OF_CLIENT, asked)
    lines: list[Choice] = []
    people: list[tuple[tuple[str, str, str], Choice]] = []
    too_many = False
    for kind, value, name, first, credential, usual in rows:
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

"""Load what one save, one removal or one form of a case manager needs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Date, Select, String, Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain.actor import Actor
from caseapp.domain.case_manager import Chosen
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry
from caseapp.domain.clinician import Clinician
from caseapp.domain.entry_reader import askable
from caseapp.models import AuditEvent, CaseManager, Client, ServiceLine
from caseapp.models import Clinician as ClinicianRow
from caseapp.usecases.facts import load_with
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.visibility import kept_by_sight, visible_alone


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A case manager as stored: row id, version, and its whole values as the audit keeps them."""

    id: int
    version: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Removed:
    """Who removed a case manager, when and why."""

    at: datetime
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What the form with this token has saved before: whose, which record, and its values then."""

    client_id: int | None
    case_manager: str
    values: dict[str, Any]

    def is_of(self, client_id: int, case_manager: str | None, asked: dict[str, Any]) -> bool:
        """The same press of Save once more, and not the form with other values or for another record."""
        same_record = client_id == self.client_id and case_manager in (None, self.case_manager)
        return same_record and asked.items() <= self.values.items()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One client with facts, the stored case managers by public ID, and what the entry chose.

    `done` is what the form with this token has saved already.
    """

    client_id: int
    done: Done | None
    facts: clients.ClientFacts
    rows: dict[str, StoredRow]
    removed: dict[str, Removed]
    chosen: Chosen
    line_ids: dict[str, int]
    clinician_ids: dict[str, int]
    clinicians: dict[str, Clinician]

    @property
    def names(self) -> dict[str, str]:
        """The names of the clinicians at hand, by number."""
        return {number: clinician.name for number, clinician in self.clinicians.items()}

    def by_id(self, public_id: str | None) -> clients.CaseManager | None:
        return next((cm for cm in self.facts.case_managers if cm.id == public_id), None)


def load_case(
    session: Session,
    actor: Actor,
    client: str,
    read: ReadEntry,
    *,
    for_clinician: str = "",
    form_token: str | None = None,
) -> Case:
    """Everything that judging one entry needs, in five statements. Raises UnknownRecord.

    On PostgreSQL the client's row is locked, so that two saves of one client follow each other.
    """
    connection = session.connection()
    asked = {
        "public_id": client,
        "clinician": askable(read.clinician),
        "start": read.start or date.min,
        "form_token": form_token or "",
    }
    row = connection.execute(_client_statement(actor), asked).one_or_none()
    if row is None:
        raise UnknownRecord
    numbers = {askable(read.clinician), askable(for_clinician.strip())} - {""}
    loaded = load_with(session, [row], numbers=numbers, removed=True)
    line_ids = dict(connection.execute(_LINES).all())
    clinicians = {clinician.number: clinician for clinician in loaded.clinicians.values()}
    rows, removed = stored_rows(loaded.case_managers, loaded.clinicians)
    return Case(
        client_id=row.id,
        done=Done(row.done_for, row.done, row.done_values or {}) if row.done else None,
        facts=loaded.facts[row.id],
        rows=rows,
        removed=removed,
        chosen=Chosen(
            known_lines=line_ids,
            clinician=clinicians.get(read.clinician),
            for_clinician=clinicians.get(for_clinician.strip()),
            others=row.others,
        ),
        line_ids=line_ids,
        clinician_ids={clinician.number: row_id for row_id, clinician in loaded.clinicians.items()},
        clinicians=clinicians,
    )


# Put together once, on the tables: building a statement costs more than SQLite needs to answer it.
_client = cast(Table, Client.__table__)
_manager = cast(Table, CaseManager.__table__)
_clinician = cast(Table, ClinicianRow.__table__)
_event = cast(Table, AuditEvent.__table__)
_line = cast(Table, ServiceLine.__table__)
_LINES = select(_line.c.code, _line.c.id)


@kept_by_sight()
def _client_statement(actor: Actor) -> Select[Any]:
    """The client with the clinician's other clients, and what the form has saved; locked on PostgreSQL."""
    return (
        select(
            _client.c.id,
            _client.c.number,
            _client.c.first_name,
            _client.c.status,
            _other_clients().label("others"),
            _event.c.client_id.label("done_for"),
            _event.c.entity_id.label("done"),
            _event.c.after.label("done_values"),
        )
        .select_from(_client)
        .outerjoin(_event, _event.c.form_token == bindparam("form_token", type_=String))
        .where(_client.c.public_id == bindparam("public_id", type_=String), visible_alone(actor))
        .with_for_update(of=_client)
    )


def _other_clients() -> Any:
    """The distinct other active clients whose case manager the chosen clinician is on the start date."""
    other = _client.alias("other")
    day = bindparam("start", type_=Date)
    return (
        select(func.count(func.distinct(_manager.c.client_id)))
        .join(_clinician, _clinician.c.id == _manager.c.clinician_id)
        .join(other, other.c.id == _manager.c.client_id)
        .where(
            _clinician.c.number == bindparam("clinician", type_=String),
            _manager.c.removed_at.is_(None),
            _manager.c.start_date <= day,
            or_(_manager.c.end_date.is_(None), _manager.c.end_date >= day),
            _manager.c.client_id != _client.c.id,
            other.c.status == "active",
        )
        .correlate(_client)
        .scalar_subquery()
    )


def stored_rows(
    rows: Any, clinicians: dict[int, Clinician]
) -> tuple[dict[str, StoredRow], dict[str, Removed]]:
    """The case managers that stand, and those that were removed, by public ID."""
    standing: dict[str, StoredRow] = {}
    removed: dict[str, Removed] = {}
    for row in rows:
        if row.removed_at is not None:
            removed[row.public_id] = Removed(row.removed_at, row.removed_by or "somebody", row.removed_reason)
            continue
        whom = clinicians.get(row.for_clinician_id)
        values = {
            "service_line": row.code,
            "clinician": clinicians[row.clinician_id].number,
            "start_date": row.start_date.isoformat(),
            "end_date": row.end_date.isoformat() if row.end_date else None,
            "for_clinician": whom.number if whom else None,
            "uncovered_left_at": row.uncovered_left_at.isoformat() if row.uncovered_left_at else None,
            "uncovered_left_reason": row.uncovered_left_reason,
            "version": row.version,
        }
        standing[row.public_id] = StoredRow(row.id, row.version, values)
    return standing, removed


def values_of(read: ReadEntry, entry: CaseManagerEntry) -> dict[str, Any]:
    """The values of an accepted entry as the audit keeps them."""
    return {
        "service_line": read.service_line,
        "clinician": read.clinician,
        "start_date": read.start.isoformat() if read.start else None,
        "end_date": read.end.isoformat() if read.end else None,
        "for_clinician": entry.for_clinician.strip() or None,
    }

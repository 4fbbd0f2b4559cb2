"""Load what the rules ask of clients, in a fixed number of statements for one client or for many.

The statements are put together once, on the tables and not on the mapped classes: building one costs more
than SQLite needs to answer it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Table,
    bindparam,
    null,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.models import Appointment as AppointmentRow
from caseapp.models import CaseManager, Client, ClientServiceLine, FundingSource, Payor, ServiceLine
from caseapp.models import Clinician as ClinicianRow
from caseapp.models.among import Among
from caseapp.models.base import Instant
from caseapp.usecases.clinician_facts import load_some_clinicians
from caseapp.usecases.facts_made import Belongings, Known, made_belongings, made_case_managers

_client = cast(Table, Client.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_funding = cast(Table, FundingSource.__table__)
_manager = cast(Table, CaseManager.__table__)
_visit = cast(Table, AppointmentRow.__table__)
_line = cast(Table, ServiceLine.__table__)
_payor = cast(Table, Payor.__table__)
_clinician = cast(Table, ClinicianRow.__table__)
_ONE = bindparam("client_id", type_=Integer)


STANDING_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _manager.c.client_id,
    _manager.c.public_id,
    _line.c.code,
    _manager.c.clinician_id,
    _manager.c.for_clinician_id,
    _manager.c.start_date,
    _manager.c.end_date,
    _manager.c.uncovered_left_at,
)
"""What the rules ask of a case manager, in the order in which `standing` takes it."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What is loaded of clients: `periods` are service lines and funding sources, `belongings` also
    sessions.
    """

    periods: Executable
    belongings: Executable
    case_managers: Executable
    all_case_managers: Executable


def _statements(of: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Statements:
    """The statements for the clients of whose ids `of` tells."""
    periods = (
        select(
            _received.c.client_id,
            _received.c.start_date,
            _received.c.end_date,
            _line.c.code.label("code"),
            null().label("name"),
            null().label("type"),
            null().label("requires_enrollment"),
            null().label("priority"),
            # Of a union the first one says what its columns are.
            sql_cast(null(), Instant).label("starts_at"),
        )
        .join_from(_received, _line, _line.c.id == _received.c.service_line_id)
        .where(of(_received.c.client_id)),
        select(
            _funding.c.client_id,
            _funding.c.start_date,
            _funding.c.end_date,
            _payor.c.code,
            _payor.c.name,
            _payor.c.type,
            _payor.c.requires_enrollment,
            _funding.c.priority,
            null(),
        )
        .join_from(_funding, _payor, _payor.c.id == _funding.c.payor_id)
        .where(of(_funding.c.client_id)),
    )
    all_case_managers = (
        select(
            *STANDING_COLUMNS,
            _manager.c.id,
            _manager.c.version,
            _manager.c.uncovered_left_reason,
            _manager.c.removed_at,
            _manager.c.removed_by,
            _manager.c.removed_reason,
        )
        .join_from(_manager, _line, _line.c.id == _manager.c.service_line_id)
        .where(of(_manager.c.client_id))
        .order_by(_manager.c.client_id, _manager.c.start_date)
    )
    sessions = (
        select(
            _visit.c.client_id,
            null(),
            null(),
            _line.c.code,
            _clinician.c.number,
            _visit.c.status,
            _visit.c.billable,
            null(),
            _visit.c.starts_at,
        )
        .join_from(_visit, _line, _line.c.id == _visit.c.service_line_id)
        .outerjoin(_clinician, _clinician.c.id == _visit.c.clinician_id)
        .where(of(_visit.c.client_id))
    )
    standing = all_case_managers.where(_manager.c.removed_at.is_(None))
    return Statements(union_all(*periods), union_all(*periods, sessions), standing, all_case_managers)


CLIENTS = select(_client.c.id, _client.c.number, _client.c.first_name, _client.c.status).where(
    Among(_client.c.id, "client_ids")
)
_OF_MANY = _statements(lambda client_id: Among(client_id, "client_ids"))
# A list of one takes SQLAlchemy longer than the one.
_OF_ONE = _statements(lambda client_id: client_id == _ONE)
_CLIENT = attrgetter("id", "number", "first_name", "status")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Facts by client row id, with the rows and clinicians (by row id) from which they were made."""

    facts: dict[int, ClientFacts]
    case_managers: Sequence[Any]
    clinicians: dict[int, Clinician]


def load_facts(session: Session, client_ids: Collection[int]) -> dict[int, ClientFacts]:
    """The facts of the clients with these row ids; unknown ids are left out. Always four statements."""
    rows = session.connection().execute(CLIENTS, {"client_ids": list(client_ids)}).all()
    return load_with(session, rows).facts


def load_with(
    session: Session,
    rows: Sequence[Any],
    *,
    numbers: Collection[str] = (),
    removed: bool = False,
    belongings: Belongings | None = None,
) -> Loaded:
    """The same for client rows (id, number, first_name, status) that are there already. Three statements.

    `numbers` are clinicians wanted besides those of the case managers; with `removed` the rows of removed
    case managers are among `case_managers`, never among the facts. `belongings` are given where they are
    there already, too.
    """
    connection = session.connection()
    of_clients, asked = _of_some([row.id for row in rows])
    managers = connection.execute(
        asked.all_case_managers if removed else asked.case_managers, of_clients
    ).all()
    standing = [row for row in managers if row.removed_at is None] if removed else managers
    known = Known()
    if belongings is None:
        belongings = made_belongings(connection.execute(asked.belongings, of_clients).all(), known)
    facts = put_together(connection, rows, standing, belongings, known, numbers)
    return Loaded(facts, managers, known.clinicians)


def load_periods(connection: Connection, client_ids: Sequence[int], known: Known) -> Belongings:
    """The clients' service lines and funding sources alone, in one statement."""
    of_clients, asked = _of_some(client_ids)
    return made_belongings(connection.execute(asked.periods, of_clients).all(), known)


def put_together(
    connection: Connection,
    rows: Sequence[Any],
    standing: Sequence[Any],
    belongings: Belongings,
    known: Known,
    numbers: Collection[str] = (),
) -> dict[int, ClientFacts]:
    """The facts of client rows with their case managers and belongings. At most one statement."""
    needed = {row[3] for row in standing} | {row[4] for row in standing} - {None}
    missing = needed.difference(known.clinicians)
    if missing or numbers:
        known.clinicians |= load_some_clinicians(connection, missing, numbers)
    managers = made_case_managers(standing, known)
    return {
        row_id: ClientFacts(
            number=number,
            first_name=first_name,
            status=status,
            service_lines=tuple(belongings.lines.get(row_id, ())),
            funding_sources=tuple(belongings.sources.get(row_id, ())),
            case_managers=tuple(managers.get(row_id, ())),
            appointments=tuple(belongings.sessions.get(row_id, ())),
        )
        for row_id, number, first_name, status in map(_CLIENT, rows)
    }


def _of_some(client_ids: Sequence[int]) -> tuple[dict[str, Any], Statements]:
    """The statements for these clients, and what they want to be told."""
    if len(client_ids) == 1:
        return {"client_id": client_ids[0]}, _OF_ONE
    return {"client_ids": client_ids}, _OF_MANY

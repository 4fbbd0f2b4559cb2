"""Load what the rules ask of clients, in a fixed number of statements for one client or for many.

The statements are put together once, on the tables and not on the mapped classes: building one costs more
than SQLite needs to answer it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from sqlalchemy.orm import Session

from caseapp.domain import appointment as appointments
from caseapp.domain import client as clients
from caseapp.domain import payor as payors
from caseapp.domain.clinician import Clinician
from caseapp.models import (
    Appointment,
    CaseManager,
    Client,
    ClientServiceLine,
    FundingSource,
    Payor,
    ServiceLine,
)
from caseapp.models import Clinician as ClinicianRow
from caseapp.usecases.clinician_facts import load_some_clinicians

_client = cast(Table, Client.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_funding = cast(Table, FundingSource.__table__)
_manager = cast(Table, CaseManager.__table__)
_visit = cast(Table, Appointment.__table__)
_line = cast(Table, ServiceLine.__table__)
_payor = cast(Table, Payor.__table__)
_clinician = cast(Table, ClinicianRow.__table__)
_MANY = bindparam("client_ids", expanding=True, type_=Integer)
_ONE = bindparam("client_id", type_=Integer)


@dataclass(frozen=True, slots=True)
class Statements:
    """What is loaded of clients, where `periods` are their service lines and their funding sources."""

    periods: Executable
    case_managers: Executable
    all_case_managers: Executable
    appointments: Executable


def _statements(of: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> Statements:
    """The statements for the clients of whose ids `of` tells."""
    periods = union_all(
        select(
            _received.c.client_id,
            _received.c.start_date,
            _received.c.end_date,
            _line.c.code.label("code"),
            null().label("name"),
            null().label("type"),
            null().label("requires_enrollment"),
            null().label("priority"),
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
        )
        .join_from(_funding, _payor, _payor.c.id == _funding.c.payor_id)
        .where(of(_funding.c.client_id)),
    )
    all_case_managers = (
        select(
            _manager.c.client_id,
            _manager.c.id,
            _manager.c.public_id,
            _manager.c.version,
            _line.c.code,
            _manager.c.clinician_id,
            _manager.c.for_clinician_id,
            _manager.c.start_date,
            _manager.c.end_date,
            _manager.c.uncovered_left_at,
            _manager.c.uncovered_left_reason,
            _manager.c.removed_at,
            _manager.c.removed_by,
            _manager.c.removed_reason,
        )
        .join_from(_manager, _line, _line.c.id == _manager.c.service_line_id)
        .where(of(_manager.c.client_id))
        .order_by(_manager.c.client_id, _manager.c.start_date)
    )
    appointments = (
        select(
            _visit.c.client_id,
            _line.c.code,
            _visit.c.starts_at,
            _visit.c.status,
            _visit.c.billable,
            _clinician.c.number,
        )
        .join_from(_visit, _line, _line.c.id == _visit.c.service_line_id)
        .outerjoin(_clinician, _clinician.c.id == _visit.c.clinician_id)
        .where(of(_visit.c.client_id))
    )
    standing = all_case_managers.where(_manager.c.removed_at.is_(None))
    return Statements(periods, standing, all_case_managers, appointments)


CLIENTS = select(_client.c.id, _client.c.number, _client.c.first_name, _client.c.status).where(
    _client.c.id.in_(_MANY)
)
_OF_MANY = _statements(lambda client_id: client_id.in_(_MANY))
# A list of one takes SQLAlchemy longer than the one.
_OF_ONE = _statements(lambda client_id: client_id == _ONE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Facts by client row id, with the rows and clinicians (by row id) from which they were made."""

    facts: dict[int, clients.ClientFacts]
    case_managers: Sequence[Any]
    clinicians: dict[int, Clinician]


def load_facts(session: Session, client_ids: Collection[int]) -> dict[int, clients.ClientFacts]:
    """The facts of the clients with these row ids; unknown ids are left out. Six statements, however many."""
    rows = session.connection().execute(CLIENTS, {"client_ids": list(client_ids)}).all()
    return load_with(session, rows).facts


def load_with(
    session: Session, rows: Sequence[Any], *, numbers: Collection[str] = (), removed: bool = False
) -> Loaded:
    """The same for client rows (id, number, first_name, status) that are there already. Five statements.

    `numbers` are clinicians wanted besides those of the case managers; with `removed` the rows of removed
    case managers are among `case_managers`, never among the facts.
    """
    connection = session.connection()
    of_clients, asked = of_some([row.id for row in rows])
    sessions = made_appointments(connection.execute(asked.appointments, of_clients).all())
    return put_together(connection, rows, sessions, Known(), numbers=numbers, removed=removed)


@dataclass(slots=True)
class Known:
    """What many clients share, made once: clinicians by row id, payors by code."""

    clinicians_by_id: dict[int, Clinician] = field(default_factory=dict)
    payors_by_code: dict[str, payors.Payor] = field(default_factory=dict)


def of_some(client_ids: Sequence[int]) -> tuple[dict[str, Any], Statements]:
    """The statements for these clients, and what they want to be told."""
    if len(client_ids) == 1:
        return {"client_id": client_ids[0]}, _OF_ONE
    return {"client_ids": client_ids}, _OF_MANY


def put_together(
    connection: Connection,
    rows: Sequence[Any],
    sessions: Mapping[int, list[appointments.Appointment]],
    known: Known,
    *,
    numbers: Collection[str] = (),
    removed: bool = False,
) -> Loaded:
    """Load all but the appointments, which are there by client; see `load_with`. Four statements."""
    of_clients, asked = of_some([row.id for row in rows])
    lines, sources = _periods(connection.execute(asked.periods, of_clients).all(), known.payors_by_code)
    managers = connection.execute(
        asked.all_case_managers if removed else asked.case_managers, of_clients
    ).all()
    needed = {row.clinician_id for row in managers} | {row.for_clinician_id for row in managers} - {None}
    clinicians = known.clinicians_by_id
    missing = needed.difference(clinicians)
    if missing or numbers:
        clinicians |= load_some_clinicians(connection, missing, numbers)
    standing: dict[int, list[clients.CaseManager]] = defaultdict(list)
    for row in managers:
        if row.removed_at is None:
            standing[row.client_id].append(_case_manager(row, clinicians))
    facts = {
        row.id: clients.ClientFacts(
            number=row.number,
            first_name=row.first_name,
            status=row.status,
            service_lines=tuple(lines.get(row.id, ())),
            funding_sources=tuple(sources.get(row.id, ())),
            case_managers=tuple(standing.get(row.id, ())),
            appointments=tuple(sessions.get(row.id, ())),
        )
        for row in rows
    }
    return Loaded(facts, managers, clinicians)


def _periods(
    rows: Iterable[Any], known: dict[str, payors.Payor]
) -> tuple[dict[int, list[clients.ClientServiceLine]], dict[int, list[payors.FundingSource]]]:
    found_lines: dict[int, list[clients.ClientServiceLine]] = defaultdict(list)
    found_sources: dict[int, list[payors.FundingSource]] = defaultdict(list)
    for client_id, start, end, code, name, kind, requires, priority in rows:
        if priority is None:
            line = clients.ClientServiceLine(service_line=code, start=start, end=end)
            found_lines[client_id].append(line)
        else:
            payor = known.get(code)
            if payor is None:
                payor = known[code] = payors.Payor(code, name, kind, bool(requires))
            source = payors.FundingSource(payor=payor, priority=priority, start=start, end=end)
            found_sources[client_id].append(source)
    return found_lines, found_sources


def _case_manager(row: Any, clinicians: Mapping[int, Clinician]) -> clients.CaseManager:
    return clients.CaseManager(
        id=row.public_id,
        service_line=row.code,
        clinician=clinicians[row.clinician_id],
        for_clinician=clinicians.get(row.for_clinician_id),
        start=row.start_date,
        end=row.end_date,
        uncovered_left_at=row.uncovered_left_at,
    )


def made_appointments(rows: Iterable[Any]) -> dict[int, list[appointments.Appointment]]:
    """From rows (client id, service line, start, status, billable, clinician's number)."""
    found: dict[int, list[appointments.Appointment]] = defaultdict(list)
    for client_id, code, starts_at, status, billable, number in rows:
        found[client_id].append(
            appointments.Appointment(
                service_line=code, starts_at=starts_at, status=status, billable=billable, clinician=number
            )
        )
    return found

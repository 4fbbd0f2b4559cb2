"""Load what the rules ask of clients, in a fixed number of statements for one client or for many."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import null, or_, select, union_all
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
from caseapp.usecases.clinician_facts import load_clinicians


@dataclass(frozen=True, slots=True)
class Loaded:
    """Facts by client row id, with the rows and clinicians (by row id) from which they were made."""

    facts: dict[int, clients.ClientFacts]
    case_managers: Sequence[Any]
    clinicians: dict[int, Clinician]


def load_facts(session: Session, client_ids: Collection[int]) -> dict[int, clients.ClientFacts]:
    """The facts of the clients with these row ids; unknown ids are left out. Six statements, however many."""
    rows = session.execute(
        select(Client.id, Client.number, Client.first_name, Client.status).where(Client.id.in_(client_ids))
    ).all()
    return load_with(session, rows).facts


def load_with(
    session: Session, rows: Sequence[Any], *, numbers: Collection[str] = (), removed: bool = False
) -> Loaded:
    """The same for client rows (id, number, first_name, status) that are there already. Five statements.

    `numbers` are clinicians wanted besides those of the case managers; with `removed` the rows of removed
    case managers are among `case_managers`, never among the facts.
    """
    client_ids = [row.id for row in rows]
    lines, sources = _periods(session, client_ids)
    managers = _case_manager_rows(session, client_ids, removed)
    needed = {row.clinician_id for row in managers} | {row.for_clinician_id for row in managers} - {None}
    wanted = or_(ClinicianRow.id.in_(needed), ClinicianRow.number.in_(numbers))
    clinicians = load_clinicians(session, wanted) if needed or numbers else {}
    standing: dict[int, list[clients.CaseManager]] = defaultdict(list)
    for row in managers:
        if row.removed_at is None:
            standing[row.client_id].append(_case_manager(row, clinicians))
    sessions = _appointments(session, client_ids)
    facts = {
        row.id: clients.ClientFacts(
            number=row.number,
            first_name=row.first_name,
            status=row.status,
            service_lines=tuple(lines[row.id]),
            funding_sources=tuple(sources[row.id]),
            case_managers=tuple(standing[row.id]),
            appointments=tuple(sessions[row.id]),
        )
        for row in rows
    }
    return Loaded(facts, managers, clinicians)


def _periods(
    session: Session, client_ids: Collection[int]
) -> tuple[dict[int, list[clients.ClientServiceLine]], dict[int, list[payors.FundingSource]]]:
    """Service lines and funding sources in one statement: both are a client's periods."""
    lines = (
        select(
            ClientServiceLine.client_id,
            ClientServiceLine.start_date,
            ClientServiceLine.end_date,
            ServiceLine.code.label("code"),
            null().label("name"),
            null().label("type"),
            null().label("requires_enrollment"),
            null().label("priority"),
        )
        .join(ServiceLine, ServiceLine.id == ClientServiceLine.service_line_id)
        .where(ClientServiceLine.client_id.in_(client_ids))
    )
    sources = (
        select(
            FundingSource.client_id,
            FundingSource.start_date,
            FundingSource.end_date,
            Payor.code,
            Payor.name,
            Payor.type,
            Payor.requires_enrollment,
            FundingSource.priority,
        )
        .join(Payor, Payor.id == FundingSource.payor_id)
        .where(FundingSource.client_id.in_(client_ids))
    )
    found_lines: dict[int, list[clients.ClientServiceLine]] = defaultdict(list)
    found_sources: dict[int, list[payors.FundingSource]] = defaultdict(list)
    rows: Any = session.execute(union_all(lines, sources))
    for client_id, start, end, code, name, kind, requires, priority in rows:
        if priority is None:
            line = clients.ClientServiceLine(service_line=code, start=start, end=end)
            found_lines[client_id].append(line)
        else:
            payor = payors.Payor(code, name, kind, bool(requires))
            source = payors.FundingSource(payor=payor, priority=priority, start=start, end=end)
            found_sources[client_id].append(source)
    return found_lines, found_sources


def _case_manager_rows(session: Session, client_ids: Collection[int], removed: bool) -> Sequence[Any]:
    statement = (
        select(
            CaseManager.client_id,
            CaseManager.id,
            CaseManager.public_id,
            CaseManager.version,
            ServiceLine.code,
            CaseManager.clinician_id,
            CaseManager.for_clinician_id,
            CaseManager.start_date,
            CaseManager.end_date,
            CaseManager.uncovered_left_at,
            CaseManager.uncovered_left_reason,
            CaseManager.removed_at,
            CaseManager.removed_by,
            CaseManager.removed_reason,
        )
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(CaseManager.client_id.in_(client_ids))
        .order_by(CaseManager.client_id, CaseManager.start_date)
    )
    if not removed:
        statement = statement.where(CaseManager.removed_at.is_(None))
    return session.execute(statement).all()


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


def _appointments(session: Session, client_ids: Collection[int]) -> dict[int, list[appointments.Appointment]]:
    rows = session.execute(
        select(
            Appointment.client_id,
            ServiceLine.code,
            Appointment.starts_at,
            Appointment.status,
            Appointment.billable,
            ClinicianRow.number,
        )
        .join(ServiceLine, ServiceLine.id == Appointment.service_line_id)
        .outerjoin(ClinicianRow, ClinicianRow.id == Appointment.clinician_id)
        .where(Appointment.client_id.in_(client_ids))
    )
    found: dict[int, list[appointments.Appointment]] = defaultdict(list)
    for client_id, code, starts_at, status, billable, number in rows:
        found[client_id].append(
            appointments.Appointment(
                service_line=code,
                starts_at=starts_at,
                status=cast(Any, status),
                billable=billable,
                clinician=number,
            )
        )
    return found

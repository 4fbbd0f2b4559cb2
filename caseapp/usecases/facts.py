"""Load what the rules ask of clients, in a fixed number of statements for one client or for many."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Row, Select, literal, null, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain import appointment as appointments
from caseapp.domain import client as clients
from caseapp.domain import payor as payors
from caseapp.domain.clinician import Clinician, Leave
from caseapp.domain.enrollment import Enrollment
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
from caseapp.models import ClinicianServiceLine as Practised
from caseapp.models import Enrollment as EnrollmentRow
from caseapp.models import Leave as LeaveRow

_CLINICIAN_COLUMNS = (
    ClinicianRow.id,
    ClinicianRow.number,
    ClinicianRow.first_name,
    ClinicianRow.last_name,
    ClinicianRow.credential,
    ClinicianRow.npi,
    ClinicianRow.may_be_case_manager,
    ClinicianRow.active_from,
    ClinicianRow.active_to,
    ClinicianRow.caseload_limit,
)


def load_facts(session: Session, client_ids: Collection[int]) -> dict[int, clients.ClientFacts]:
    """The facts of the clients with these row ids; unknown ids are left out. Six statements, however many."""
    rows = session.execute(
        select(Client.id, Client.number, Client.first_name, Client.status).where(Client.id.in_(client_ids))
    ).all()
    lines, sources = _periods(session, client_ids)
    managers = _case_managers(session, client_ids)
    sessions = _appointments(session, client_ids)
    return {
        row.id: clients.ClientFacts(
            number=row.number,
            first_name=row.first_name,
            status=row.status,
            service_lines=tuple(lines[row.id]),
            funding_sources=tuple(sources[row.id]),
            case_managers=tuple(managers[row.id]),
            appointments=tuple(sessions[row.id]),
        )
        for row in rows
    }


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
    for client_id, start, end, code, name, kind, requires, priority in session.execute(
        union_all(lines, sources)
    ):
        if priority is None:
            line = clients.ClientServiceLine(service_line=code, start=start, end=end)
            found_lines[client_id].append(line)
        else:
            payor = payors.Payor(code, name, kind, bool(requires))
            source = payors.FundingSource(payor=payor, priority=priority, start=start, end=end)
            found_sources[client_id].append(source)
    return found_lines, found_sources


def _case_managers(session: Session, client_ids: Collection[int]) -> dict[int, list[clients.CaseManager]]:
    rows = session.execute(
        select(
            CaseManager.client_id,
            CaseManager.public_id,
            ServiceLine.code,
            CaseManager.clinician_id,
            CaseManager.for_clinician_id,
            CaseManager.start_date,
            CaseManager.end_date,
            CaseManager.uncovered_left_at,
        )
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(CaseManager.client_id.in_(client_ids), CaseManager.removed_at.is_(None))
        .order_by(CaseManager.client_id, CaseManager.start_date)
    ).all()
    needed = {row.clinician_id for row in rows} | {row.for_clinician_id for row in rows} - {None}
    clinicians = load_clinicians(session, ClinicianRow.id.in_(needed)) if needed else {}
    found: dict[int, list[clients.CaseManager]] = defaultdict(list)
    for row in rows:
        found[row.client_id].append(
            clients.CaseManager(
                id=row.public_id,
                service_line=row.code,
                clinician=clinicians[row.clinician_id],
                for_clinician=clinicians.get(row.for_clinician_id),
                start=row.start_date,
                end=row.end_date,
                uncovered_left_at=row.uncovered_left_at,
            )
        )
    return found


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
                service_line=code, starts_at=starts_at, status=status, billable=billable, clinician=number
            )
        )
    return found


def load_clinicians(session: Session, which: Any) -> dict[int, Clinician]:
    """The clinicians under a condition on their table, by row id, with all that the rules ask. Two statements."""
    rows = session.execute(select(*_CLINICIAN_COLUMNS).where(which)).all()
    return _with_belongings(session, rows)


def _with_belongings(session: Session, rows: Iterable[Row[Any]]) -> dict[int, Clinician]:
    rows = list(rows)
    belongings = _belongings(session, [row.id for row in rows]) if rows else {}
    return {row.id: _clinician(row, belongings.get(row.id, ())) for row in rows}


def _belongings(session: Session, clinician_ids: Collection[int]) -> Mapping[int, list[Row[Any]]]:
    """Enrollments, leaves and service lines of clinicians in one statement."""
    statements: list[Select[Any]] = [
        select(
            EnrollmentRow.clinician_id,
            EnrollmentRow.start_date,
            EnrollmentRow.end_date,
            EnrollmentRow.applied_on,
            Payor.code.label("code"),
            EnrollmentRow.status.label("kind"),
        )
        .join(Payor, Payor.id == EnrollmentRow.payor_id)
        .where(EnrollmentRow.clinician_id.in_(clinician_ids)),
        select(
            LeaveRow.clinician_id,
            LeaveRow.start_date,
            LeaveRow.end_date,
            null(),
            LeaveRow.note,
            literal("leave"),
        ).where(LeaveRow.clinician_id.in_(clinician_ids)),
        select(Practised.clinician_id, null(), null(), null(), ServiceLine.code, literal("line"))
        .join(ServiceLine, ServiceLine.id == Practised.service_line_id)
        .where(Practised.clinician_id.in_(clinician_ids)),
    ]
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(union_all(*statements)):
        found[row[0]].append(row)
    return found


def _clinician(row: Row[Any], belongings: Iterable[Row[Any]]) -> Clinician:
    enrollments, leaves, lines = [], [], []
    for _, start, end, applied_on, code, kind in belongings:
        if kind == "line":
            lines.append(code)
        elif kind == "leave":
            leaves.append(Leave(start=start, end=end, note=code or ""))
        else:
            enrollments.append(Enrollment(code, cast(Any, kind), start, end, applied_on))
    return Clinician(
        number=row.number,
        first_name=row.first_name,
        last_name=row.last_name,
        credential=row.credential,
        npi=row.npi,
        service_lines=frozenset(lines),
        may_be_case_manager=row.may_be_case_manager,
        active_from=row.active_from,
        active_to=row.active_to,
        caseload_limit=row.caseload_limit,
        enrollments=tuple(enrollments),
        leaves=tuple(leaves),
    )

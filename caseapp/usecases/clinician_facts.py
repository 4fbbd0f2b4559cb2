"""Load clinicians with their enrollments, leaves and service lines, in two statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from sqlalchemy import literal, null, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.clinician import Clinician, Leave
from caseapp.domain.enrollment import Enrollment
from caseapp.models import Clinician as ClinicianRow
from caseapp.models import ClinicianServiceLine as Practised
from caseapp.models import Enrollment as EnrollmentRow
from caseapp.models import Leave as LeaveRow
from caseapp.models import Payor, ServiceLine

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


def load_clinicians(session: Session, which: Any) -> dict[int, Clinician]:
    """The clinicians under a condition on their table, by row id, with all that the rules ask.

    Two statements, however many.
    """
    rows = session.execute(select(*_CLINICIAN_COLUMNS).where(which)).all()
    belongings = _belongings(session, [row.id for row in rows]) if rows else {}
    return {row.id: _clinician(row, belongings.get(row.id, ())) for row in rows}


def _belongings(session: Session, clinician_ids: Collection[int]) -> Mapping[int, list[Any]]:
    """Enrollments, leaves and service lines of clinicians in one statement."""
    statements: list[Any] = [
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
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(union_all(*statements)):
        found[row[0]].append(row)
    return found


def _clinician(row: Any, belongings: Iterable[Any]) -> Clinician:
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

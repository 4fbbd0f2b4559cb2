"""A clinician's enrollments as they stand, and the payors to choose from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.models import AuditEvent, Clinician, Enrollment, Payor
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import Stored

ENTITY = "enrollment"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEnrollment:
    """One enrollment as it stands."""

    stored: Stored
    values: EnrollmentValues


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentsOf:
    """A clinician with all enrollments by public ID, in the order of payors, the latest first.

    `payors` are the names by code.
    """

    clinician_id: int
    clinician: str
    number: str
    name: str
    enrollments: dict[str, OpenEnrollment]
    payors: dict[str, str]

    def others(self, *but: str | None) -> list[EnrollmentValues]:
        return [one.values for key, one in self.enrollments.items() if key not in but]


def enrollments_of(session: Session, clinician: str, *, lock: bool = False) -> EnrollmentsOf:
    """The clinician's enrollments, in two statements. Raises UnknownRecord."""
    statement = select(Clinician.id, Clinician.number, Clinician.first_name, Clinician.last_name).where(
        Clinician.public_id == clinician
    )
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise UnknownRecord
    found = session.execute(
        select(
            Enrollment.id,
            Enrollment.public_id,
            Enrollment.version,
            Enrollment.status,
            Enrollment.applied_on,
            Enrollment.start_date,
            Enrollment.end_date,
            Enrollment.learned_on,
            Payor.code,
            Payor.name,
        )
        .join(Payor, Payor.id == Enrollment.payor_id)
        .where(Enrollment.clinician_id == row.id)
        .order_by(Payor.name, Payor.code, Enrollment.start_date.desc().nulls_first(), Enrollment.id)
    ).all()
    return EnrollmentsOf(
        clinician_id=row.id,
        clinician=clinician,
        number=row.number,
        name=f"{row.first_name} {row.last_name}".strip() or row.number,
        enrollments={one.public_id: _open(one, row.number) for one in found},
        payors={one.code: one.name for one in found},
    )


def _open(row: Any, number: str) -> OpenEnrollment:
    values = EnrollmentValues(
        payor=row.code,
        status=row.status,
        applied_on=row.applied_on,
        start_date=row.start_date,
        end_date=row.end_date,
        learned_on=row.learned_on,
    )
    told = {"clinician": number, **values.told}
    return OpenEnrollment(stored=Stored(row.id, row.public_id, row.version, told), values=values)


def payor_ids(session: Session, code: str) -> dict[str, tuple[int, str]]:
    """Row id and name of the payor with this code, by it; what no database would look up is nobody's."""
    if not code.isprintable():
        return {}
    rows = session.execute(select(Payor.code, Payor.id, Payor.name).where(Payor.code == code))
    return {row.code: (row.id, row.name) for row in rows}


def payor_choices(session: Session) -> list[tuple[str, str]]:
    """(code, name) of every payor, by name."""
    rows = session.execute(select(Payor.code, Payor.name).order_by(Payor.name, Payor.code)).all()
    return [(row.code, row.name) for row in rows]


def removal_of(session: Session, clinician: str, enrollment: str) -> AuditEvent | None:
    """The event by which this clinician's enrollment was removed, None where it never was."""
    return session.scalars(
        select(AuditEvent).where(
            AuditEvent.entity == ENTITY,
            AuditEvent.entity_id == enrollment,
            AuditEvent.subject_id == clinician,
            AuditEvent.action == "remove",
        )
    ).one_or_none()

"""A clinician's enrollments as they stand, and the payors to choose from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.models import AuditEvent, Clinician, Enrollment, Payor, ServiceLine
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
    """The clinician's enrollments, in one statement. Raises UnknownRecord.

    `lock` keeps other writers of this clinician out until the transaction ends.
    """
    mine = Clinician.public_id == clinician
    if lock and session.get_bind().dialect.name != "sqlite":
        # Before they are read: what another writer has just changed would not be seen in the same statement.
        session.execute(select(Clinician.id).where(mine).with_for_update())
    rows = session.execute(
        select(
            Clinician.id.label("clinician_id"),
            Clinician.number,
            Clinician.first_name,
            Clinician.last_name,
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
        .outerjoin(Enrollment, Enrollment.clinician_id == Clinician.id)
        .outerjoin(Payor, Payor.id == Enrollment.payor_id)
        .where(mine)
        .order_by(Payor.name, Payor.code, Enrollment.start_date.desc().nulls_first(), Enrollment.id)
    ).all()
    if not rows:
        raise UnknownRecord
    first, found = rows[0], [row for row in rows if row.id is not None]
    return EnrollmentsOf(
        clinician_id=first.clinician_id,
        clinician=clinician,
        number=first.number,
        name=f"{first.first_name} {first.last_name}".strip() or first.number,
        enrollments={row.public_id: _open(row, first.number) for row in found},
        payors={row.code: row.name for row in found},
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


@dataclass(frozen=True, slots=True)
class Named:
    """What an entry names: the payor of its code (row id and name), and the row ids of the service lines."""

    payors: dict[str, tuple[int, str]]
    line_ids: dict[str, int]

    @property
    def names(self) -> dict[str, str]:
        return {code: name for code, (_, name) in self.payors.items()}


def named_by(session: Session, payor: str) -> Named:
    """One statement; a code that no database would look up is nobody's."""
    code = payor if payor.isprintable() else ""
    rows = session.execute(
        union_all(
            select(literal("payor"), Payor.id, Payor.code, Payor.name).where(Payor.code == code),
            select(literal("line"), ServiceLine.id, ServiceLine.code, ServiceLine.name),
        )
    ).all()
    return Named(
        payors={code: (row_id, name) for kind, row_id, code, name in rows if kind == "payor"},
        line_ids={code: row_id for kind, row_id, code, _ in rows if kind == "line"},
    )


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

"""A clinician's enrollments as they stand, and the payors to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.domain.entry_reader import askable
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


@dataclass(frozen=True, slots=True)
class Named:
    """What an entry names: the payor of its code (row id and name), and the row ids of the service lines."""

    payors: dict[str, tuple[int, str]]
    line_ids: dict[str, int]

    @property
    def names(self) -> dict[str, str]:
        return {code: name for code, (_, name) in self.payors.items()}


def enrollments_of(session: Session, clinician: str) -> EnrollmentsOf:
    """The clinician's enrollments, in one statement. Raises UnknownRecord."""
    return _made(clinician, session.connection().execute(_ordered(), {"clinician": clinician}).all())


def open_for_writing(session: Session, clinician: str, payor: str = "") -> tuple[EnrollmentsOf, Named]:
    """The same in no order, with what an entry of this payor names, in one statement. Raises UnknownRecord.

    Other writers of this clinician are kept out until the transaction ends: on PostgreSQL by a statement of
    its own, for what another writer has just changed would not be seen in the one that waits.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(Clinician.id).where(Clinician.public_id == clinician).with_for_update())
    rows: Any = session.execute(
        union_all(
            _of_clinician(),
            _naming(Payor.id, "payor", Payor.code, Payor.name).where(Payor.code == askable(payor)),
            _naming(ServiceLine.id, "line", ServiceLine.code, ServiceLine.name),
        ),
        {"clinician": clinician},
    ).all()
    named = [row for row in rows if row.clinician_id is None]
    return _made(clinician, [row for row in rows if row.clinician_id is not None]), Named(
        payors={row.code: (row.id, row.name) for row in named if row.public_id == "payor"},
        line_ids={row.code: row.id for row in named if row.public_id == "line"},
    )


@cache
def _ordered() -> Select[Any]:
    return _of_clinician().order_by(
        Payor.name, Payor.code, Enrollment.start_date.desc().nulls_first(), Enrollment.id
    )


@cache
def _of_clinician() -> Select[Any]:
    """A row for each enrollment of the bound `clinician`, or one without any. Put together once."""
    columns: tuple[Any, ...] = (
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
    return (
        select(*columns)
        .select_from(Clinician)
        .outerjoin(Enrollment, Enrollment.clinician_id == Clinician.id)
        .outerjoin(Payor, Payor.id == Enrollment.payor_id)
        .where(Clinician.public_id == bindparam("clinician", type_=String))
    )


def _naming(row_id: Any, kind: str, code: Any, name: Any) -> Select[Any]:
    """Rows of another kind, in the columns of `_statement`."""
    nothing = [null() for _ in range(6)]
    return select(null(), null(), null(), null(), row_id, literal(kind), *nothing, code, name)


def _made(clinician: str, rows: Sequence[Any]) -> EnrollmentsOf:
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

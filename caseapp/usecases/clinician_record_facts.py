"""What saving a clinician asks of the database: the record as it stands, and what the entry names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Integer, Select, String, Table, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.clinician_entry import ClinicianEntry, ClinicianValues, Holder, Known, npi_taken
from caseapp.domain.clinician_hints import next_number, npi_fault
from caseapp.domain.entry_reader import askable
from caseapp.models import Clinician, ClinicianServiceLine, ServiceLine, TaxonomyCode
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import Stored

NPI_DIGITS = 10
NPI_HINT = "Ten digits, the first 1 or 2."

_clinician = cast(Table, Clinician.__table__)
_practised = cast(Table, ClinicianServiceLine.__table__)
_line = cast(Table, ServiceLine.__table__)
_OPEN = select(_clinician).where(_clinician.c.public_id == bindparam("public_id", type_=String))
_PRACTISED = (
    select(_line.c.code)
    .join_from(_line, _practised, _practised.c.service_line_id == _line.c.id)
    .where(_practised.c.clinician_id == bindparam("clinician", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class OpenClinician:
    """A clinician as an edit finds it."""

    stored: Stored
    values: ClinicianValues


@dataclass(frozen=True, slots=True)
class Asked:
    """What one save found: the record of an edit, what the practice knows, line ids by code."""

    before: OpenClinician | None
    known: Known
    line_ids: dict[str, int]


def open_clinician(session: Session, public_id: str) -> OpenClinician:
    """The stored clinician, in two statements. Raises UnknownRecord."""
    connection = session.connection()
    row = connection.execute(_OPEN, {"public_id": public_id}).one_or_none()
    if row is None:
        raise UnknownRecord
    return _opened(row, connection.execute(_PRACTISED, {"clinician": row.id}).scalars())


def _opened(row: Any, codes: Iterable[str]) -> OpenClinician:
    values = ClinicianValues(
        number=row.number,
        last_name=row.last_name,
        first_name=row.first_name,
        credential=row.credential,
        npi=row.npi,
        taxonomy_code=row.taxonomy_code,
        service_lines=tuple(sorted(codes)),
        may_be_case_manager=row.may_be_case_manager,
        active_from=row.active_from,
        active_to=row.active_to,
        caseload_limit=row.caseload_limit,
        email=row.email,
    )
    return OpenClinician(Stored(row.id, row.public_id, row.version, values.told), values)


def free_number(session: Session) -> str:
    """A number that the next clinician could have, in the way of those that there are."""
    return next_number(session.scalars(select(Clinician.number)))


def ask(session: Session, entry: ClinicianEntry, clinician: str | None) -> Asked:
    """What saving an entry needs, of a new clinician or of an edit (public ID), in one statement.

    Raises UnknownRecord. On PostgreSQL another one keeps other writers of this clinician out.
    """
    mine = Clinician.public_id == (clinician or "")
    if clinician and session.get_bind().dialect.name != "sqlite":
        session.execute(select(Clinician.id).where(mine).with_for_update())
    number, npi, taxonomy = (text.strip() for text in (entry.number, entry.npi, entry.taxonomy_code.upper()))
    # Of a line that the clinician practises any text, of another none.
    practised = (
        select(literal("practised"))
        .join_from(ClinicianServiceLine, Clinician, Clinician.id == ClinicianServiceLine.clinician_id)
        .where(ClinicianServiceLine.service_line_id == ServiceLine.id, mine)
        .correlate(ServiceLine)
        .scalar_subquery()
    )
    same = or_(mine, Clinician.number == askable(number), Clinician.npi == askable(npi))
    statement: Any = union_all(
        select(literal("clinician").label("kind"), *_clinician.c).where(same),
        _with_clinicians("line", id=ServiceLine.id, number=ServiceLine.code, first_name=practised),
        _with_clinicians("taxonomy", number=TaxonomyCode.code).where(TaxonomyCode.code == askable(taxonomy)),
    )
    rows: Any = session.execute(statement).all()
    clinicians = [row for row in rows if row.kind == "clinician"]
    lines = [row for row in rows if row.kind == "line"]
    row = next((row for row in clinicians if row.public_id == clinician), None)
    if clinician and row is None:
        raise UnknownRecord
    line_ids = {line.number: line.id for line in lines}
    known = Known(
        service_lines=line_ids,
        taxonomy_known=any(found.kind == "taxonomy" for found in rows),
        holders=tuple(
            Holder(
                number=other.number,
                npi=other.npi,
                name=f"{other.first_name} {other.last_name}".strip() or other.number,
            )
            for other in clinicians
            if other is not row
        ),
    )
    if any(holder.number == number for holder in known.holders):
        known = replace(known, free_number=free_number(session))
    before = _opened(row, [line.number for line in lines if line.first_name]) if row else None
    return Asked(before, known, line_ids)


def _with_clinicians(kind: str, **columns: Any) -> Select[Any]:
    """Rows of another kind, in the columns of clinicians."""
    return select(literal(kind), *(columns.get(column.name, null()) for column in _clinician.c))


def npi_words(session: Session, typed: str, clinician: str) -> str:
    """What there is to say of an NPI that is being typed for a clinician (public ID; empty for a new one)."""
    npi = typed.strip()
    if not npi:
        return NPI_HINT
    if npi.isascii() and npi.isdigit() and len(npi) < NPI_DIGITS:
        return f"{len(npi)} of {NPI_DIGITS} digits."
    if fault := npi_fault(npi):
        return fault
    holder = session.execute(
        select(Clinician.number, Clinician.npi, Clinician.first_name, Clinician.last_name).where(
            Clinician.npi == npi, Clinician.public_id != clinician
        )
    ).one_or_none()
    if holder is None:
        return "The NPI is valid."
    return npi_taken(Holder(number=holder[0], npi=holder[1], name=f"{holder[2]} {holder[3]}".strip()))

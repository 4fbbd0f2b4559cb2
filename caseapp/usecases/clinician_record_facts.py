"""What saving a clinician asks of the database: the record as it stands, and what the entry names."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.clinician_entry import ClinicianEntry, ClinicianValues, Holder, Known, npi_taken
from caseapp.domain.clinician_hints import next_number, npi_fault
from caseapp.models import Clinician, ClinicianServiceLine, ServiceLine, TaxonomyCode
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.record import Stored

NPI_DIGITS = 10
NPI_HINT = "Ten digits, the first 1 or 2."


@dataclass(frozen=True, slots=True)
class OpenClinician:
    """A clinician as an edit finds it."""

    stored: Stored
    values: ClinicianValues


def open_clinician(session: Session, public_id: str, *, lock: bool = False) -> OpenClinician:
    """The stored clinician, in two statements. Raises UnknownRecord."""
    statement = select(Clinician.__table__).where(Clinician.public_id == public_id)
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise UnknownRecord
    codes = session.scalars(
        select(ServiceLine.code)
        .join(ClinicianServiceLine, ClinicianServiceLine.service_line_id == ServiceLine.id)
        .where(ClinicianServiceLine.clinician_id == row.id)
        .order_by(ServiceLine.code)
    )
    values = ClinicianValues(
        number=row.number,
        last_name=row.last_name,
        first_name=row.first_name,
        credential=row.credential,
        npi=row.npi,
        taxonomy_code=row.taxonomy_code,
        service_lines=tuple(codes),
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


def known_of(
    session: Session, entry: ClinicianEntry, before: OpenClinician | None
) -> tuple[Known, dict[str, int]]:
    """What the practice knows of an entry, and the row ids of the service lines, in one statement."""
    number, npi, taxonomy = (text.strip() for text in (entry.number, entry.npi, entry.taxonomy_code.upper()))
    nothing = literal("")
    holders = select(
        literal("holder"),
        Clinician.id,
        Clinician.number,
        Clinician.npi,
        Clinician.first_name,
        Clinician.last_name,
    ).where(or_(Clinician.number == _kept(number), Clinician.npi == _kept(npi)))
    statement: Any = union_all(
        select(literal("line"), ServiceLine.id, ServiceLine.code, null(), nothing, nothing),
        select(literal("taxonomy"), literal(0), TaxonomyCode.code, null(), nothing, nothing).where(
            TaxonomyCode.code == _kept(taxonomy)
        ),
        holders.where(Clinician.id != before.stored.id) if before else holders,
    )
    rows = session.execute(statement).all()
    line_ids = {row[2]: row[1] for row in rows if row[0] == "line"}
    known = Known(
        service_lines=line_ids,
        taxonomy_known=any(row[0] == "taxonomy" for row in rows),
        holders=tuple(
            Holder(number=row[2], npi=row[3], name=f"{row[4]} {row[5]}".strip() or row[2])
            for row in rows
            if row[0] == "holder"
        ),
    )
    if any(holder.number == number for holder in known.holders):
        known = replace(known, free_number=free_number(session))
    return known, line_ids


def _kept(text: str) -> str:
    """What no database would look up is equal to nothing."""
    return text if text.isprintable() else ""


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

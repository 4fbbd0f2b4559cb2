"""The practice as rows of the practice files, sorted by key, streamed from one state of the database."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from caseapp.domain.actor import Actor
from caseapp.formats.practice_files import PracticeTable
from caseapp.models import CaseManager, Client, Clinician, ClinicianServiceLine, Payor, ServiceLine
from caseapp.usecases.import_practice_tables import STORED
from caseapp.usecases.visibility import visible_to

BLOCK = 2_000
_CODES: Mapping[str, Any] = {
    "client_number": Client.number,
    "clinician_number": Clinician.number,
    "payor_id": Payor.code,
    "service_line": ServiceLine.code,
}


def begin_export(session: Session) -> None:
    """Let all statements that follow see the same state, whatever is saved meanwhile."""
    session.rollback()
    # SQLite does so in every transaction.
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def export_rows(session: Session, actor: Actor, table: PracticeTable) -> Iterator[Sequence[Any]]:
    """The rows of one file in the order of its columns. What was removed is not among them."""
    rows = session.execute(_statement(actor, table), execution_options={"yield_per": BLOCK})
    if table.name != "clinicians":
        yield from rows
        return
    lines = _lines_of_clinicians(session)
    place = table.names.index("service_lines")
    for row in rows:
        yield (*row[:place], tuple(lines.get(row[place], ())), *row[place + 1 :])


def _statement(actor: Actor, table: PracticeTable) -> Select[Any]:
    stored = STORED[table.name]
    source: Table = stored.table
    interim_for = aliased(Clinician)
    joined: Any = source
    columns: list[ColumnElement[Any]] = []
    for name in table.names:
        column, reference = stored.stored(name)
        if reference is None:
            # The service lines of a clinician stand in a table of their own.
            columns.append(source.c.id if name == "service_lines" else source.c[column])
        elif name == "for_clinician_number":
            joined = joined.outerjoin(interim_for, interim_for.id == source.c[column])
            columns.append(interim_for.number.expression)
        else:
            code = _CODES[name]
            joined = joined.outerjoin(code.class_, code.class_.id == source.c[column])
            columns.append(code)
    statement = select(*columns).select_from(joined)
    if stored.model is Client or "client_number" in table.names:
        statement = statement.where(visible_to(actor))
    if stored.model is CaseManager:
        statement = statement.where(CaseManager.removed_at.is_(None))
    return statement.order_by(*(column.nulls_first() for column in columns[: table.key]))


def _lines_of_clinicians(session: Session) -> dict[int, list[str]]:
    statement = (
        select(ClinicianServiceLine.clinician_id, ServiceLine.code)
        .join(ServiceLine, ServiceLine.id == ClinicianServiceLine.service_line_id)
        .order_by(ServiceLine.code)
    )
    lines: dict[int, list[str]] = {}
    for clinician_id, code in session.execute(statement):
        lines.setdefault(clinician_id, []).append(code)
    return lines

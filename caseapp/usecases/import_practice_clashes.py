"""Why the database refused a row, in words: what stands in its way."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from caseapp.domain import words
from caseapp.models import CaseManager, Clinician, FundingSource, Payor
from caseapp.models.constraints import CASE_MANAGER_OVERLAP, PRIMARY_OVERLAP, UNIQUE
from caseapp.usecases.import_practice_tables import StoredTable

DOUBLED = "The same key stands on an earlier line of this file."


def sentence_for(
    connection: Connection,
    stored: StoredTable,
    row: Mapping[str, Any],
    old: Row[Any] | None,
    constraint: str | None,
) -> tuple[str | None, str]:
    """The column and the sentence for a row that broke `constraint` (see models.constraints)."""
    if constraint == CASE_MANAGER_OVERLAP:
        return "start_date", _case_manager_in_the_way(connection, row, old)
    if constraint == PRIMARY_OVERLAP:
        return "start_date", _primary_in_the_way(connection, row, old)
    for column in stored.unique if constraint == UNIQUE else ():
        others = select(stored.table.c.id).where(stored.table.c[column] == row.get(column))
        if old is not None:
            others = others.where(stored.table.c.id != old.id)
        if connection.execute(others.limit(1)).first():
            return column, f"'{row[column]}' belongs to another row already."
    return None, DOUBLED if constraint == UNIQUE else "Contradicts what is stored already."


def _case_manager_in_the_way(connection: Connection, row: Mapping[str, Any], old: Row[Any] | None) -> str:
    name = select(Clinician.number, CaseManager.start_date, CaseManager.end_date)
    found = connection.execute(
        name.join(Clinician, Clinician.id == CaseManager.clinician_id)
        .where(
            CaseManager.client_id == row["client_id"],
            CaseManager.service_line_id == row["service_line_id"],
            CaseManager.removed_at.is_(None),
            *_shares_a_day(CaseManager, row, old),
        )
        .order_by(CaseManager.start_date)
    ).first()
    return "Another case manager of this line shares a day with this one" + _told(found)


def _primary_in_the_way(connection: Connection, row: Mapping[str, Any], old: Row[Any] | None) -> str:
    name = select(Payor.code, FundingSource.start_date, FundingSource.end_date)
    found = connection.execute(
        name.join(Payor, Payor.id == FundingSource.payor_id)
        .where(
            FundingSource.client_id == row["client_id"],
            FundingSource.priority == "primary",
            *_shares_a_day(FundingSource, row, old),
        )
        .order_by(FundingSource.start_date)
    ).first()
    return "Another primary funding source shares a day with this one" + _told(found)


def _shares_a_day(model: Any, row: Mapping[str, Any], old: Row[Any] | None) -> list[Any]:
    conditions = [or_(model.end_date.is_(None), model.end_date >= row["start_date"])]
    if row.get("end_date") is not None:
        conditions.append(model.start_date <= row["end_date"])
    if old is not None:
        conditions.append(model.id != old.id)
    return conditions


def _told(found: Row[str, date, date | None] | None) -> str:
    if found is None:
        return "."
    who, start, end = found
    until = f"to {words.day(end)}" if end else "with an open end"
    return f": {who}, from {words.day(start)} {until}."

"""The two tables whose rows are more than their columns: clients are sorted, clinicians practise lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select

from caseapp.formats.problem import Problem
from caseapp.formats.row_parser import Block
from caseapp.models import ClinicianServiceLine, ServiceLine
from caseapp.usecases.client_search import sort_key
from caseapp.usecases.import_practice_rows import Numbered, TableImporter, Write

LINES = "service_lines"


class ClientImporter(TableImporter):
    """Clients bear the folded name by which lists are ordered."""

    def stored_columns(self, writes: Sequence[Write]) -> dict[str, Sequence[Any]]:
        columns = super().stored_columns(writes)
        columns["sort_key"] = list(map(sort_key, columns["last_name"], columns["first_name"]))
        return columns


class ClinicianImporter(TableImporter):
    """The service lines of a clinician stand in one column of the file and in a table of their own."""

    _stored_lines: Mapping[int, tuple[str, ...]]

    def resolved(self, block: Block) -> list[Numbered]:
        rows = super().resolved(block)
        if LINES not in self.columns:
            return rows
        place = self.columns.index(LINES)
        known = self.batch.references.ids("service_line", ())
        good = []
        for line, values in rows:
            unknown = [code for code in values[place] if code not in known]
            if unknown:
                sentence = self.batch.references.unknown("service_line", unknown[0])
                self.batch.report.refuse([Problem(self.file, sentence, line, LINES)])
            else:
                good.append((line, values))
        return good

    def known(self, rows: Sequence[Numbered]) -> Mapping[tuple[Any, ...], Row[Any]]:
        found = super().known(rows)
        lines: dict[int, list[str]] = defaultdict(list)
        statement = (
            select(ClinicianServiceLine.clinician_id, ServiceLine.code)
            .join(ServiceLine, ServiceLine.id == ClinicianServiceLine.service_line_id)
            .where(ClinicianServiceLine.clinician_id.in_([row.id for row in found.values()]))
            .order_by(ServiceLine.code)
        )
        for clinician_id, code in self.connection.execute(statement):
            lines[clinician_id].append(code)
        self._stored_lines = {row.id: tuple(lines[row.id]) for row in found.values()}
        return found

    def values(self, row: Row[Any]) -> tuple[Any, ...]:
        lines = self._stored_lines[row.id]
        return tuple([lines if place is None else row[place] for place in self.places])

    def whole(self, row: Row[Any]) -> dict[str, Any]:
        return super().whole(row) | {LINES: self._stored_lines[row.id]}

    def stored_columns(self, writes: Sequence[Write]) -> dict[str, Sequence[Any]]:
        columns = super().stored_columns(writes)
        columns.pop(LINES, None)
        return columns

    def insert(self, writes: Sequence[Write]) -> None:
        super().insert(writes)
        self._practise(writes)

    def update(self, writes: Sequence[Write]) -> None:
        super().update(writes)
        if LINES in self.columns:
            ids = [write.old.id for write in writes if write.old is not None]
            practised = delete(ClinicianServiceLine).where(ClinicianServiceLine.clinician_id.in_(ids))
            self.connection.execute(practised)
            self._practise(writes)

    def _practise(self, writes: Sequence[Write]) -> None:
        if LINES not in self.columns:
            return
        place = self.columns.index(LINES)
        self.batch.references.forget("clinician")
        clinicians = self.batch.references.ids("clinician", ())
        lines = self.batch.references.ids("service_line", ())
        rows = [
            {"clinician_id": clinicians[write.values[0]], "service_line_id": lines[code]}
            for write in writes
            for code in write.values[place]
        ]
        # Where the attempt is taken back, the ids that were read in it are no longer true.
        self.batch.references.forget("clinician")
        if rows:
            self.connection.execute(insert(ClinicianServiceLine), rows)

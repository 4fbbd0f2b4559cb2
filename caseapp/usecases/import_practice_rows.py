"""Stores the rows of one practice file, a block at a time, in a fixed number of statements for a block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from caseapp.formats.problem import Problem
from caseapp.formats.row_parser import Block, RowParser
from caseapp.models import CaseManager
from caseapp.models.constraints import CASE_MANAGER_OVERLAP, PRIMARY_OVERLAP, broken_constraint
from caseapp.usecases.bulk_insert import insert_columns
from caseapp.usecases.id_set import IdSet
from caseapp.usecases.import_practice_batch import Batch, public_ids
from caseapp.usecases.import_practice_clashes import DOUBLED, sentence_for
from caseapp.usecases.import_practice_report import ChangedMeanwhileError
from caseapp.usecases.import_practice_tables import STORED

_MOST_RETRIED = 20_000


Numbered = tuple[int, tuple[Any, ...]]
"""The line of a row, and its values in the order of the columns, references as ids."""


@dataclass(slots=True)
class Write:
    """A row to insert, or to update where `old` is the stored row; `values` in the order of the columns."""

    line: int
    values: tuple[Any, ...]
    old: Row[Any] | None = None


class TableImporter:
    """Takes blocks of one file. Rows whose key is stored already are changed where they differ."""

    def __init__(self, batch: Batch, parser: RowParser) -> None:
        self.batch = batch
        self.connection = batch.connection
        self.file = parser.file
        self.stored = STORED[parser.table.name]
        self.table = self.stored.table
        self.key = parser.table.key
        self.names = [column.name for column in parser.columns]
        self.columns, self.references = zip(*map(self.stored.stored, self.names), strict=True)
        self._absent = {
            self.stored.stored(column.name)[0]: column.blank
            for column in parser.table.columns
            if column.name not in self.names
        }
        places = {name: place for place, name in enumerate(self.table.c.keys())}
        self.places = [places.get(column) for column in self.columns]
        self._last_id = self.connection.execute(select(func.max(self.table.c.id))).scalar_one() or 0
        self._seen = IdSet()
        self._again: list[Write] = []

    def take(self, block: Block) -> None:
        rows = self.resolved(block)
        if not rows:
            return
        writes = self._compared(rows)
        # What ends earlier makes room for the rest, whichever stands first in the file.
        yielding = [write for write in writes if write.old is not None and self._only_yields(write)]
        self._store(yielding)
        yielded = {id(write) for write in yielding}
        rest = [write for write in writes if id(write) not in yielded]
        for _kind, run in groupby(rest, key=lambda write: write.old is None):
            self._store(list(run))

    def finish(self) -> None:
        """Try once more what had no room when its line was read: a later line may have made some."""
        again, self._again = self._again, []
        for write in again:
            if error := self._attempt([write]):
                self._refuse(write, error)

    def resolved(self, block: Block) -> list[Numbered]:
        columns = list(zip(*block.rows, strict=True))
        if not columns:
            return []
        bad: dict[int, list[Problem]] = {}
        for place, reference in enumerate(self.references):
            if reference is None:
                continue
            codes = columns[place]
            ids = self.batch.references.ids(reference, codes)
            found = tuple(map(ids.get, codes))
            if None in found:
                for row, (code, row_id) in enumerate(zip(codes, found, strict=True)):
                    if row_id is None and code is not None:
                        sentence = self.batch.references.unknown(reference, code)
                        problem = Problem(self.file, sentence, block.lines[row], self.names[place])
                        bad.setdefault(row, []).append(problem)
            columns[place] = found
        for problems in bad.values():
            self.batch.report.refuse(problems)
        rows = zip(block.lines, zip(*columns, strict=True), strict=True)
        return [row for place, row in enumerate(rows) if place not in bad] if bad else list(rows)

    def _compared(self, rows: Sequence[Numbered]) -> list[Write]:
        known = self.known(rows) if self._last_id else {}
        writes: list[Write] = []
        fresh: set[tuple[Any, ...]] = set()
        for line, values in rows:
            key = values[: self.key]
            old = known.get(key)
            if old is None:
                if key in fresh:
                    self._refuse_doubled(line)
                    continue
                fresh.add(key)
                writes.append(Write(line, values))
            elif old.id > self._last_id or old.id in self._seen:
                self._refuse_doubled(line)
            else:
                self._seen.add(old.id)
                if self.values(old) == values:
                    self.batch.count.unchanged += 1
                else:
                    writes.append(Write(line, values, old))
        return writes

    def known(self, rows: Sequence[Numbered]) -> Mapping[tuple[Any, ...], Row[Any]]:
        """The stored rows among which those of the block may be, by key."""
        place = self.columns.index(self.stored.lookup)
        wanted = {values[place] for _line, values in rows}
        statement = select(self.table).where(self.table.c[self.stored.lookup].in_(wanted))
        if self.stored.model is CaseManager:
            statement = statement.where(CaseManager.removed_at.is_(None))
        key = self.places[: self.key]
        return {tuple([row[place or 0] for place in key]): row for row in self.connection.execute(statement)}

    def values(self, row: Row[Any]) -> tuple[Any, ...]:
        """What is stored, in the order of the columns, to be compared with what the file says."""
        return tuple([None if place is None else row[place] for place in self.places])

    def whole(self, row: Row[Any]) -> dict[str, Any]:
        """All that is stored of a row, by column."""
        return dict(row._mapping)

    def _only_yields(self, write: Write) -> bool:
        if not self.stored.exclusive or write.old is None or "end_date" not in self.columns:
            return False
        end, was = write.values[self.columns.index("end_date")], write.old.end_date
        return end == was or (end is not None and (was is None or end < was))

    def _store(self, writes: list[Write]) -> None:
        """All at once; where the database refuses, by halves down to the lines that it refuses."""
        if not writes:
            return
        error = self._attempt(writes)
        if error is None:
            return
        if len(writes) > 1:
            middle = len(writes) // 2
            self._store(writes[:middle])
            self._store(writes[middle:])
        elif self._may_fit_later(error) and len(self._again) < _MOST_RETRIED:
            self._again.append(writes[0])
        else:
            self._refuse(writes[0], error)

    def _attempt(self, writes: list[Write]) -> IntegrityError | None:
        try:
            with self.connection.begin_nested():
                if writes[0].old is None:
                    self.insert(writes)
                else:
                    self.update(writes)
        except IntegrityError as error:
            return error
        if writes[0].old is None:
            self.batch.added(self, writes)
        else:
            self.batch.changed(self, writes)
        return None

    def insert(self, writes: Sequence[Write]) -> None:
        count = len(writes)
        columns = self.stored_columns(writes)
        columns |= {name: [blank] * count for name, blank in self._absent.items() if name in self.table.c}
        columns |= {"version": [1] * count, "recorded_at": [self.batch.now] * count}
        columns["public_id"] = public_ids(count)
        insert_columns(self.connection, self.table, columns)

    def update(self, writes: Sequence[Write]) -> None:
        columns = self.stored_columns(writes)
        old = [write.old for write in writes if write.old is not None]
        columns |= {"old_id": [row.id for row in old], "old_version": [row.version for row in old]}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        same = (self.table.c.id == bindparam("old_id"), self.table.c.version == bindparam("old_version"))
        statement = update(self.table).where(*same).values(version=self.table.c.version + 1)
        if self.connection.execute(statement, rows).rowcount != len(rows):
            raise ChangedMeanwhileError

    def stored_columns(self, writes: Sequence[Write]) -> dict[str, Sequence[Any]]:
        """The table's columns with their values; some tables have columns that follow from others."""
        values = zip(*(write.values for write in writes), strict=True)
        return dict(zip(self.columns, values, strict=True))

    def _may_fit_later(self, error: IntegrityError) -> bool:
        return broken_constraint(error) in (CASE_MANAGER_OVERLAP, PRIMARY_OVERLAP)

    def _refuse(self, write: Write, error: IntegrityError) -> None:
        row = dict(zip(self.columns, write.values, strict=True))
        column, sentence = sentence_for(
            self.connection, self.stored, row, write.old, broken_constraint(error)
        )
        self._tell(write.line, self.names[self.key - 1] if sentence == DOUBLED else column, sentence)

    def _refuse_doubled(self, line: int) -> None:
        self._tell(line, self.names[self.key - 1], DOUBLED)

    def _tell(self, line: int, column: str | None, sentence: str) -> None:
        self.batch.report.refuse([Problem(self.file, sentence, line, column)])

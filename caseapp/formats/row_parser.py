"""Blocks of rows of one file to blocks of values, a column at a time.

A column at a time costs a fraction of a cell at a time. Only where a column of a block does not parse are its
rows read one by one, to say which line it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.formats.practice_files import Column, PracticeTable
from caseapp.formats.problem import Problem, UnreadableFileError
from caseapp.formats.values import LONGEST_FIELD, Text, shown

Row = tuple[int, Sequence[str]]
"""The line on which a row begins, and its cells."""


@dataclass(slots=True)
class Block:
    """Values in the order of `RowParser.columns`, and the line of each row of them."""

    lines: list[int] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class RowParser:
    """Reads the rows below one heading. A heading that cannot be understood is an UnreadableFileError."""

    def __init__(self, file: str, table: PracticeTable, heading: Sequence[str]) -> None:
        self.file = file
        self.table = table
        names = [name.strip() for name in heading]
        _refuse_unusable(file, table, names)
        known = {column.name: column for column in table.columns}
        self.width = len(names)
        self.columns = tuple(column for column in table.columns if column.name in names)
        self._places = [names.index(column.name) for column in self.columns]
        self._ignored = [
            (place, Column(name, Text(limit=LONGEST_FIELD, lines=True)))
            for place, name in enumerate(names)
            if name not in known
        ]

    def left_out(self) -> list[str]:
        """What to tell of columns that this file has and the format has not."""
        return [
            f"the column {shown(column.name)} is not known and was left out."
            if column.name
            else f"column {place + 1} has no name and was left out."
            for place, column in self._ignored
        ]

    def parse(self, rows: Sequence[Row]) -> Block:
        block = Block()
        fitting = self._fitting(rows, block)
        if not fitting:
            return block
        cells = list(zip(*(row for _line, row in fitting), strict=True))
        try:
            for place, column in self._ignored:
                column.kind.parse_all(cells[place])
            values = [
                column.kind.parse_all(cells[place])
                for place, column in zip(self._places, self.columns, strict=True)
            ]
            block.lines = [line for line, _row in fitting]
            block.rows = list(zip(*values, strict=True))
        except ValueError:
            block.lines, block.rows = [], []
            self._parse_one_by_one(fitting, block)
        self._check(block)
        return block

    def _fitting(self, rows: Sequence[Row], block: Block) -> list[Row]:
        fitting = [numbered for numbered in rows if len(numbered[1]) == self.width]
        if len(fitting) < len(rows):
            for line, row in rows:
                if len(row) != self.width and any(row):
                    sentence = f"Has {len(row)} fields where the heading has {self.width}."
                    block.problems.append(Problem(self.file, sentence, line))
        # Spreadsheets leave rows of nothing but separators below the last one.
        return fitting if all(any(row) for _line, row in fitting) else [row for row in fitting if any(row[1])]

    def _parse_one_by_one(self, rows: Sequence[Row], block: Block) -> None:
        for line, row in rows:
            values = []
            faults = len(block.problems)
            for place, column in self._ignored:
                self._cell(block, line, column, row[place])
            for place, column in zip(self._places, self.columns, strict=True):
                values.append(self._cell(block, line, column, row[place]))
            if len(block.problems) == faults:
                block.lines.append(line)
                block.rows.append(tuple(values))

    def _cell(self, block: Block, line: int, column: Column, text: str) -> Any:
        try:
            return column.kind.parse(text)
        except ValueError as error:
            block.problems.append(Problem(self.file, str(error), line, column.name))
            return None

    def _check(self, block: Block) -> None:
        for place, column in enumerate(self.columns):
            if column.doubtful is not None:
                for line, row in zip(block.lines, block.rows, strict=True):
                    if doubt := column.doubtful(row[place]):
                        block.warnings.append(Problem(self.file, doubt, line, column.name))
        if not self.table.checks:
            return
        names = [column.name for column in self.columns]
        good = []
        for line, row in zip(block.lines, block.rows, strict=True):
            named = dict(zip(names, row, strict=True))
            faults = [fault for check in self.table.checks if (fault := check(named))]
            block.problems.extend(Problem(self.file, sentence, line, column) for column, sentence in faults)
            if not faults:
                good.append((line, row))
        if len(good) < len(block.rows):
            block.lines = [line for line, _row in good]
            block.rows = [row for _line, row in good]


def _refuse_unusable(file: str, table: PracticeTable, names: Sequence[str]) -> None:
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise UnreadableFileError(
            Problem(file, f"The column {shown(doubled[0])} stands in the heading twice.")
        )
    missing = [column.name for column in table.columns if column.needed and column.name not in names]
    if missing:
        hint = " Columns are parted by commas." if len(names) == 1 and re.search("[;\t]", names[0]) else ""
        noun = "column" if len(missing) == 1 else "columns"
        raise UnreadableFileError(Problem(file, f"The heading lacks the {noun} {', '.join(missing)}.{hint}"))

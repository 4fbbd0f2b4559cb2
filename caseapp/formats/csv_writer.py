"""Values as CSV: UTF-8, LF, quoted where needed; the same values always give the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from caseapp.formats.practice_files import PracticeTable


class CsvWriter:
    """Writes the heading at once, then blocks of rows in the order of the table's columns.

    `stream` must be opened with newline="".
    """

    def __init__(self, stream: TextIO, table: PracticeTable) -> None:
        self._writers = [column.kind.write for column in table.columns]
        self._plain = csv.writer(stream, lineterminator="\n")
        self._quoting = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._plain.writerow(table.names)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            cells = [write(value) for write, value in zip(self._writers, row, strict=True)]
            # Not every Python quotes a field for a lone carriage return, and none reads it back unquoted.
            writer = self._quoting if any("\r" in cell for cell in cells) else self._plain
            writer.writerow(cells)

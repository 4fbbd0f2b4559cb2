"""Where practice files come from: a folder of CSV files, a workbook, or records made by the program."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from caseapp.formats import workbook
from caseapp.formats.csv_reader import CsvRows
from caseapp.formats.practice_files import PracticeTable, practice_tables
from caseapp.formats.problem import Problem, UnreadableFileError
from caseapp.formats.row_parser import Row

_WORKBOOKS = (".xlsx", ".ods")


class Rows(Protocol):
    """The rows below a heading; `position` tells how much of the sheet's `size` was read."""

    @property
    def heading(self) -> Sequence[str]: ...
    @property
    def position(self) -> int: ...
    def __iter__(self) -> Iterator[Row]: ...


class Sheet(Protocol):
    """One practice file: `file` as told to people, `size` in units of `Rows.position`."""

    @property
    def file(self) -> str: ...
    @property
    def table(self) -> PracticeTable: ...
    @property
    def size(self) -> int: ...
    def open(self) -> AbstractContextManager[Rows]: ...


class PracticeSource:
    """The sheets found, in the order in which to read them, and the names of files that were left alone."""

    def __init__(self, sheets: Sequence[Sheet], unknown: Sequence[str] = ()) -> None:
        self.sheets = sheets
        self.unknown = unknown

    @property
    def size(self) -> int:
        return sum(sheet.size for sheet in self.sheets)


class CsvSheet:
    """A CSV file in a folder."""

    def __init__(self, path: Path, table: PracticeTable) -> None:
        self.path = path
        self.file = path.name
        self.table = table
        self.size = path.stat().st_size

    @contextmanager
    def open(self) -> Iterator[Rows]:
        try:
            with self.path.open("rb") as stream:
                yield CsvRows(self.file, stream)
        except OSError as error:
            raise UnreadableFileError(Problem(self.file, f"Cannot be read: {error.strerror}.")) from error


class ListSheet:
    """Rows that are in memory already: of a workbook, or made by the program. Line 1 is the heading."""

    def __init__(self, file: str, table: PracticeTable, rows: Sequence[Row]) -> None:
        self.file = file
        self.table = table
        self.size = len(rows)
        self.heading: Sequence[str] = ()
        self.position = 0
        self._rows = rows

    @contextmanager
    def open(self) -> Iterator[Rows]:
        if not self._rows:
            raise UnreadableFileError(Problem(self.file, "The sheet is empty; it needs at least a heading."))
        self.heading = self._rows[0][1]
        yield self

    def __iter__(self) -> Iterator[Row]:
        for place, row in enumerate(self._rows[1:], 2):
            self.position = place
            yield row


def find_practice(path: Path, zone: ZoneInfo) -> PracticeSource:
    """The practice files in a folder or workbook. UnreadableFileError where there are none."""
    tables = {table.name: table for table in practice_tables(zone)}
    name = str(path)
    try:
        if path.is_dir():
            return _open_folder(path, tables)
        if not path.exists():
            raise UnreadableFileError(Problem(name, "There is no such folder or workbook."))
        if path.suffix.lower() not in _WORKBOOKS:
            raise UnreadableFileError(Problem(name, "Is neither a folder nor a workbook (.xlsx, .ods)."))
        return _open_workbook(path, tables)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(Problem(name, f"Cannot be read: {reason}.")) from error


def practice_of(records: Mapping[str, Iterable[Mapping[str, Any]]], zone: ZoneInfo) -> PracticeSource:
    """Practice files that the program makes: for each table name its records, column name to value."""
    sheets = []
    for table in practice_tables(zone):
        if table.name not in records:
            continue
        rows: list[Row] = [(1, table.names)]
        for line, record in enumerate(records[table.name], 2):
            rows.append(
                (line, [column.kind.write(record.get(column.name, column.blank)) for column in table.columns])
            )
        sheets.append(ListSheet(f"{table.name}.csv", table, rows))
    return PracticeSource(sheets)


def _open_folder(path: Path, tables: Mapping[str, PracticeTable]) -> PracticeSource:
    files = {entry.name: entry for entry in path.iterdir() if entry.suffix.lower() == ".csv"}
    sheets = [
        CsvSheet(files.pop(f"{name}.csv"), table) for name, table in tables.items() if f"{name}.csv" in files
    ]
    if not sheets:
        raise UnreadableFileError(Problem(str(path), "Holds no practice file; clients.csv would be one."))
    return PracticeSource(sheets, sorted(files))


def _open_workbook(path: Path, tables: Mapping[str, PracticeTable]) -> PracticeSource:
    found = workbook.read_sheets(path, list(tables))
    sheets = [
        ListSheet(name, table, found.rows[name]) for name, table in tables.items() if name in found.rows
    ]
    if not sheets:
        raise UnreadableFileError(
            Problem(path.name, "Holds no practice sheet; one named clients would be one.")
        )
    return PracticeSource(sheets, found.unknown)

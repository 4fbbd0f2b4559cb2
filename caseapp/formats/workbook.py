"""Workbooks (.xlsx, .ods) as plain text rows, one sheet for each practice file.

Typed cells become the text that the CSV file would hold: a date its ISO form, a whole number no decimals.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from caseapp.formats.problem import Problem, UnreadableFileError
from caseapp.formats.row_parser import Row

Cell = int | float | str | bool | time | date | datetime | timedelta

_MOST_BYTES = 1 << 29
_MOST_EMPTY_CELLS = 5_000_000
_CHUNK = 1 << 20
_PLACE = re.compile(rb'<c\b[^>]{0,200}?\br="([A-Z]{1,3})([0-9]{1,7})"')


@dataclass(slots=True)
class Sheets:
    """The rows of each practice sheet, and the names of the other sheets."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def read_sheets(path: Path, names: Sequence[str]) -> Sheets:
    """The sheets of these names. UnreadableFileError where the file is no workbook or cannot be trusted."""
    _refuse_out_of_bounds(path)
    sheets = Sheets()
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                if name in names:
                    sheets.rows[name] = _rows(book.get_sheet_by_name(name))
                else:
                    sheets.unknown.append(name)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(path, f"Cannot be read as a workbook: {error}.") from error
    return sheets


def _rows(sheet: calamine.CalamineSheet) -> list[Row]:
    rows = sheet.to_python(skip_empty_area=False)
    texts = [(line, [_text(cell) for cell in row]) for line, row in enumerate(rows, 1)]
    return [(line, row) for line, row in texts if any(row)]


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        if cell.time() == time.min:
            return cell.date().isoformat()
        return cell.isoformat(timespec="minutes" if not cell.second and not cell.microsecond else "auto")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _refuse_out_of_bounds(path: Path) -> None:
    """The reader lays a sheet out as a full rectangle: two cells far apart would take all memory there is."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
                raise _unreadable(path, "Is too large for a workbook; save its sheets as CSV files.")
            for part in archive.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    _refuse_far_apart(path, archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _unreadable(path, "Is damaged, protected by a password, or no workbook.") from error


def _refuse_far_apart(path: Path, archive: zipfile.ZipFile, part: str) -> None:
    columns = rows = cells = 0
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            data = rest + chunk
            cut = data.rfind(b">") + 1
            rest = data[cut:][-_CHUNK:]
            for match in _PLACE.finditer(data, 0, cut):
                columns = max(columns, _column_number(match[1]))
                rows = max(rows, int(match[2]))
                cells += 1
    if columns * rows - cells > _MOST_EMPTY_CELLS:
        raise _unreadable(
            path, "A sheet has cells too far apart; take out what stands beside or below the table."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unreadable(path: Path, sentence: str) -> UnreadableFileError:
    return UnreadableFileError(Problem(path.name, sentence))

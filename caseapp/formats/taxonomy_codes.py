"""The provider taxonomy as its publisher (NUCC) gives it out: a CSV file of codes and names.

Columns of any order; of the many only the code and the name are read. Where there is no display name it
is put together of classification and specialization.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from caseapp.formats.csv_reader import CsvRows
from caseapp.formats.problem import Problem, UnreadableFileError
from caseapp.formats.values import shown

LARGEST_FILE = 20_000_000
LONGEST_NAME = 500
_CODE = re.compile(r"[0-9A-Z]{9}X")
_CODE_HEADINGS = ("code", "taxonomycode", "providertaxonomycode", "healthcareprovidertaxonomycode")
_NAME_HEADINGS = ("displayname", "name", "taxonomyname", "discipline", "description")
_PARTS = ("classification", "specialization")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class TaxonomyFile:
    """The codes with their names in the order of the file, and what is wrong with some lines."""

    codes: dict[str, str]
    problems: tuple[Problem, ...]


def read_taxonomy_codes(path: Path) -> TaxonomyFile:
    """Read the file. One that cannot be read as a whole is an UnreadableFileError, one sentence."""
    if path.is_dir():
        raise _unreadable(path, "This is a folder; name the CSV file.")
    if path.stat().st_size > LARGEST_FILE:
        raise _unreadable(path, f"The file is larger than {LARGEST_FILE // 1_000_000} MB; it is no code set.")
    rows = CsvRows(path.name, io.BytesIO(_as_utf8(path.read_bytes())))
    headings = [re.sub(r"[^a-z]", "", heading.lower()) for heading in rows.heading]
    code_at = _column(headings, _CODE_HEADINGS)
    name_at = _column(headings, _NAME_HEADINGS)
    parts_at = [headings.index(part) for part in _PARTS if part in headings]
    if code_at is None or (name_at is None and not parts_at):
        raise _unreadable(path, "The heading needs a column Code, and Display Name or Classification.", 1)
    codes: dict[str, str] = {}
    problems: list[Problem] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        code = _cell(cells, code_at).upper()
        name = _cell(cells, name_at) or ", ".join(filter(None, (_cell(cells, at) for at in parts_at)))
        sentence = _fault(code, name, codes)
        if sentence:
            problems.append(Problem(path.name, sentence, line))
        else:
            codes[code] = name
    if not codes and not problems:
        raise _unreadable(path, "The file holds no codes.")
    return TaxonomyFile(codes, tuple(problems))


def _fault(code: str, name: str, codes: dict[str, str]) -> str:
    if not _CODE.fullmatch(code):
        return f"{shown(code)} is no taxonomy code: nine letters or digits and an X."
    if code in codes:
        return f"The code {code} stands on an earlier line already."
    if not name:
        return f"The code {code} has no name."
    if len(name) > LONGEST_NAME:
        return f"The name of {code} is longer than {LONGEST_NAME} characters."
    return ""


def _column(headings: Sequence[str], names: Sequence[str]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _cell(cells: Sequence[str], at: int | None) -> str:
    """The cell in one line; a short row has empty cells at its end."""
    return _CONTROL.sub(" ", cells[at]).strip() if at is not None and at < len(cells) else ""


def _as_utf8(data: bytes) -> bytes:
    """The publisher wrote some files in the encoding of Windows; UTF-16 and workbooks are refused later."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) or b"\0" in data[:1000]:
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").encode("utf-8")
    return data


def _unreadable(path: Path, sentence: str, line: int | None = None) -> UnreadableFileError:
    return UnreadableFileError(Problem(path.name, sentence, line))

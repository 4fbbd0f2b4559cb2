"""A workbook says the same as the folder of CSV files with the same contents."""

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from caseapp.formats.practice_source import find_practice
from caseapp.formats.problem import UnreadableFileError
from caseapp.formats.row_parser import RowParser
from tests.conftest import ZONE
from tests.practice_files import SMALL, write_files


def save(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def values(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for sheet in find_practice(path, ZONE).sheets:
        with sheet.open() as rows:
            block = RowParser(sheet.file, sheet.table, rows.heading).parse(list(rows))
        assert not block.problems
        found[sheet.table.name] = block.rows
    return found


def test_a_workbook_says_what_the_folder_says(tmp_path: Path) -> None:
    sheets = {name: list(csv.reader(io.StringIO(text))) for name, text in SMALL.items()}
    book = save(tmp_path / "practice.xlsx", sheets)

    assert values(book) == values(write_files(tmp_path / "folder", SMALL))


def test_typed_cells_become_the_text_that_a_csv_file_would_hold(tmp_path: Path) -> None:
    book = save(
        tmp_path / "practice.xlsx",
        {
            "clinicians": [
                ["clinician_number", "last_name", "first_name", "npi", "active_from", "may_be_case_manager"],
                [17, "Lindqvist", "Mei", 1234567893, date(2020, 1, 1), False],
            ],
            "appointments": [
                [
                    "appointment_number",
                    "client_number",
                    "service_line",
                    "starts_at",
                    "minutes",
                    "status",
                    "billable",
                ],
                ["A-1", "C-1", "ST", datetime.fromisoformat("2026-11-24T09:00"), 45.0, "scheduled", True],
            ],
        },
    )

    found = values(book)

    assert found["clinicians"] == [("17", "Lindqvist", "Mei", "1234567893", False, date(2020, 1, 1))]
    assert found["appointments"][0][3:6] == (
        datetime.fromisoformat("2026-11-24T09:00-05:00"),
        45,
        "scheduled",
    )


def test_rows_keep_their_numbers_and_other_sheets_are_told(tmp_path: Path) -> None:
    book = save(
        tmp_path / "practice.xlsx",
        {"Notes": [["hello"]], "service_lines": [["code", "name"], [], ["ST", "Speech"], ["", "lost"]]},
    )
    source = find_practice(book, ZONE)

    assert source.unknown == ["Notes"]
    with source.sheets[0].open() as rows:
        block = RowParser(source.sheets[0].file, source.sheets[0].table, rows.heading).parse(list(rows))
    assert block.lines == [3]
    assert [str(problem) for problem in block.problems] == ["service_lines:4: code: Must be filled."]


def broken(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def far_apart(path: Path) -> Path:
    """Two cells at opposite corners: laid out as a rectangle they are seventeen thousand million cells."""
    whole = save(path.with_name("whole.xlsx"), {"clients": [["client_number"], ["C-1"]]})
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, data.replace(b'r="A2"', b'r="XFD1048576"'))
    return path


def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path) -> None:
    whole = save(tmp_path / "whole.xlsx", {"clients": [["client_number"]]}).read_bytes()
    for path in (
        broken(tmp_path / "text.xlsx", b"client_number\nC-1\n"),
        broken(tmp_path / "empty.xlsx", b""),
        broken(tmp_path / "cut.xlsx", whole[: len(whole) // 2]),
        broken(tmp_path / "text.ods", b"PK\x05\x06" + bytes(18)),
        far_apart(tmp_path / "far.xlsx"),
        save(tmp_path / "other.xlsx", {"Budget": [["x"]]}),
        save(tmp_path / "blank.xlsx", {"clients": []}),
    ):
        with pytest.raises(UnreadableFileError) as refused:
            values(path)
        assert "\n" not in str(refused.value)
        assert str(refused.value).endswith(".")


def ods(path: Path, rows: list[list[str]], name: str) -> Path:
    """The least that a reader takes for an OpenDocument spreadsheet."""
    spaces = " ".join(
        f'xmlns:{space}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for space in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("META-INF/manifest.xml", "<manifest/>")
        target.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="{name}">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_an_opendocument_spreadsheet_is_a_workbook_too(tmp_path: Path) -> None:
    book = ods(tmp_path / "practice.ods", [["code", "name"], ["ST", "Speech"]], "service_lines")

    assert values(book) == {"service_lines": [("ST", "Speech")]}

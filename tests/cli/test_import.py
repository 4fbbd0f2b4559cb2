"""`caseapp import` in a terminal: what it says, its exit status, and that a refusal stores nothing."""

import io
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from caseapp.cli import import_
from caseapp.usecases.import_practice_report import ChangedMeanwhileError
from tests.cli.commands import Commands
from tests.practice_files import SAMPLE, SMALL, contents, write_files

BAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "empty": ({"clients": b""}, "clients.csv: The file is empty; it needs at least a heading."),
    "no text": ({"clients": bytes(range(1, 256)) * 9}, "clients.csv:"),
    "not UTF-8": (
        {"clients": SMALL["clients"].encode("latin-1")},
        "clients.csv:2: The byte 0xE9 is not UTF-8",
    ),
    "UTF-16": ({"clients": SMALL["clients"].encode("utf-16")}, "clients.csv: The file is UTF-16"),
    "cut in a quote": (
        {"leaves": SMALL["leaves"] + 'K-1,2027-01-01,,"Vac'},
        "leaves.csv:3: A quotation mark opens",
    ),
    "cut in a row": (
        {"appointments": SMALL["appointments"][:-30]},
        "appointments.csv:3: Has 5 fields where the",
    ),
    "NUL": ({"clients": SMALL["clients"].replace("Wren", "W\0ren")}, "clients.csv:3: Holds a NUL byte"),
    "missing column": (
        {"clients": "client_number,last_name\n"},
        "clients.csv: The heading lacks the columns",
    ),
    "doubled column": (
        {"payors": "payor_id,name,type,name\n"},
        "payors.csv: The column 'name' stands in the",
    ),
    "semicolons": (
        {"service_lines": "code;name\nST;Speech\n"},
        "service_lines.csv: The heading lacks the columns",
    ),
    "enormous field": (
        {"clients": SMALL["clients"] + f"C-3,{'x' * 10_001},B,,,active,\n"},
        "clients.csv:4: last_name: Is longer than 200 characters.",
    ),
    "bad date": (
        {"leaves": SMALL["leaves"].replace("12-18", "12-32")},
        "leaves.csv:2: end_date: '2026-12-32' is not",
    ),
    "unknown client": (
        {"appointments": SMALL["appointments"].replace("C-1", "C-7")},
        "appointments.csv:2: client_number: 'C-7' is not a client of this practice.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_one_sentence_and_nothing_is_stored(
    caseapp: Commands, tmp_path: Path, case: str
) -> None:
    files, sentence = BAD[case]
    folder = write_files(tmp_path / "files", SMALL | files)

    result = caseapp("import", folder)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert "othing was imported" in result.stderr
    assert not caseapp.data.exists() or list(caseapp.data.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing", "There is no such folder or workbook."),
        ("letter.txt", "Is neither a folder nor a workbook (.xlsx, .ods)."),
        ("letter.xlsx", "Is damaged, protected by a password, or no workbook."),
        ("nothing", "Holds no practice file; clients.csv would be one."),
        ("x" * 300, "Cannot be read: File name too long."),
    ],
)
def test_what_holds_no_practice_files_is_told(
    caseapp: Commands, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    (tmp_path / "letter.xlsx").write_text("Dear all")
    (tmp_path / "nothing").mkdir()

    result = caseapp("import", tmp_path / name)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not caseapp.data.exists()


def test_the_sample_goes_in_and_again_changes_nothing(caseapp: Commands) -> None:
    first = caseapp("import", SAMPLE)

    assert first.exit_code == 0
    assert "appointments.csv: 1,695 rows: 1,695 added, 0 changed, 0 unchanged, 0 refused\n" in first.stdout
    assert first.stdout.endswith("Imported 2,454 rows.\n")
    assert first.stderr == "Reading the files …\nWriting the search words …\nJudging the coverage …\n"

    second = caseapp("import", SAMPLE)

    assert second.exit_code == 0
    assert "appointments.csv: 1,695 rows: 0 added, 0 changed, 1,695 unchanged, 0 refused\n" in second.stdout
    assert second.stdout.endswith("Nothing has changed.\n")


def test_good_rows_go_in_where_that_is_said(caseapp: Commands, tmp_path: Path) -> None:
    files = SMALL | {"clients": SMALL["clients"] + "C-3,,,,,active,\nC-4,A,B,,soon,active,\n"}
    folder = write_files(tmp_path / "files", files)

    refused = caseapp("import", folder)
    assert refused.exit_code == 2
    assert refused.stderr.endswith(
        "2 rows were refused, so nothing was imported: mend them, or leave them out with --keep-going.\n"
    )

    kept = caseapp("import", folder, "--keep-going")
    assert kept.exit_code == 1
    assert "clients.csv:4: last_name: Must be filled, or the first name.\n" in kept.stderr
    assert "clients.csv:5: date_of_birth: 'soon' is not a date" in kept.stderr
    assert kept.stderr.endswith("2 rows were left out.\n")
    assert kept.stdout.endswith("Imported 20 rows.\n")

    assert caseapp("import", write_files(tmp_path / "small", SMALL)).stdout.endswith("Nothing has changed.\n")


def test_a_broken_file_is_refused_even_where_good_rows_were_asked_for(
    caseapp: Commands, tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "files", SMALL | {"leaves": SMALL["leaves"] + 'K-2,2027-01-01,,"Vac'})

    result = caseapp("import", folder, "--keep-going")

    assert result.exit_code == 2
    assert "leaves.csv:3: A quotation mark opens here and never closes" in result.stderr


@pytest.mark.parametrize("there", [True, False])
def test_a_dry_run_stores_nothing(caseapp: Commands, tmp_path: Path, there: bool) -> None:
    if there:
        caseapp("import", write_files(tmp_path / "small", SMALL))
        caseapp("export", tmp_path / "before")

    result = caseapp("import", SAMPLE, "--dry-run")

    assert result.exit_code == 0
    assert result.stdout.endswith("Dry run: nothing was stored.\n")
    assert "clients.csv: 107 rows: 107 added" in result.stdout
    if there:
        caseapp("export", tmp_path / "after")
        assert contents(tmp_path / "after") == contents(tmp_path / "before")
    else:
        assert list(caseapp.data.iterdir()) == []


def test_unknown_columns_files_and_doubtful_npis_are_told(caseapp: Commands, tmp_path: Path) -> None:
    heading, *rows = SMALL["clinicians"].replace("1234567893", "1234567890").splitlines()
    files = SMALL | {
        "clinicians": "\n".join([f"{heading},shoe_size", *(f"{row},42" for row in rows)]) + "\n",
        "budget": "year,amount\n",
    }

    result = caseapp("import", write_files(tmp_path / "files", files))

    assert result.exit_code == 0
    assert "Note: budget.csv: is not a practice file and was left alone.\n" in result.stderr
    assert "Note: clinicians.csv: the column 'shoe_size' is not known and was left out.\n" in result.stderr
    assert "Warning: clinicians.csv:2: npi: '1234567890' is not a valid individual NPI" in result.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)

    with import_.progress_bars() as tell:
        tell("Reading the files", 5, 10)
        tell("Reading the files", 10, 10)
        tell("Judging the coverage", 3, 3)

    assert "Reading the files  [" in shown.getvalue()
    assert "Judging the coverage  [" in shown.getvalue()
    assert shown.getvalue().count("100%") == 2


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked")),
            "The database cannot be written: database is locked. Nothing was imported.",
        ),
        (
            ChangedMeanwhileError(),
            "Somebody saved while the files were read. Nothing was imported: try again.",
        ),
    ],
)
def test_what_hinders_the_import_is_told(
    caseapp: Commands, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def hindered(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("caseapp.cli.import_.import_practice", hindered)

    result = caseapp("import", SAMPLE)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert list(caseapp.data.iterdir()) == []

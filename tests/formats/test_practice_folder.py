"""A folder is written whole, and never over what is not an export."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from caseapp.formats.practice_files import PracticeTable, practice_tables
from caseapp.formats.practice_folder import write_folder
from caseapp.formats.problem import UnreadableFileError
from tests.conftest import ZONE

TABLES = practice_tables(ZONE)


def write(folder: Path, name: str = "Speech") -> None:
    def rows_of(table: PracticeTable) -> Iterable[Sequence[Any]]:
        return [("ST", name)] if table.name == "service_lines" else []

    write_folder(folder, TABLES, rows_of)


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "export"
    write(folder)

    assert (folder / "service_lines.csv").read_bytes() == b"code,name\nST,Speech\n"
    assert len(list(folder.iterdir())) == 10
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_an_earlier_export_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, "Speech")
    write(tmp_path, "Talk")

    assert (tmp_path / "service_lines.csv").read_bytes() == b"code,name\nST,Talk\n"
    assert len(list(tmp_path.iterdir())) == 10


def test_a_folder_with_anything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")

    with pytest.raises(UnreadableFileError, match=r"Holds letter\.txt, which is no export"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export").write_text("")

    with pytest.raises(UnreadableFileError, match="Is a file, not a folder"):
        write(tmp_path / "export")
    with pytest.raises(UnreadableFileError, match="Not a directory"):
        write(tmp_path / "export" / "below")


def test_an_export_that_breaks_off_leaves_the_earlier_one(tmp_path: Path) -> None:
    write(tmp_path)

    def breaks_off(table: PracticeTable) -> Iterable[Sequence[Any]]:
        yield ("OT", "Occupational") if table.name == "service_lines" else ("x",) * len(table.columns)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path, TABLES, breaks_off)

    assert (tmp_path / "service_lines.csv").read_bytes() == b"code,name\nST,Speech\n"
    assert len(list(tmp_path.iterdir())) == 10

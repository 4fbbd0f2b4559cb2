"""`caseapp export` in a terminal."""

from pathlib import Path

from tests.cli.commands import Commands
from tests.practice_files import SMALL, contents, write_files


def test_what_is_exported_can_be_brought_in_elsewhere(caseapp: Commands, tmp_path: Path) -> None:
    caseapp("import", write_files(tmp_path / "small", SMALL))

    result = caseapp("export", tmp_path / "out")

    assert result.exit_code == 0
    assert result.stdout == f"Wrote 10 files to {tmp_path / 'out'}.\n"
    caseapp.data = tmp_path / "elsewhere"
    assert caseapp("import", tmp_path / "out").stdout.endswith("Imported 20 rows.\n")
    caseapp("export", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_a_folder_that_holds_something_else_is_left_alone(caseapp: Commands, tmp_path: Path) -> None:
    caseapp("import", write_files(tmp_path / "small", SMALL))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("Dear all")

    result = caseapp("export", tmp_path / "out")

    assert result.exit_code == 2
    assert "Holds letter.txt, which is no export: name a new or an empty folder." in result.stderr
    assert list(contents(tmp_path / "out")) == ["letter.txt"]


def test_without_a_practice_there_is_nothing_to_export(caseapp: Commands, tmp_path: Path) -> None:
    result = caseapp("export", tmp_path / "out")

    assert result.exit_code == 2
    assert "There is no practice in" in result.stderr
    assert not (tmp_path / "out").exists()

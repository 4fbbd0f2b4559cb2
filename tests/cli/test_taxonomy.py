"""`caseapp taxonomy` in a terminal."""

from pathlib import Path

import pytest

from tests.cli.commands import Commands
from tests.practice_files import SMALL, write_files


@pytest.fixture
def practice(caseapp: Commands, tmp_path: Path) -> Commands:
    caseapp("import", write_files(tmp_path / "small", SMALL))
    return caseapp


def written(folder: Path, content: str) -> Path:
    path = folder / "nucc.csv"
    path.write_text(content)
    return path


def test_a_code_set_is_brought_in_and_again_changes_nothing(practice: Commands, tmp_path: Path) -> None:
    file = written(tmp_path, "Code,Display Name\n103K00000X,Behavior Analyst\n174400000X,Specialist\n")

    first, second = practice("taxonomy", file), practice("taxonomy", file)

    assert (first.exit_code, first.stdout) == (0, "nucc.csv: 1 added, 1 renamed, 0 unchanged\n")
    assert second.stdout == "nucc.csv: 0 added, 0 renamed, 2 unchanged\n"


def test_bad_lines_are_told_and_nothing_is_brought_in(practice: Commands, tmp_path: Path) -> None:
    bad = "".join(f"{number},x\n" for number in range(25))

    result = practice("taxonomy", written(tmp_path, f"Code,Display Name\n174400000X,Specialist\n{bad}"))

    assert result.exit_code == 2
    assert "nucc.csv:3: '0' is no taxonomy code" in result.stderr
    assert "and 5 more of these." in result.stderr
    assert result.stderr.endswith("Error: 25 lines were refused, so nothing was imported.\n")


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
def test_a_file_that_is_none_is_refused_in_one_sentence(
    practice: Commands, tmp_path: Path, content: str
) -> None:
    result = practice("taxonomy", written(tmp_path, content))

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("Nothing was imported.\n")


def test_a_file_that_is_not_there_and_a_folder_without_a_practice_are_told(
    caseapp: Commands, tmp_path: Path
) -> None:
    assert "no such file" in caseapp("taxonomy", tmp_path / "absent.csv").stderr
    file = written(tmp_path, "Code,Display Name\n174400000X,Specialist\n")
    assert "There is no practice in" in caseapp("taxonomy", file).stderr

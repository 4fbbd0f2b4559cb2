"""`caseapp export` in a terminal."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.config import DATABASE_NAME
from caseapp.models import Client
from caseapp.models.engine import make_engine
from tests.cli.commands import Commands
from tests.conftest import NOW
from tests.practice_files import SAMPLE, SMALL, contents, write_files
from tests.usecases.importing import PRACTICE
from tests.usecases.random_edits.desk import Desk


def test_what_is_exported_can_be_brought_in_elsewhere(caseapp: Commands, tmp_path: Path) -> None:
    caseapp("import", write_files(tmp_path / "small", SMALL))

    result = caseapp("export", tmp_path / "out")

    assert result.exit_code == 0
    assert result.stdout == f"Wrote 10 files to {tmp_path / 'out'}.\n"
    caseapp.data = tmp_path / "elsewhere"
    assert caseapp("import", tmp_path / "out").stdout.endswith("Imported 20 rows.\n")
    caseapp("export", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_a_practice_that_was_worked_on_comes_back_byte_for_byte(caseapp: Commands, tmp_path: Path) -> None:
    caseapp("import", SAMPLE)
    engine = make_engine(f"sqlite:///{caseapp.data / DATABASE_NAME}")
    with Session(engine) as session:
        Desk(session, NOW, PRACTICE, 6).work(150)
    engine.dispose()
    caseapp("export", tmp_path / "out")

    caseapp.data = tmp_path / "elsewhere"
    assert caseapp("import", tmp_path / "out").exit_code == 0
    caseapp("export", tmp_path / "again")

    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_formulas_are_taken_out_of_a_file_and_come_back_as_they_were(
    caseapp: Commands, tmp_path: Path
) -> None:
    names = ["=1+1", "+1 555", "-Ann", "@SUM(A1)", "'=quoted", "=HYPERLINK(0)"]
    rows = "".join(f"N-{place},{name},={name},,2020-01-21,active,\n" for place, name in enumerate(names))
    practice = SMALL | {"clients": SMALL["clients"] + rows}
    assert caseapp("import", write_files(tmp_path / "small", practice)).exit_code == 0
    assert caseapp("export", tmp_path / "out").exit_code == 0

    with (tmp_path / "out" / "clients.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 40
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    caseapp.data = tmp_path / "elsewhere"
    assert caseapp("import", tmp_path / "out").exit_code == 0
    engine = make_engine(f"sqlite:///{caseapp.data / DATABASE_NAME}")
    with Session(engine) as session:
        wanted = select(Client.number, Client.last_name, Client.first_name)
        back = {tuple(row) for row in session.execute(wanted)}
    engine.dispose()
    read = [name.removeprefix("'") for name in names]  # a quote before a formula is a spreadsheet's own
    assert {(f"N-{place}", name, f"={names[place]}") for place, name in enumerate(read)} <= back


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

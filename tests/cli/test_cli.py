import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from caseapp.cli import COMMANDS, Caseapp, main
from caseapp.config import SettingsError
from caseapp.data_folder import PracticeUnavailable


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_takes_a_data_folder(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    parts = [[name, part] for part in command.commands] if isinstance(command, click.Group) else [[name]]
    for part in parts:
        result = CliRunner().invoke(main, [*part, "--help"])

        assert result.exit_code == 0
        assert "--data DIR" in result.output


def test_the_help_names_every_command_and_what_it_does() -> None:
    result = CliRunner().invoke(main, ["--help"])

    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in result.output


def test_an_unknown_command_is_told() -> None:
    result = CliRunner().invoke(main, ["sevre"])

    assert result.exit_code == 2
    assert "No such command 'sevre'" in result.stderr


def test_the_package_runs_as_the_command() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "caseapp", "--version"], capture_output=True, text=True, check=True
    )

    assert result.stdout.startswith("caseapp, version ")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            PermissionError(13, "Permission denied", "/data/caseapp.db"),
            "/data/caseapp.db: permission denied.",
        ),
        (OSError(28, "No space left on device"), "The system: no space left on device."),
        (
            OperationalError("UPDATE", {}, Exception("disk is full")),
            "The database could not go on: disk is full.",
        ),
        (SettingsError("CASEAPP_NOW is wrong."), "CASEAPP_NOW is wrong."),
        (PracticeUnavailable("There is none."), "There is none."),
    ],
)
def test_what_the_surroundings_refuse_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(Caseapp, "get_command", lambda *_: click.Command("anything", callback=fail))

    result = CliRunner().invoke(main, ["anything"])

    assert (result.exit_code, result.stderr) == (2, f"Error: {sentence}\n")

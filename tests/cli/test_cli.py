import subprocess
import sys

import pytest
from click.testing import CliRunner

from caseapp.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_takes_a_data_folder(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])

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

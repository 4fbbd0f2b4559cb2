"""The command `caseapp`.

Exit status: 0 done; 1 done, and something needs attention; 2 nothing done. Errors are one sentence on
standard error.
"""

import errno
import importlib
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from caseapp.config import SettingsError
from caseapp.data_folder import PracticeUnavailable

# Each command lies in a file of its own, as its attribute `command`, and is imported when it is asked for:
# the parts that only one command needs neither slow nor break the others.
COMMANDS = {
    "serve": "caseapp.cli.serve",
    "import": "caseapp.cli.import_",
    "export": "caseapp.cli.export",
    "check": "caseapp.cli.check",
    "users": "caseapp.cli.users",
    "audit": "caseapp.cli.audit",
    "taxonomy": "caseapp.cli.taxonomy",
}


class Refused(click.ClickException):
    """Nothing was done, for this reason: one sentence on standard error, exit status 2."""

    exit_code = 2


class Caseapp(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, PracticeUnavailable) as error:
            raise Refused(str(error)) from error
        except OperationalError as error:
            raise Refused(f"The database could not go on: {error.orig}.") from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the output has gone; click ends quietly
                raise
            raise Refused(
                f"{error.filename or 'The system'}: {(error.strerror or str(error)).lower()}."
            ) from error


@click.command(cls=Caseapp, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="caseapp")
def main() -> None:
    """Who is case manager of each client's service line, on each day."""

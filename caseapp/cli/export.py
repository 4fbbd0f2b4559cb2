"""`caseapp export`: the practice as practice files."""

from pathlib import Path

import click

from caseapp.cli import Refused
from caseapp.cli.context import data_option, open_practice
from caseapp.domain.actor import LOCAL_USER
from caseapp.formats.practice_files import practice_tables
from caseapp.formats.practice_folder import write_folder
from caseapp.formats.problem import UnreadableFileError
from caseapp.usecases.access_event import record_export
from caseapp.usecases.export_practice import begin_export, export_rows


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
def command(folder: Path, data: Path | None) -> None:
    """Write the practice into FOLDER, one CSV file for each kind of thing.

    FOLDER is made where it is missing. An earlier export in it is replaced; anything else there is refused.
    """
    with open_practice(data) as practice:
        record_export(practice.session, LOCAL_USER, practice.now, "caseapp export")
        begin_export(practice.session)
        tables = practice_tables(practice.settings.zone)
        try:
            write_folder(folder, tables, lambda table: export_rows(practice.session, LOCAL_USER, table))
        except UnreadableFileError as error:
            raise Refused(str(error)) from error
    click.echo(f"Wrote {len(tables)} files to {folder}.")

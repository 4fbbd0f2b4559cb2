"""`caseapp taxonomy`: the codes of the provider taxonomy, from their publisher's file."""

from pathlib import Path

import click

from caseapp.cli import Refused
from caseapp.cli.context import data_option, open_practice
from caseapp.domain.actor import LOCAL_USER
from caseapp.formats.problem import UnreadableFileError
from caseapp.formats.taxonomy_codes import TaxonomyFile, read_taxonomy_codes
from caseapp.usecases.taxonomy_code import import_taxonomy_codes

_MOST_TOLD = 20


@click.command("taxonomy")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@data_option
def command(file: Path, data: Path | None) -> None:
    """Bring in the taxonomy codes that clinicians can have, from the CSV file of NUCC.

    The same code is renamed, a code that the file does not hold stays. Where a line is refused nothing is
    stored.
    """
    try:
        read = read_taxonomy_codes(file)
    except UnreadableFileError as error:
        raise Refused(f"{error} Nothing was imported.") from error
    _refuse(read)
    with open_practice(data) as opened:
        report = import_taxonomy_codes(opened.session, LOCAL_USER, opened.now, read.codes, file.name)
    click.echo(
        f"{file.name}: {report.added:,} added, {report.changed:,} renamed, {report.unchanged:,} unchanged"
    )


def _refuse(read: TaxonomyFile) -> None:
    if not read.problems:
        return
    for problem in read.problems[:_MOST_TOLD]:
        click.echo(str(problem), err=True)
    if len(read.problems) > _MOST_TOLD:
        click.echo(f"and {len(read.problems) - _MOST_TOLD:,} more of these.", err=True)
    lines = "1 line was" if len(read.problems) == 1 else f"{len(read.problems):,} lines were"
    raise Refused(f"{lines} refused, so nothing was imported.")

"""`caseapp import`: practice files into the practice."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from caseapp.cli import Refused
from caseapp.cli.context import data_option, open_practice
from caseapp.config import Settings
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.formats.practice_source import find_practice
from caseapp.formats.problem import UnreadableFileError
from caseapp.practices import settle_memory
from caseapp.usecases.coverage_gap import refresh_all_due
from caseapp.usecases.import_practice import Progress, import_practice
from caseapp.usecases.import_practice_report import ChangedMeanwhileError, ImportReport


@click.command("import")
@click.argument("source", metavar="FOLDER|WORKBOOK", type=click.Path(path_type=Path))
@data_option
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and store nothing.")
@click.option("--keep-going", is_flag=True, help="Store the good rows where others are refused.")
def command(source: Path, data: Path | None, dry_run: bool, keep_going: bool) -> None:
    """Bring practice files in, from a folder of CSV files or from one workbook.

    The same key updates, an absent row is left alone. Where a row is refused nothing is stored, unless
    --keep-going is said; then the exit status is 1.
    """
    settings = Settings.from_env(data_dir=data)
    try:
        # Before anything is made: a folder that is not there starts no practice.
        files = find_practice(source, settings.zone)
        with open_practice(data, create=True, keep=not dry_run) as opened:
            settle_memory()
            rules = Practice(settings.zone, settings.notice)
            with progress_bars() as progress:
                report = import_practice(
                    opened.session,
                    LOCAL_USER,
                    opened.now,
                    rules,
                    files,
                    source.resolve().name,
                    keep_going=keep_going,
                    dry_run=dry_run,
                    progress=progress,
                )
            if report.stored and report.written:
                refresh_all_due(opened.session, opened.today, rules)
            _tell(report)
            _end(report, dry_run=dry_run, keep_going=keep_going)
    except UnreadableFileError as error:
        raise Refused(f"{error} Nothing was imported.") from error
    except OperationalError as error:
        # Another program holds the database for longer than the patience of this one, or the disk is full.
        raise Refused(f"The database cannot be written: {error.orig}. Nothing was imported.") from error
    except ChangedMeanwhileError as error:
        raise Refused("Somebody saved while the files were read. Nothing was imported: try again.") from error


def _tell(report: ImportReport) -> None:
    for notice in report.notices:
        click.echo(f"Note: {notice}", err=True)
    for warning in report.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if report.warning_count > len(report.warnings):
        click.echo(f"Warning: and {report.warning_count - len(report.warnings):,} more of these.", err=True)
    for problem in report.problems:
        click.echo(str(problem), err=True)
    for file in report.files:
        click.echo(
            f"{file.file}: {_rows(file.rows)}: {file.added:,} added, {file.changed:,} changed, "
            f"{file.unchanged:,} unchanged, {file.refused:,} refused"
        )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _end(report: ImportReport, *, dry_run: bool, keep_going: bool) -> None:
    rows = f"{_rows(report.refused)} {'was' if report.refused == 1 else 'were'}"
    if report.refused and not keep_going:
        raise Refused(
            f"{rows} refused, so nothing was imported: mend them, or leave them out with --keep-going."
        )
    if dry_run:
        click.echo("Dry run: nothing was stored.")
    elif report.written:
        click.echo(f"Imported {_rows(report.written)}.")
    else:
        click.echo("Nothing has changed.")
    if report.refused:
        click.echo(f"{rows} left out.", err=True)
        raise click.exceptions.Exit(1)


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A bar for each step on a terminal, a plain line elsewhere."""
    terminal = sys.stderr.isatty()
    bars = ExitStack()
    state: dict[str, Any] = {"doing": "", "bar": None, "shown": 0}

    def tell(doing: str, done: int, total: int) -> None:
        if doing != state["doing"]:
            bars.close()
            state.update(doing=doing, shown=0)
            if terminal:
                bar = click.progressbar(length=max(total, 1), label=doing, file=sys.stderr)
                state["bar"] = bars.enter_context(bar)
            else:
                click.echo(f"{doing} …", err=True)
        if terminal:
            state["bar"].update(done - state["shown"])
            state["shown"] = done

    with bars:
        yield tell

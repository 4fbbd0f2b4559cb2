"""`caseapp audit`: seal what is on record, prove it unaltered, and move the oldest out."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from caseapp.cli import Refused
from caseapp.cli.context import OpenPractice, data_option, open_practice
from caseapp.cli.day import Day
from caseapp.data_folder import PracticeUnavailable
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.dates import ONE_DAY, first_instant, years_before
from caseapp.domain.seal import Broken
from caseapp.domain.seal_words import broken_words, sealed_words
from caseapp.domain.words import count
from caseapp.formats.audit_archive import ArchiveHead, ArchiveReader, write_archive
from caseapp.formats.audit_csv import AuditLine, audit_csv
from caseapp.formats.new_file import new_file
from caseapp.formats.problem import UnreadableFileError
from caseapp.usecases.access_event import record_export
from caseapp.usecases.audit_list import Question, audit_pages
from caseapp.usecases.audit_told import line_of, told_events
from caseapp.usecases.seal import Chain, beginning, seal_new
from caseapp.usecases.seal_archive import finish, last_archivable, move_out
from caseapp.usecases.seal_check import Checked, archived_hash, check, check_chain, sealed_events

YEARS_KEPT = 6


@click.group("audit")
def command() -> None:
    """Seal and verify what is on record."""


@command.command("seal")
@data_option
def seal(data: Path | None) -> None:
    """Chain what is new, in batches. A running server does so by itself every few minutes.

    Write the hash down elsewhere: `caseapp audit verify --seal HASH` then also tells whether the whole chain
    was made anew.
    """
    with open_practice(data) as practice:
        done = seal_new(practice.session, practice.now, time.sleep)
    if done.waits:
        raise Refused("A change is under way that takes long: nothing was sealed. Try again.")
    if done.seals:
        click.echo(f"Sealed {count(done.events, 'event')} in {count(done.seals, 'seal')}.")
    else:
        click.echo("Nothing is new since the last seal.")
    if done.end.number:
        click.echo(f"The last seal is {done.end.number}, with the hash {done.end.hash}.")


@command.command("verify")
@click.option("--seal", "known", metavar="HASH", default="", help="A hash that was written down earlier.")
@click.option(
    "--archive", type=click.Path(path_type=Path), help="Verify this file of `caseapp audit archive`."
)
@data_option
def verify(known: str, archive: Path | None, data: Path | None) -> None:
    """Tell whether everything on record is as it was sealed.

    The exit status is 0 where it is, 1 where an event was altered, removed or inserted: the first is named.
    """
    if archive is not None:
        found = _read_archive(archive, known)
        expected = _archived_hash(found.end.number, data) if found.broken is None else None
        if expected not in (None, found.end.hash):
            _tell(["The practice knows another archive of this part: the file was made anew."], 1)
    else:
        with open_practice(data) as practice:
            found = check(practice.session, known)
    if found.broken is not None:
        _tell([broken_words(found.broken, found.told)], 1)
    if not found.knows:
        _tell(["No seal has that hash: the chain was made anew, or the hash is of another practice."], 1)
    lines = [sealed_words(found.events, found.seals, found.unsealed, found.since)]
    if found.end.number:
        lines.append(f"The last seal is {found.end.number}, with the hash {found.end.hash}.")
    _tell(lines, 0)


@command.command("archive")
@click.option(
    "--before", type=Day(), metavar="DATE", help="Default: six years ago. Of this day nothing goes."
)
@click.option("--to", "path", type=click.Path(path_type=Path), required=True, help="The file to be made.")
@data_option
def archive(before: date | None, path: Path, data: Path | None) -> None:
    """Move what was sealed and is older than DATE into a file, which stays verifiable. Keep the file."""
    with open_practice(data) as practice:
        session = practice.session
        finish(session)
        day = before or years_before(practice.today, YEARS_KEPT)
        last = last_archivable(session, first_instant(day, practice.settings.zone))
        begun = beginning(session)
        if last <= begun.number:
            click.echo(f"Nothing sealed is older than {day}. Nothing was moved.")
            return
        end = _write(practice, begun, last, path)
        move_out(session, LOCAL_USER, practice.now, end.end)
    click.echo(f"Moved {count(end.events, 'event')} in {count(end.seals, 'seal')} to {path}.")
    click.echo(f"Its last seal is {end.end.number}, with the hash {end.end.hash}.")


@command.command("export")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--since", type=Day(), metavar="DATE", help="The first day. Default: the beginning.")
@click.option("--until", type=Day(), metavar="DATE", help="The last day. Default: today.")
@data_option
def export(path: Path, since: date | None, until: date | None, data: Path | None) -> None:
    """Write what is on record into a new CSV FILE, the newest first."""
    with open_practice(data) as practice:
        session, zone = practice.session, practice.settings.zone
        asked = Question(
            since=first_instant(since, zone) if since else None,
            until=first_instant(until + ONE_DAY, zone) if until else None,
        )
        record_export(session, LOCAL_USER, practice.now, "caseapp audit export")
        lines = (
            AuditLine(*line_of(event, zone))
            for page in audit_pages(session, LOCAL_USER, asked)
            for event in told_events(page, zone)
        )
        try:
            with new_file(path) as stream:
                stream.writelines(audit_csv(lines))
        except UnreadableFileError as error:
            raise Refused(str(error)) from error
    click.echo(f"Wrote {path}.")


def _write(practice: OpenPractice, begun: Chain, last: int, path: Path) -> Checked:
    """Write the file and read it again. Raises Refused where something in it is not as it was sealed."""
    session = practice.session
    try:
        with new_file(path) as stream:
            head = ArchiveHead(begun.number, begun.hash, begun.reached)
            write_archive(stream, head, sealed_events(session, begun.number, last))
        written = _read_archive(path, "")
    except UnreadableFileError as error:
        raise Refused(f"{error} Nothing was moved.") from error
    if written.broken is not None:
        path.unlink()
        raise Refused(f"{broken_words(written.broken, None)} Nothing was moved.")
    return written


def _read_archive(path: Path, known: str) -> Checked:
    try:
        reader = ArchiveReader(path)
        head = reader.head
        found = check_chain(reader.sealed(), Chain(head.number, head.hash, head.reached), known)
    except UnreadableFileError as error:
        raise Refused(str(error)) from error
    if found.broken is None and found.end.number != reader.end:
        return replace(found, broken=Broken("removed", None, found.end.number + 1))
    return found


def _archived_hash(number: int, data: Path | None) -> str | None:
    """The hash of the practice's archive that ends with this seal; None where no practice knows of one."""
    try:
        with open_practice(data) as practice:
            return archived_hash(practice.session, number)
    except PracticeUnavailable:
        return None


def _tell(lines: list[str], status: int) -> None:
    for line in lines:
        click.echo(line, err=status > 0)
    raise click.exceptions.Exit(status)

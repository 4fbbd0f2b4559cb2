"""Bring practice files in: the same key updates, an absent row stays, the same files again change nothing.

Rows that cannot be true are refused with their line; rows that break a rule of saving are taken and show as
coverage gaps. All in one transaction. Source: docs/data-formats.md.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from itertools import islice

from sqlalchemy import text
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.formats.practice_source import PracticeSource, Sheet
from caseapp.formats.row_parser import Row, RowParser
from caseapp.models.engine import begin_write
from caseapp.usecases.client_search import write_terms
from caseapp.usecases.coverage_gap import mark_due, refresh
from caseapp.usecases.import_practice_batch import Batch, in_groups
from caseapp.usecases.import_practice_indexes import indexes_put_off
from caseapp.usecases.import_practice_report import FileReport, ImportReport
from caseapp.usecases.import_practice_rows import TableImporter
from caseapp.usecases.import_practice_special import ClientImporter, ClinicianImporter

BLOCK = 2_000
CLIENTS_AT_ONCE = 500
CACHE_KILOBYTES = 65_536
_IMPORTERS = {"clients": ClientImporter, "clinicians": ClinicianImporter}

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def import_practice(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    source: PracticeSource,
    name: str,
    *,
    keep_going: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda doing, done, total: None,
) -> ImportReport:
    """Import the files of `source`, which the audit event calls `name`.

    With refused rows nothing is stored unless `keep_going`; with `dry_run` nothing is in any case. Raises
    UnreadableFileError, with nothing stored, where a file as a whole cannot be read, and as well
    ChangedMeanwhileError where somebody else saved a row while it was compared. Afterwards the coverage of
    clients that no file named may be due: see `coverage_gap.refresh_all_due`.
    """
    begin_write(session)
    try:
        _widen_cache(session)
        batch = Batch(session, actor, now, name)
        report = batch.report
        report.notices += [f"{file}: is not a practice file and was left alone." for file in source.unknown]
        done = 0
        for sheet in source.sheets:
            for read in _read(batch, sheet):
                progress("Reading the files", done + read, source.size)
            done += sheet.size
        report.stored = not dry_run and (keep_going or not report.refused)
        if not report.stored or not report.written:
            session.rollback()
            return report
        _follow_up(batch, practice, progress)
        batch.close()
    except BaseException:
        session.rollback()
        raise
    session.commit()
    return report


def _widen_cache(session: Session) -> None:
    """Random ids touch an index everywhere: the usual 2 MB of SQLite would be written out again and again.

    It holds for the connection, until that is closed; memory is taken only as it is used.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA cache_size = -{CACHE_KILOBYTES}"))


def _read(batch: Batch, sheet: Sheet) -> Iterator[int]:
    """Take the rows of one file; yields how much of it is read, block by block."""
    batch.report.files.append(FileReport(sheet.file))
    with sheet.open() as rows:
        parser = RowParser(sheet.file, sheet.table, rows.heading)
        batch.report.notices += [f"{sheet.file}: {words}" for words in parser.left_out()]
        importer = _IMPORTERS.get(sheet.table.name, TableImporter)(batch, parser)
        with _many(batch, sheet.table.name):
            for chunk in _chunks(iter(rows)):
                block = parser.parse(chunk)
                batch.count.rows += len(block.rows) + len({problem.line for problem in block.problems})
                batch.report.refuse(block.problems)
                batch.report.warn(block.warnings)
                importer.take(block)
                yield rows.position
            importer.finish()


def _many(batch: Batch, name: str) -> AbstractContextManager[None]:
    """Appointments are most of a practice, and no guarantee of theirs hangs on an index that is put off."""
    return indexes_put_off(batch.connection, "appointment") if name == "appointments" else nullcontext()


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, BLOCK)):
        yield chunk


def _follow_up(batch: Batch, practice: Practice, progress: Progress) -> None:
    """Bring what is derived from the rows up to date."""
    today = day_of(batch.now, practice.zone)
    done, total = 0, len(batch.searched)
    for client_ids in in_groups(batch.searched, CLIENTS_AT_ONCE):
        write_terms(batch.session, client_ids)
        progress("Writing the search words", done := done + len(client_ids), total)
    if batch.all_judged:
        mark_due(batch.session)
    done, total = 0, len(batch.judged)
    for client_ids in in_groups(batch.judged, CLIENTS_AT_ONCE):
        refresh(batch.session, client_ids, today, practice)
        progress("Judging the coverage", done := done + len(client_ids), total)

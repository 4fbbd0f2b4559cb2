"""Imports a folder of practice files as the tests need it."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.extensions import metadata
from caseapp.formats.practice_files import practice_tables
from caseapp.formats.practice_folder import write_folder
from caseapp.formats.practice_source import find_practice
from caseapp.usecases.export_practice import begin_export, export_rows
from caseapp.usecases.import_practice import import_practice
from caseapp.usecases.import_practice_report import ImportReport
from caseapp.usecases.import_practice_tables import STORED
from tests.conftest import NOW, ZONE
from tests.practice_files import write_files
from tests.unguarded import unguarded

PRACTICE = Practice(ZONE)
CM = "client_number,service_line,start_date,clinician_number,end_date\n"
FUNDING = "client_number,payor_id,priority,start_date,end_date\n"


def bring_in(session: Session, path: Path, **options: Any) -> ImportReport:
    return import_practice(
        session, LOCAL_USER, NOW, PRACTICE, find_practice(path, ZONE), path.name, **options
    )


def write_out(session: Session, folder: Path) -> Path:
    begin_export(session)
    write_folder(folder, practice_tables(ZONE), lambda table: export_rows(session, LOCAL_USER, table))
    session.rollback()
    return folder


def filled_tables() -> list[Table]:
    """The tables that an import can fill, children first; others hold what comes with the program."""
    filled = {stored.table.name for stored in STORED.values()} | {
        "audit_event",
        "client_term",
        "clinician_service_line",
        "coverage_finding",
        "coverage_turn",
    }
    return [table for table in reversed(metadata.sorted_tables) if table.name in filled]


def emptied(session: Session) -> Session:
    """Without the practice and all that people keep beside it; what comes with the program stays."""
    session.rollback()
    with unguarded(session):
        for table in reversed(metadata.sorted_tables):
            if table.name != "taxonomy_code":
                session.execute(delete(table))
    return session


def row_counts(session: Session) -> dict[str, int]:
    counts = {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in filled_tables()
    }
    session.rollback()
    return {name: count for name, count in counts.items() if count}


def told(report: ImportReport) -> list[str]:
    return [str(problem) for problem in report.problems]


def again(session: Session, folder: Path, files: dict[str, str], **options: Any) -> list[str]:
    """What an import of these files into the same practice tells."""
    return told(bring_in(session, write_files(folder / "again", files), **options))

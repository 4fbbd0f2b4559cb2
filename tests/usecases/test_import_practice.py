"""Practice files become rows: what is added, changed, left alone and refused. On both databases."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from caseapp.models import (
    AuditEvent,
    Client,
    ClientTerm,
    Clinician,
    ClinicianServiceLine,
    CoverageFinding,
    CoverageTurn,
)
from caseapp.usecases.coverage_gap import ALREADY
from caseapp.usecases.import_practice_report import ChangedMeanwhileError
from caseapp.usecases.import_practice_rows import TableImporter
from tests.conftest import NOW
from tests.practice_files import SAMPLE, SMALL, write_files
from tests.usecases.importing import CM, again, bring_in, row_counts, told


def test_the_sample_is_imported_without_a_refused_row(session: Session) -> None:
    report = bring_in(session, SAMPLE)

    assert report.stored
    assert told(report) == []
    assert report.warnings == []
    assert report.notices == []
    assert {file.file: file.added for file in report.files} == {
        "service_lines.csv": 5,
        "payors.csv": 11,
        "clinicians.csv": 14,
        "enrollments.csv": 116,
        "leaves.csv": 1,
        "clients.csv": 107,
        "client_service_lines.csv": 157,
        "funding_sources.csv": 176,
        "case_managers.csv": 172,
        "appointments.csv": 1695,
    }


def test_the_same_files_again_write_nothing(session: Session, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "small", SMALL)
    bring_in(session, folder)
    before, rows = row_counts(session), session.execute(select(Client.__table__)).all()
    session.rollback()

    report = bring_in(session, folder)

    assert report.stored
    assert report.written == 0
    assert {file.file: file.unchanged for file in report.files} == {
        file.file: file.rows for file in report.files
    }
    assert row_counts(session) == before
    assert session.execute(select(Client.__table__)).all() == rows


def test_added_rows_bear_the_moment_and_the_import_is_one_event(small: Session) -> None:
    assert set(small.execute(select(Client.recorded_at, Client.version))) == {(NOW, 1)}
    event = small.execute(select(AuditEvent)).scalar_one()
    assert (event.actor, event.action, event.entity, event.at) == ("local user", "import", "practice", NOW)
    assert event.after is not None
    assert event.after["source"] == "small"
    assert event.after["files"]["clients.csv"]["added"] == 2


def test_public_ids_are_opaque(small: Session) -> None:
    ids = list(small.scalars(select(Client.public_id)))

    assert len(set(ids)) == 2
    assert all(len(one) == 20 and one.isalnum() and one == one.lower() for one in ids)


def test_a_changed_row_is_updated_and_told_whole_before_and_after(small: Session, tmp_path: Path) -> None:
    clients = SMALL["clients"].replace("Hartmann,Léa,,", "Hartman,Léa,Lea,")
    assert again(small, tmp_path, {"clients": clients}) == []

    client = small.execute(select(Client).where(Client.number == "C-1")).scalar_one()
    assert (client.last_name, client.preferred_name, client.version) == ("Hartman", "Lea", 2)
    assert client.sort_key.startswith("hartman ")
    batch, event, done = small.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[1:]
    assert (event.action, event.entity, event.entity_id) == ("edit", "client", client.public_id)
    assert (event.client_id, event.batch_id) == (client.id, batch.id)
    assert (batch.action, done.action, done.batch_id) == ("import_begun", "import", batch.id)
    assert event.before is not None
    assert event.after is not None
    assert (event.before["last_name"], event.after["last_name"]) == ("Hartmann", "Hartman")
    assert event.before["date_of_birth"] == event.after["date_of_birth"] == "2020-01-21"
    assert "hartman" in small.scalars(select(ClientTerm.term).where(ClientTerm.client_id == client.id)).all()


def test_absent_rows_and_absent_columns_are_left_alone(small: Session, tmp_path: Path) -> None:
    clinicians = "clinician_number,last_name,first_name\nK-1,Lindqvist,May\n"
    assert again(small, tmp_path, {"clinicians": clinicians}) == []

    found = {clinician.number: clinician for clinician in small.scalars(select(Clinician))}
    assert (found["K-1"].first_name, found["K-1"].npi) == ("May", "1234567893")
    assert found["K-2"].first_name == "Tomás"
    assert row_counts(small)["clinician_service_line"] == 3


def test_the_lines_of_a_clinician_are_replaced(small: Session, tmp_path: Path) -> None:
    clinicians = "clinician_number,last_name,first_name,service_lines\nK-2,Vidal,Tomás,ST\n"
    assert again(small, tmp_path, {"clinicians": clinicians}) == []

    assert row_counts(small)["clinician_service_line"] == 2
    event = small.scalars(select(AuditEvent).where(AuditEvent.action == "edit")).one()
    assert event.before is not None
    assert event.after is not None
    assert (event.before["service_lines"], event.after["service_lines"]) == (["ABA", "ST"], ["ST"])
    assert small.scalars(select(ClinicianServiceLine.service_line_id)).all()


def test_clinicians_whose_lines_are_not_told_practise_none_yet(small: Session, tmp_path: Path) -> None:
    new = {"clinicians": "clinician_number,last_name,first_name\nK-7,Seven,Sam\n"}

    assert again(small, tmp_path, new) == []

    practised = select(ClinicianServiceLine).join(Clinician).where(Clinician.number == "K-7")
    assert small.scalars(practised).all() == []


def test_coverage_is_judged_with_the_import(small: Session, tmp_path: Path) -> None:
    codes = select(CoverageFinding.code).join(Client, Client.id == CoverageFinding.client_id)
    of_lea = codes.where(Client.number == "C-1")
    assert small.scalars(of_lea).all() == []
    assert row_counts(small)["coverage_turn"] == 2

    again(small, tmp_path, {"case_managers": CM + "C-1,ST,2026-01-05,K-1,2026-11-20\n"})

    assert small.scalars(of_lea).all() == ["no_case_manager"]


def test_what_changes_for_the_whole_practice_makes_all_clients_due(small: Session, tmp_path: Path) -> None:
    enrollments = SMALL["enrollments"].replace(
        "K-1,BLUE,2025-01-01,approved,,", "K-1,BLUE,2025-01-01,denied,,"
    )
    again(small, tmp_path, {"enrollments": enrollments})

    assert {turn for (turn,) in small.execute(select(CoverageTurn.next_turn))} == {ALREADY}


def test_rows_that_break_a_rule_of_saving_are_taken(small: Session, tmp_path: Path) -> None:
    """Not enrolled, too late, a line that the client does not receive, an NPI that fails its check."""
    files = {
        "clinicians": SMALL["clinicians"].splitlines()[0] + "\nK-3,Grey,Hollis,LCSW,1234567890,,,\n",
        "case_managers": CM + "C-2,ST,2026-11-24,K-3,\n",
        "appointments": SMALL["appointments"].splitlines()[0]
        + "\nA-3,C-2,ST,,2026-11-24T09:00,45,scheduled,true\n",
    }
    report = bring_in(small, write_files(tmp_path / "again", files))

    assert told(report) == []
    assert [str(warning) for warning in report.warnings] == [
        "clinicians.csv:2: npi: '1234567890' is not a valid individual NPI; taken as it is."
    ]
    assert "service_line_not_open" in {code for (code,) in small.execute(select(CoverageFinding.code))}


def test_a_dry_run_tells_the_same_and_stores_nothing(session: Session, tmp_path: Path) -> None:
    report = bring_in(session, write_files(tmp_path / "small", SMALL), dry_run=True)

    assert not report.stored
    assert report.written == 20
    assert row_counts(session) == {}


def test_progress_is_told(session: Session, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    bring_in(session, SAMPLE, progress=lambda doing, done, total: steps.append((doing, done, total)))

    assert {doing for doing, _done, _total in steps} == {
        "Reading the files",
        "Writing the search words",
        "Judging the coverage",
    }
    assert all(done <= total for _doing, done, total in steps)
    assert steps[-1][1] == steps[-1][2] == 107


def test_the_history_names_codes_and_numbers(small: Session, tmp_path: Path) -> None:
    again(small, tmp_path, {"case_managers": CM + "C-1,ST,2026-01-05,K-2,2027-03-31\n"})

    event = small.scalars(select(AuditEvent).where(AuditEvent.action == "edit")).one()
    told = {
        "client": "C-1",
        "service_line": "ST",
        "start_date": "2026-01-05",
        "for_clinician": None,
        "uncovered_left_at": None,
        "uncovered_left_reason": None,
        "removed_at": None,
        "removed_by": None,
        "removed_reason": None,
    }
    assert event.before == told | {"clinician": "K-1", "end_date": None, "version": 1}
    assert event.after == told | {"clinician": "K-2", "end_date": "2027-03-31", "version": 2}


def test_a_row_that_somebody_saves_meanwhile_is_not_overwritten(
    small: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = TableImporter.values

    def and_somebody_saves(importer: TableImporter, row: Row[Any]) -> tuple[Any, ...]:
        importer.connection.execute(update(Client).values(version=Client.version + 1))
        return compared(importer, row)

    monkeypatch.setattr(TableImporter, "values", and_somebody_saves)

    with pytest.raises(ChangedMeanwhileError):
        again(small, tmp_path, {"clients": SMALL["clients"].replace("Hartmann", "Hartman")})
    assert set(small.execute(select(Client.last_name, Client.version))) == {("Hartmann", 1), ("O'Hara", 1)}

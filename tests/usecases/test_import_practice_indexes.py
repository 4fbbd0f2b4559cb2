"""Indexes that are put off while an empty table is filled."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from caseapp.models import begin_write
from caseapp.usecases.import_practice_indexes import indexes_put_off
from tests.databases import ONE_DATABASE
from tests.practice_files import SMALL, write_files
from tests.usecases.importing import bring_in

NAMES = text("SELECT name FROM sqlite_master WHERE tbl_name = 'appointment' AND sql NOT NULL ORDER BY name")


def names(connection: Connection) -> list[str]:
    return list(connection.execute(NAMES).scalars())


@ONE_DATABASE
def test_they_are_gone_within_and_back_behind(session: Session) -> None:
    begin_write(session)
    connection = session.connection()
    before = names(connection)
    assert "ix_appointment_client_id_starts_at_status" in before

    with indexes_put_off(connection, "appointment"):
        assert names(connection) == ["appointment"]

    assert names(connection) == before


@ONE_DATABASE
def test_a_table_with_rows_keeps_them(session: Session, tmp_path: Path) -> None:
    bring_in(session, write_files(tmp_path / "small", SMALL))
    begin_write(session)
    connection = session.connection()
    before = names(connection)

    with indexes_put_off(connection, "appointment"):
        assert names(connection) == before


@ONE_DATABASE
def test_an_import_leaves_all_of_them_whether_it_is_kept_or_not(session: Session, tmp_path: Path) -> None:
    before = names(session.connection())
    session.rollback()
    folder = write_files(tmp_path / "small", SMALL)

    bring_in(session, folder, dry_run=True)
    assert names(session.connection()) == before
    session.rollback()
    bring_in(session, folder)
    assert names(session.connection()) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_another_database_is_left_as_it_is(session: Session) -> None:
    with indexes_put_off(session.connection(), "appointment"):
        pass

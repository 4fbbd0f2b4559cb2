import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from caseapp.models import ServiceLine, begin_write
from caseapp.models import engine as engines
from caseapp.models.engine import BUSY_TIMEOUT_MS, begin_write_if_free, make_engine
from tests import quick
from tests.builders import RECORDED_AT, a_service_line
from tests.databases import ONE_DATABASE


def statements_of(engine: Engine) -> list[str]:
    """The statements that the engine sends from now on."""
    sent: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    return sent


@ONE_DATABASE
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 10_000),
    ],
)
def test_every_connection_is_durable_and_strict(
    engine: Engine, pragma: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_SQLITE_PRAGMAS", quick.DURABLE)
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@ONE_DATABASE
def test_reading_takes_no_lock_and_writing_takes_it_before_the_first_read(session: Session) -> None:
    sent = statements_of(session.get_bind().engine)
    session.execute(select(ServiceLine.id))
    driver = session.connection().connection.driver_connection
    assert driver is not None
    assert driver.in_transaction
    assert not [statement for statement in sent if statement.startswith("BEGIN")]
    session.rollback()
    begin_write(session)
    session.execute(select(ServiceLine.id))
    assert [statement for statement in sent if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]


def test_begin_write_lets_go_of_an_older_state(engine: Engine, session: Session) -> None:
    line = a_service_line(session, "ST")
    session.execute(select(ServiceLine.name)).all()
    with Session(engine) as other:
        begin_write(other)
        other.execute(update(ServiceLine).values(name="Speech"))
        other.commit()
    begin_write(session)
    assert session.scalars(select(ServiceLine.name)).all() == ["Speech"]
    session.execute(update(ServiceLine).where(ServiceLine.id == line.id).values(name="Speech therapy"))
    session.commit()


def test_begin_write_in_a_write_keeps_what_was_written(session: Session) -> None:
    begin_write(session)
    session.execute(insert(ServiceLine).values(code="ST", name="Speech", recorded_at=RECORDED_AT))
    begin_write(session)
    session.commit()
    assert session.scalars(select(ServiceLine.code)).all() == ["ST"]


def test_a_write_leaves_nothing_to_the_next_transaction(session: Session) -> None:
    begin_write(session)
    session.rollback()
    session.execute(select(ServiceLine.id))
    assert "caseapp_write" not in session.connection().get_execution_options()


@ONE_DATABASE
def test_a_writer_who_waits_too_long_fails_and_can_go_on(engine: Engine, session: Session) -> None:
    with Session(engine) as other:
        begin_write(other)
        session.execute(text("PRAGMA busy_timeout = 1"))
        session.rollback()
        with pytest.raises(OperationalError, match="database is locked"):
            begin_write(session)
        session.rollback()
        other.rollback()
    begin_write(session)
    session.execute(insert(ServiceLine).values(code="ST", name="Speech", recorded_at=RECORDED_AT))
    session.commit()


@ONE_DATABASE
def test_begin_write_if_free_does_not_wait_and_leaves_the_patience_of_others(
    engine: Engine, session: Session
) -> None:
    with Session(engine) as other:
        begin_write(other)
        assert not begin_write_if_free(session)
        other.rollback()
    assert session.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS
    assert begin_write_if_free(session)
    session.execute(insert(ServiceLine).values(code="ST", name="Speech", recorded_at=RECORDED_AT))
    session.commit()


@ONE_DATABASE
def test_a_transaction_that_the_database_ended_itself_can_still_be_rolled_back(session: Session) -> None:
    begin_write(session)
    session.execute(text("ROLLBACK"))
    session.rollback()
    begin_write(session)
    session.commit()


@ONE_DATABASE
def test_a_failed_statement_leaves_the_transaction_to_the_use_case(session: Session) -> None:
    begin_write(session)
    session.execute(insert(ServiceLine).values(code="ST", name="Speech", recorded_at=RECORDED_AT))
    with pytest.raises(OperationalError):
        session.execute(text("SELECT * FROM nowhere"))
    session.commit()
    assert session.scalars(select(ServiceLine.code)).all() == ["ST"]


def test_a_file_that_is_no_database_is_told_at_the_first_connection(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear practice, " * 100)
    engine = make_engine(f"sqlite:///{path}")
    with pytest.raises(Exception, match="file is not a database") as refused:
        engine.connect()
    assert isinstance(refused.value.__cause__, sqlite3.DatabaseError)
    engine.dispose()

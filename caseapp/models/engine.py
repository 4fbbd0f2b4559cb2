"""How connections behave: durable and safe on SQLite, plain on PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

WRITE_OPTION = "caseapp_write"
BUSY_TIMEOUT_MS = 10_000
_IF_FREE = "if_free"
_FULL, _NORMAL = "caseapp_synchronous", 1

# WAL with FULL loses no answered save at a power cut. The timeout stands first: the others may have to wait.
_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    # A row that is replaced fires the triggers of one that is deleted: models/append_only.py counts on it.
    "PRAGMA recursive_triggers = ON",
    # Twice what is kept by itself: the fifty clients of a page lie scattered over a large file.
    "PRAGMA cache_size = -4096",
    # What a statement finds on its way: a file for each costs more than the statement, and has names in it.
    "PRAGMA temp_store = MEMORY",
)


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for `url` that behaves as the application needs; `options` go to `create_engine`."""
    return install(create_engine(url, **options))


def install(engine: Engine) -> Engine:
    """Give an engine that has not connected yet this behaviour. Returns the engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions of its own, too late for two writers to see each other.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Instants are told in UTC as they are read, so that none has to be moved there from the server's zone.
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE_OPTION, False)
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    if not writes:
        # Past SQLAlchemy: every page begins so, and this can neither wait nor fail.
        driver.execute("BEGIN")
        return
    choose_durability(connection.info, driver, hasty=False)
    if writes != _IF_FREE:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    with waiting(driver, 0):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def waiting(driver: sqlite3.Connection, milliseconds: int) -> Iterator[None]:
    """In this block another writer is waited for no longer than that."""
    driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def choose_durability(info: dict[Any, Any], driver: sqlite3.Connection, *, hasty: bool) -> None:
    """A hasty write is not waited for until it is on the disk: the next one that is not takes it along.

    `info` is what is remembered of this connection.
    """
    if hasty and _FULL not in info:
        info[_FULL] = driver.execute("PRAGMA synchronous").fetchone()[0]
        driver.execute(f"PRAGMA synchronous = {min(info[_FULL], _NORMAL)}")
    elif not hasty and _FULL in info:
        driver.execute(f"PRAGMA synchronous = {info.pop(_FULL)}")


def begin_write(session: Session) -> None:
    """Begin the write transaction of a use-case, before its first read.

    On SQLite this takes the write lock at once (waiting at most ten seconds), so that nobody can change what
    the use-case reads. An open read transaction is rolled back first: it could be of an older state, which
    SQLite refuses to upgrade. In a write transaction that has begun already nothing happens.
    """
    if session.in_transaction():
        if session.connection().get_execution_options().get(WRITE_OPTION, False):
            return
        session.rollback()
    session.connection(execution_options={WRITE_OPTION: True})


def begin_write_if_free(session: Session) -> bool:
    """Begin a write transaction without waiting; False where another writer holds the database.

    An open read transaction is ended first. On PostgreSQL writers do not exclude each other, so it is always
    free.
    """
    session.rollback()
    try:
        session.connection(execution_options={WRITE_OPTION: _IF_FREE})
    except OperationalError:
        session.rollback()
        return False
    return True

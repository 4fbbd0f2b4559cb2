"""Appends that somebody's page waits for: on SQLite past SQLAlchemy, which takes longer than the database.

A moment is waited for another writer, and on SQLite the commit does not wait for the disk: a power cut may
lose it, but nothing that was written before or after.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Engine, Executable
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from caseapp.models.engine import begin_write, choose_durability, waiting

PATIENCE_MS = 200

Append = tuple[Executable, Mapping[str, Any]]
"""An INSERT and its values by name: all of them, for what SQLAlchemy makes by itself is not made here."""


def append_hastily(session: Session, appends: Sequence[Append]) -> bool:
    """Write all in one transaction of its own; False, and nothing written, while another writer goes on.

    What is open in the session is rolled back first: it is not this one's to commit. Raises SQLAlchemyError
    where the database refuses.
    """
    session.rollback()
    engine = cast(Engine, session.get_bind())
    if engine.dialect.name == "sqlite":
        prepared = [(_prepared(statement, engine.dialect), values) for statement, values in appends]
        return _write(engine, [(how.sql, how.parameters(values)) for how, values in prepared])
    begin_write(session)
    for statement, values in appends:
        session.connection().execute(statement, values)
    session.commit()
    return True


def _write(engine: Engine, statements: Sequence[tuple[str, tuple[Any, ...]]]) -> bool:
    pooled = engine.raw_connection()
    try:
        driver = cast(sqlite3.Connection, pooled.driver_connection)
        choose_durability(pooled.info, driver, hasty=True)
        if not _begin(driver):
            return False
        with driver:  # commits, or rolls back
            for sql, parameters in statements:
                driver.execute(sql, parameters)
    except sqlite3.OperationalError as error:
        raise OperationalError(None, None, error) from error
    except sqlite3.Error as error:
        raise DatabaseError(None, None, error) from error
    finally:
        pooled.close()
    return True


def _begin(driver: sqlite3.Connection) -> bool:
    try:
        with waiting(driver, PATIENCE_MS):
            driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it; each place has the name of its value and how that is kept."""

    sql: str
    places: tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            kept(value) if kept else value
            for name, given, kept in self.places
            for value in (values.get(name, given),)
        )


@lru_cache(maxsize=16)
def _prepared(statement: Executable, dialect: Dialect) -> _Prepared:
    compiled = cast(SQLCompiler, cast(Any, statement).compile(dialect=dialect))
    if compiled.insert_prefetch:
        raise ValueError(f"{[column.name for column in compiled.insert_prefetch]} must be named")
    given = compiled.params
    places = []
    for name in compiled.positiontup or ():
        kind = compiled.binds[name].type.dialect_impl(dialect)
        places.append((name, given[name], kind.bind_processor(dialect)))
    return _Prepared(str(compiled), tuple(places))

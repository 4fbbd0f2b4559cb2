"""Brings a database to this program's version, and tells one that is newer.

Alembic is loaded only to migrate: it takes a tenth of the memory of a server that has nothing to migrate.
"""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from caseapp.models.engine import WRITE_OPTION

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "caseapp_version"
# Any number will do that no other program on the server uses for its own lock.
_POSTGRESQL_LOCK = 7_236_401


class NewerDatabaseError(Exception):
    """The database was made by a newer version of the program, which alone knows what it holds."""

    def __init__(self) -> None:
        super().__init__(
            "The database was made by a newer version of Caseapp: start that version, or restore a backup."
        )


def migrations_folder() -> Path:
    """Where the versions lie: inside the installed package, or at the top of a checkout."""
    packaged = find_spec("caseapp.migrations")
    if packaged is not None and packaged.origin is not None:
        return Path(packaged.origin).parent
    return Path(__file__).resolve().parents[2] / "migrations"


def alembic_config() -> "Config":
    """Alembic's configuration, made in memory: a wheel brings no alembic.ini."""
    from alembic.config import Config

    config = Config()
    # A percent sign in the path would be read as the start of an interpolation.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def known_versions() -> list[str]:
    """The versions that this program knows, in their order: each file of one begins with its number."""
    files = sorted((migrations_folder() / "versions").iterdir())
    return [found[1] for path in files if (found := re.fullmatch(r"([0-9]{4})_\w+\.py", path.name))]


def head() -> str:
    """The newest version that this program knows."""
    known = known_versions()
    assert known, "a program without versions was packaged wrongly"
    return known[-1]


def versions(connection: Connection) -> set[str]:
    """The versions that the database says it has; empty for a database without our tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return set()
    return set(connection.scalars(select(column("version_num")).select_from(table(VERSION_TABLE))))


def is_current(engine: Engine) -> bool:
    """The database has this program's version."""
    with engine.connect() as connection:
        return versions(connection) == {head()}


def is_newer(engine: Engine) -> bool:
    """The database has a version that this program does not know."""
    with engine.connect() as connection:
        return _has_unknown_version(connection)


def upgrade(engine: Engine) -> None:
    """Bring the database to `head()`, in one transaction; two programs that start at once take turns.

    Raises NewerDatabaseError where the database is ahead of the program; nothing is changed then.
    """
    from alembic import command

    connection = engine.connect().execution_options(**{WRITE_OPTION: True})
    try:
        if engine.dialect.name == "sqlite":
            # A version that rebuilds a table drops the old one, and with it, by foreign keys, the rows that
            # point at it. The switch does nothing inside a transaction, hence on the driver's connection.
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA foreign_keys = OFF")
            # A new index sorts a whole table, of which there may be more than there is memory.
            cursor.execute("PRAGMA temp_store = FILE")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK})
            if _has_unknown_version(connection):
                raise NewerDatabaseError
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        # The connection without foreign keys must not go back to the pool.
        connection.invalidate()
        connection.close()


def _has_unknown_version(connection: Connection) -> bool:
    return not versions(connection) <= set(known_versions())

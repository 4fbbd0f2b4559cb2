"""Does to the record what nobody may: the triggers that keep it are out of force for a block of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

_SQLITE_TRIGGERS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_kept\\_%' ESCAPE '\\'"
)


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """What the block does is committed."""
    if session.connection().dialect.name == "sqlite":
        kept = session.execute(text(_SQLITE_TRIGGERS)).all()
        for name, _ in kept:
            session.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _, sql in kept:
            session.execute(text(sql))
    else:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        session.execute(text("SET LOCAL session_replication_role = origin"))
    session.commit()

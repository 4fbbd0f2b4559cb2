"""Count the statements that a block of a test sends to the database.

The record of who looked at what is not counted: tests/web/test_access_events.py does it for all pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
_RECORD = "INSERT INTO ACCESS_EVENT"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements of the block, as they are sent; without those that only begin and end transactions."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        if not statement.lstrip().upper().startswith((*_TRANSACTION, _RECORD)):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)

"""All that a database holds, for tests that prove that nothing was changed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import Base

KEPT_WHILE_READING = frozenset(
    (
        # who looked, and until when they are signed in
        "access_event",
        "audit_seal",
        "user_session",
        # what is worked out from the facts for the day
        "coverage_finding",
        "coverage_turn",
        "coverage_told",
    )
)


def stored_rows(session: Session, but: frozenset[str] = KEPT_WHILE_READING) -> dict[str, list[Any]]:
    """The rows of each table by its name, in the order of their keys, without the tables of `but`."""
    session.rollback()
    return {
        table.name: [
            tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in Base.metadata.sorted_tables
        if table.name not in but
    }

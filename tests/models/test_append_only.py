"""What is on record stays as it is, for the role that wrote it and owns the tables."""

from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.models import AccessEvent, AuditArchive, AuditEvent, AuditSeal
from caseapp.models.append_only import APPEND_ONLY
from tests.builders import RECORDED_AT
from tests.databases import ONE_DATABASE

ROWS: dict[str, tuple[Any, dict[str, Any]]] = {
    "audit_event": (
        AuditEvent,
        {"actor": "Ann Berg", "action": "edit", "entity": "client", "form_token": "t"},
    ),
    "access_event": (AccessEvent, {"actor": "Ann Berg", "kind": "viewed", "once": "o"}),
    "audit_seal": (
        AuditSeal,
        {
            "stream": "audit_event",
            "after_id": 0,
            "last_id": 0,
            "count": 1,
            "digests": b"",
            "hash": "0" * 64,
            "last_at": RECORDED_AT,
        },
    ),
    "audit_archive": (
        AuditArchive,
        {"last_seal": 0, "last_audit_event": 0, "last_access_event": 0, "hash": "0" * 64},
    ),
}


@pytest.fixture(params=ROWS)
def table(request: pytest.FixtureRequest, session: Session) -> str:
    """Its name; it has one row, whose id is 1."""
    model, values = ROWS[request.param]
    session.execute(insert(model).values(id=1, at=RECORDED_AT, **values))
    session.commit()
    return str(request.param)


def refused(session: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match=APPEND_ONLY):
        session.execute(text(statement))
    session.rollback()


def test_no_row_is_changed(session: Session, table: str) -> None:
    refused(session, f"UPDATE {table} SET at = at")  # names of this file


def test_no_row_is_taken_away(session: Session, table: str) -> None:
    refused(session, f"DELETE FROM {table}")


@ONE_DATABASE
def test_no_row_is_replaced(session: Session, table: str) -> None:
    refused(session, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_no_table_is_emptied(session: Session, table: str) -> None:
    refused(session, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", ["audit_event", "access_event", "audit_seal"], indirect=True)
def test_only_what_an_archive_covers_may_go(session: Session, table: str) -> None:
    model, values = ROWS[table]
    unique = {"form_token": "other"} if table == "audit_event" else {}
    unique |= {"once": "other"} if table == "access_event" else {}
    session.execute(insert(model).values(id=2, at=RECORDED_AT, **(values | unique)))
    last = {"last_seal": 1, "last_audit_event": 1, "last_access_event": 1}
    session.execute(insert(AuditArchive).values(at=RECORDED_AT, hash="0" * 64, **last))
    session.commit()

    refused(session, f"DELETE FROM {table}")
    session.execute(text(f"DELETE FROM {table} WHERE id = 1"))
    assert session.execute(text(f"SELECT id FROM {table}")).scalars().all() == [2]

from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

from caseapp.models import Appointment, CaseManager, begin_write
from caseapp.usecases.bulk_insert import insert_rows
from tests import builders
from tests.statements import counted

CASE_MANAGERS = cast(Table, CaseManager.__table__)
APPOINTMENTS = cast(Table, Appointment.__table__)
AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


def stored(session: Session, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(table).order_by(table.c.id)).mappings()]


def test_many_rows_come_out_as_they_were_given_in_one_statement(session: Session, engine: Engine) -> None:
    client = builders.a_client(session, ["ST"])
    for end, left_at in ((date(2026, 1, 31), AT), (None, None)):
        builders.a_case_manager(
            session, client, "ST", start_date=date(2026, 1, 1 if end else 2), end_date=end,
            uncovered_left_at=left_at, removed_at=AT, removed_reason="Léa's, 50%: {a}, \\ and \"b\"",
        )  # fmt: skip
    builders.an_appointment(session, client, AT, "ST", billable=False)
    builders.an_appointment(session, client, AT, "ST", billable=True)
    for table in (CASE_MANAGERS, APPOINTMENTS):
        rows = stored(session, table)
        session.rollback()
        begin_write(session)
        session.execute(table.delete())
        with counted(engine) as sent:
            insert_rows(session.connection(), table, rows)
        assert len(sent) == 1
        assert stored(session, table) == rows
        session.rollback()


def test_no_rows_are_no_statement(session: Session, engine: Engine) -> None:
    with counted(engine) as sent:
        insert_rows(session.connection(), CASE_MANAGERS, [])
    assert sent == []

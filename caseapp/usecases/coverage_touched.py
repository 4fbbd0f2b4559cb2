"""Judge anew the clients whom a change of something shared touches: a clinician, an enrollment, a payor."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, null, select, update
from sqlalchemy.orm import Session

from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageTurn, ServiceLine
from caseapp.usecases.coverage_gap import ALREADY, BATCH, keep_many
from caseapp.usecases.facts import load_with


def refresh_touched(
    session: Session,
    clients: Select[int],
    today: date,
    practice: Practice,
    line_ids: Mapping[str, int] | None = None,
    *,
    told: ColumnElement[int] | None = None,
) -> int | None:
    """Refresh these clients (a statement of their row ids) in the caller's write transaction.

    `line_ids` are the row ids of the service lines by code, where the caller has them. Where the clients are
    more than a batch, all of them are marked due in one statement instead, and judged before they are read.
    `told` is a column to ask in passing: its value is returned, None where no client is touched.
    """
    columns = (Client.id, Client.number, Client.first_name, Client.status)
    rows = session.execute(
        select(*columns, (null() if told is None else told).label("told"))
        .where(Client.id.in_(clients))
        .order_by(Client.id)
        .limit(BATCH + 1)
        .with_for_update()
    ).all()
    if len(rows) > BATCH:
        session.execute(
            update(CoverageTurn)
            .where(CoverageTurn.client_id.in_(clients))
            .values(next_turn=ALREADY)
            .execution_options(synchronize_session=False)
        )
    elif rows:
        if line_ids is None:
            lines = session.execute(select(ServiceLine.code, ServiceLine.id))
            line_ids = {row.code: row.id for row in lines}
        keep_many(session, load_with(session, rows).facts, line_ids, today, practice)
    return rows[0].told if rows else None

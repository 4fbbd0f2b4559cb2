"""Judge anew the clients whom a change of something shared touches: an enrollment, a payor."""

from datetime import date

from sqlalchemy import Select, update
from sqlalchemy.orm import Session

from caseapp.domain.practice import Practice
from caseapp.models import CoverageTurn
from caseapp.usecases.coverage_gap import BATCH, refresh


def refresh_touched(session: Session, clients: Select[int], today: date, practice: Practice) -> None:
    """Refresh these clients (a statement of their row ids) in the caller's write transaction.

    Where they are more than a batch, all of them are marked due in one statement instead, and judged before
    they are read.
    """
    ids = session.scalars(clients.limit(BATCH + 1)).all()
    if len(ids) <= BATCH:
        refresh(session, ids, today, practice)
        return
    session.execute(
        update(CoverageTurn)
        .where(CoverageTurn.client_id.in_(clients))
        .values(next_turn=today)
        .execution_options(synchronize_session=False)
    )

"""No save sends more than a dozen statements, its findings and its history among them.

Each is counted on its heaviest honest path. A batch (an import, a hand-over) is no save of one record.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.usecases.outcome import Refused
from tests.statements import counted
from tests.usecases.heavy_client_saves import CLIENT_SAVES, Act, a_busy_desk
from tests.usecases.heavy_staff_saves import STAFF_SAVES
from tests.usecases.save_desk import Desk

MOST = 12
LOCKS = 1
"""PostgreSQL locks a clinician's or payor's row by a statement of its own, for their load is a union."""


@pytest.mark.parametrize("save", [*CLIENT_SAVES, *STAFF_SAVES], ids=lambda save: save.__name__)
def test_a_save_sends_at_most_twelve_statements(
    session: Session, engine: Engine, save: Callable[[Desk], Act]
) -> None:
    desk = a_busy_desk(session)
    act = save(desk)
    session.rollback()

    with counted(engine) as sent:
        outcome = act()

    assert not isinstance(outcome, Refused), outcome
    assert len(sent) <= MOST + (LOCKS if engine.dialect.name == "postgresql" else 0), sent
    assert desk.kept() == desk.recomputed()

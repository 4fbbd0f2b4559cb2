"""Events to be sealed, and seals over them, as tests want them."""

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from caseapp.models import AccessEvent, AuditEvent
from caseapp.usecases.seal import Sealed, seal_new
from tests.conftest import NOW


def put_down(session: Session, changes: int = 3, looks: int = 3, **values: Any) -> None:
    """So many changes and access events on record."""
    event = {"at": NOW, "actor": "Ann Berg"} | values
    for number in range(changes):
        after = {"name": "Léa", "of": [number, None, 1.5]}
        session.execute(insert(AuditEvent).values(action="edit", entity="client", after=after, **event))
    for _ in range(looks):
        session.execute(insert(AccessEvent).values(kind="exported", detail="GET /coverage.csv", **event))
    session.commit()


def seal(session: Session, at_once: int = 2) -> Sealed:
    return seal_new(session, NOW, lambda _seconds: None, at_once=at_once)


def ids(session: Session, model: Any) -> list[int]:
    session.rollback()
    return list(session.execute(select(model.id).order_by(model.id)).scalars())

"""Append what was changed, in the transaction of the change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import AuditEvent

_APPEND = insert(cast(Table, AuditEvent.__table__))


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    entity: str,
    entity_id: str | None,
    *,
    client_id: int | None = None,
    subject_id: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
    form_token: str | None = None,
    batch_id: int | None = None,
) -> int:
    """Append one event and return its id.

    `entity` is the table, `entity_id` the public ID; `before` and `after` are whole values as JSON.
    `client_id` (row id) and `subject_id` (public ID of a clinician or payor) say on whose page it is told.
    `form_token` is unique: the second event of one form is refused by the database.
    """
    values = {
        "at": now,
        "actor": actor.name,
        "action": action,
        "entity": entity,
        "entity_id": entity_id,
        "client_id": client_id,
        "subject_id": subject_id,
        "before": before,
        "after": after,
        "reason": reason,
        "form_token": form_token,
        "batch_id": batch_id,
    }
    key = session.connection().execute(_APPEND, values).inserted_primary_key
    assert key is not None
    return cast(int, key[0])


def append(session: Session, events: Sequence[Mapping[str, Any]]) -> None:
    """Append events (columns, the same of each), in one statement."""
    session.connection().execute(_APPEND, [dict(event) for event in events])

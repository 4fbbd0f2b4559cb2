"""What removing a client's own records does alike: on record, once, and told to whoever still edits them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent
from caseapp.usecases import audit
from caseapp.usecases.conflict import removed_meanwhile
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Stored


def record_removal(
    session: Session, actor: Actor, now: datetime, client_id: int, entity: str, stored: Stored, reason: str
) -> None:
    """Append the event of a removal, in the caller's transaction."""
    audit.record(
        session,
        actor,
        now,
        "remove",
        entity,
        stored.public_id,
        client_id=client_id,
        before=stored.told,
        after={**stored.told, "removed_at": now.isoformat()},
        reason=reason.strip() or None,
    )


def gone(session: Session, client_id: int, entity: str, public_id: str) -> Saved:
    """The answer to removing what was removed before. Raises UnknownRecord where it never was."""
    event = _removal(session, client_id, entity, public_id)
    session.rollback()
    if event is None:
        raise UnknownRecord
    return Saved(public_id, "This was removed before. It stays in History.")


def refuse_removed(
    session: Session, practice: Practice, client_id: int, entity: str, public_id: str
) -> Refused:
    """What an edit is told whose record was removed meanwhile. Raises UnknownRecord as `gone` does."""
    event = _removal(session, client_id, entity, public_id)
    if event is None:
        session.rollback()
        raise UnknownRecord
    told = removed_meanwhile(entity, event.actor, event.at, event.reason, practice)
    session.rollback()
    return Refused((told,))


def was_removed(session: Session, client_id: int, entity: str, public_id: str) -> bool:
    """The record stood once, and was taken off as entered in error."""
    return _removal(session, client_id, entity, public_id) is not None


def _removal(session: Session, client_id: int, entity: str, public_id: str) -> AuditEvent | None:
    return session.scalars(
        select(AuditEvent).where(
            AuditEvent.entity == entity,
            AuditEvent.entity_id == public_id,
            AuditEvent.client_id == client_id,
            AuditEvent.action == "remove",
        )
    ).first()

"""Emergency access: a clinician sees every client for an hour, for a reason that is recorded."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.emergency_access import LASTS, judge_reason
from caseapp.domain.finding import Finding
from caseapp.models import EmergencyAccess, begin_write
from caseapp.usecases import audit


def begin_emergency(session: Session, actor: Actor, now: datetime, reason: str) -> datetime | list[Finding]:
    """Begin it and say when it ends; or what is wrong with the reason. One that lasts is not prolonged."""
    if found := judge_reason(reason):
        return found
    assert actor.user_id is not None
    begin_write(session)
    lasting = (
        session.execute(
            select(EmergencyAccess.ends_at).where(
                EmergencyAccess.user_id == actor.user_id, EmergencyAccess.ends_at > now
            )
        )
        .scalars()
        .first()
    )
    if lasting is not None:
        session.rollback()
        return lasting
    begun = EmergencyAccess(
        user_id=actor.user_id, reason=reason.strip(), ends_at=now + LASTS, recorded_at=now
    )
    session.add(begun)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        "emergency_begun",
        "emergency_access",
        begun.public_id,
        after={"ends_at": begun.ends_at.isoformat()},
        reason=begun.reason,
    )
    ends_at = begun.ends_at
    session.commit()
    return ends_at


def end_emergency(session: Session, actor: Actor, now: datetime) -> None:
    """End what lasts; nothing where none does."""
    begin_write(session)
    ended = (
        session.execute(
            update(EmergencyAccess)
            .where(EmergencyAccess.user_id == actor.user_id, EmergencyAccess.ends_at > now)
            .values(ends_at=now)
            .returning(EmergencyAccess.public_id)
        )
        .scalars()
        .all()
    )
    for public_id in ended:
        audit.record(session, actor, now, "emergency_ended", "emergency_access", public_id)
    session.commit()

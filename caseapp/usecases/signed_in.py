"""What is recorded of a sign-in that went all the way, and of its end."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.domain.access_event import AccessKind
from caseapp.domain.actor import Actor
from caseapp.models import UserAccount, begin_write
from caseapp.usecases import access_event


def record_sign_in(session: Session, now: datetime, user_id: int) -> None:
    """Part of its caller's transaction."""
    session.execute(update(UserAccount).where(UserAccount.id == user_id).values(last_signed_in_at=now))
    _record(session, now, user_id, "signed_in")


def record_sign_out(session: Session, now: datetime, user_id: int) -> None:
    begin_write(session)
    _record(session, now, user_id, "signed_out")
    session.commit()


def _record(session: Session, now: datetime, user_id: int, kind: AccessKind) -> None:
    name = session.execute(select(UserAccount.name).where(UserAccount.id == user_id)).scalar_one()
    access_event.record(session, Actor(name, "billing", user_id), now, kind)

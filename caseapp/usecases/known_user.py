"""A user whom something outside vouches for: a sign-on proxy, a provider."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import String, Table, bindparam, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Role
from caseapp.domain.sign_in import LONGEST_USERNAME, username_key
from caseapp.models import UserAccount, begin_write
from caseapp.usecases import access_event
from caseapp.usecases.sign_in import who_tries
from caseapp.usecases.user_session import emergency_until


@dataclass(frozen=True, slots=True)
class KnownUser:
    """Who it is, and what they may do."""

    id: int
    name: str
    role: Role
    clinician_id: int | None
    emergency_ends: datetime | None


def known_user(session: Session, username: str, now: datetime) -> KnownUser | None:
    """The active user of that user name, in one statement."""
    key = username_key(username)
    if not 0 < len(key) <= LONGEST_USERNAME:
        return None
    row = session.connection().execute(_statement(), {"key": key, "now": now}).one_or_none()
    return None if row is None else KnownUser(*row)


def not_let_in(session: Session, username: str, now: datetime) -> None:
    """Put on record that somebody was named who is no active user."""
    begin_write(session)
    key = username_key(username)[: LONGEST_USERNAME + 1]
    user = session.execute(select(UserAccount).where(UserAccount.username_key == key)).scalar_one_or_none()
    access_event.record(session, who_tries(user), now, "sign_in_failed", "at the sign-on proxy")
    session.commit()


@cache
def _statement() -> Any:
    user = cast(Table, UserAccount.__table__)
    return select(user.c.id, user.c.name, user.c.role, user.c.clinician_id, emergency_until(user.c.id)).where(
        user.c.username_key == bindparam("key", type_=String), user.c.active
    )

"""What people do with their own account: another password, and signing out everywhere."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.finding import Finding
from caseapp.domain.password import normalised
from caseapp.models import UserAccount, begin_write
from caseapp.usecases import audit
from caseapp.usecases.account_kit import AccountKit
from caseapp.usecases.one_time_link import new_password_findings
from caseapp.usecases.sign_in import attempt, forget
from caseapp.usecases.user_session import end_all

_WRONG = Finding("wrong", "old_password", "error", "This is not your present password.")
_WAIT = Finding("wait", "old_password", "error", "There were too many attempts. Try again in 15 minutes.")


def change_password(
    session: Session,
    kit: AccountKit,
    actor: Actor,
    now: datetime,
    old: str,
    new: str,
    *,
    practice_name: str = "",
) -> list[Finding]:
    """Set another password and sign the user out everywhere; what is wrong, if anything is."""
    assert actor.user_id is not None
    throttle = kit.digest(f"password of {actor.user_id}")
    if attempt(session, now, [("account", throttle)]) is not None:
        return [_WAIT]
    stored = session.execute(select(UserAccount.password).where(UserAccount.id == actor.user_id)).scalar_one()
    session.rollback()
    found = [] if kit.verify(normalised(old), stored) else [_WRONG]
    found += new_password_findings(session, actor.user_id, new, practice_name)
    if found:
        session.rollback()
        return found
    session.rollback()
    hashed = kit.hash(normalised(new))
    begin_write(session)
    user = session.get_one(UserAccount, actor.user_id)
    user.password = hashed
    user.version += 1
    forget(session, "account", throttle)
    end_all(session, user.id)
    audit.record(session, actor, now, "password_changed", "user_account", user.public_id)
    session.commit()
    return []


def sign_out_everywhere(session: Session, actor: Actor, now: datetime) -> None:
    """End every sign-in of the user."""
    assert actor.user_id is not None
    begin_write(session)
    user = session.get_one(UserAccount, actor.user_id)
    end_all(session, user.id)
    audit.record(session, actor, now, "signed_out_everywhere", "user_account", user.public_id)
    session.commit()

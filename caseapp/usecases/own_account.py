"""What people do with their own account: another password, and signing out everywhere."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.finding import Finding
from caseapp.domain.password import normalised
from caseapp.models import UserAccount, begin_write
from caseapp.usecases import access_event, audit
from caseapp.usecases.account_kit import AccountKit
from caseapp.usecases.one_time_link import new_password_findings
from caseapp.usecases.second_factor import give_recovery_codes
from caseapp.usecases.sign_in import attempt, forget
from caseapp.usecases.user_session import end_all

_WRONG = ("wrong", "This is not your present password.")
_WAIT = ("wait", "There were too many attempts. Try again in 15 minutes.")
_PRESENT = "present password"


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
    wrong = _wrong_password(session, kit, actor, now, old)
    if wrong == _WAIT:
        return [_told(wrong, "old_password")]
    found = [_told(wrong, "old_password")] if wrong else []
    found += new_password_findings(session, actor.user_id, new, practice_name)
    session.rollback()
    if found:
        return found
    hashed = kit.hash(normalised(new))
    begin_write(session)
    user = session.get_one(UserAccount, actor.user_id)
    user.password = hashed
    user.version += 1
    forget(session, "account", _throttle(kit, actor))
    end_all(session, user.id)
    audit.record(session, actor, now, "password_changed", "user_account", user.public_id)
    session.commit()
    return []


def new_recovery_codes(
    session: Session, kit: AccountKit, actor: Actor, now: datetime, password: str
) -> list[str] | Finding:
    """Other recovery codes in place of all earlier ones, to write down; or why not."""
    wrong = _wrong_password(session, kit, actor, now, password)
    if wrong:
        return _told(wrong, "present_password")
    begin_write(session)
    user = session.get_one(UserAccount, actor.user_id)
    codes = give_recovery_codes(kit, user)
    user.version += 1
    forget(session, "account", _throttle(kit, actor))
    audit.record(session, actor, now, "recovery_codes_made", "user_account", user.public_id)
    session.commit()
    return codes


def _throttle(kit: AccountKit, actor: Actor) -> str:
    return kit.digest(f"password of {actor.user_id}")


def _wrong_password(
    session: Session, kit: AccountKit, actor: Actor, now: datetime, typed: str
) -> tuple[str, str] | None:
    """None where it is the user's present password; whatever else was typed goes on record."""
    if attempt(session, now, [("account", _throttle(kit, actor))]) is not None:
        begin_write(session)
        access_event.record(session, actor, now, "sign_in_throttled", _PRESENT)
        session.commit()
        return _WAIT
    stored = session.execute(select(UserAccount.password).where(UserAccount.id == actor.user_id)).scalar_one()
    session.rollback()
    if kit.verify(normalised(typed), stored):
        return None
    begin_write(session)
    access_event.record(session, actor, now, "sign_in_failed", _PRESENT)
    session.commit()
    return _WRONG


def _told(wrong: tuple[str, str], field: str) -> Finding:
    code, message = wrong
    return Finding(code, field, "error", message)


def sign_out_everywhere(session: Session, actor: Actor, now: datetime) -> None:
    """End every sign-in of the user."""
    assert actor.user_id is not None
    begin_write(session)
    user = session.get_one(UserAccount, actor.user_id)
    end_all(session, user.id)
    audit.record(session, actor, now, "signed_out_everywhere", "user_account", user.public_id)
    session.commit()

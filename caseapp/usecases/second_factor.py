"""The second factor: a code of an authenticator app, or a recovery code once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import UserAccount, begin_write
from caseapp.usecases import access_event, audit
from caseapp.usecases.account_kit import AccountKit
from caseapp.usecases.sign_in import NotProven, attempt, forget
from caseapp.usecases.user_session import end_all

MOST_TYPED = 40


def check_code(
    session: Session, kit: AccountKit, actor: Actor, now: datetime, user_id: int, typed: str
) -> NotProven | None:
    """None where the code is right; it then counts as used, and a recovery code is gone."""
    throttle = kit.digest(f"second factor of {user_id}")
    waits = attempt(session, now, [("account", throttle)])
    begin_write(session)
    if waits is not None:
        access_event.record(session, actor, now, "sign_in_throttled", "second factor")
        session.commit()
        return NotProven(waits)
    user = _locked(session, user_id)
    code = "".join(typed[:MOST_TYPED].lower().split()).replace("-", "")
    if code.isascii() and code.isdecimal() and len(code) == 6 and user.totp_secret:
        step = kit.step_of(code, user.totp_secret, user.totp_counter)
        if step is None:
            return _wrong(session, actor, now)
        user.totp_counter = step
    else:
        kept = user.recovery_codes or []
        digest = kit.digest(code)
        if digest not in kept:
            return _wrong(session, actor, now)
        user.recovery_codes = [other for other in kept if other != digest]
        audit.record(session, actor, now, "recovery_code_used", "user_account", user.public_id)
    forget(session, "account", throttle)
    session.commit()
    return None


def _locked(session: Session, user_id: int) -> UserAccount:
    statement = select(UserAccount).where(UserAccount.id == user_id).with_for_update()
    return session.execute(statement).scalar_one()


def _wrong(session: Session, actor: Actor, now: datetime) -> NotProven:
    access_event.record(session, actor, now, "second_factor_failed")
    session.commit()
    return NotProven()


def set_up(
    session: Session,
    kit: AccountKit,
    actor: Actor,
    now: datetime,
    user_id: int,
    secret: str,
    typed: str,
    *,
    sign_in: str,
) -> list[str] | None:
    """Keep the app whose code was typed, and return recovery codes to write down; None where it is wrong.

    Whoever was signed in elsewhere is signed out; `sign_in` (a digest) stays.
    """
    code = "".join(typed[:MOST_TYPED].split())
    step = kit.step_of(code, secret, None) if code.isascii() and code.isdecimal() else None
    if step is None:
        return None
    begin_write(session)
    user = _locked(session, user_id)
    codes = give_recovery_codes(kit, user)
    user.totp_secret, user.totp_counter = secret, step
    end_all(session, user_id, but=sign_in)
    audit.record(session, actor, now, "second_factor_set_up", "user_account", user.public_id)
    session.commit()
    return codes


def give_recovery_codes(kit: AccountKit, user: UserAccount) -> list[str]:
    """New recovery codes in place of those the user had, to write down. Part of its caller's transaction."""
    codes = kit.new_recovery_codes()
    user.recovery_codes = [kit.digest(code.replace("-", "")) for code in codes]
    return codes


@dataclass(frozen=True, slots=True)
class Factor:
    """Whose it is, by user name, whether an app is set up, and how many recovery codes are left."""

    username: str
    set_up: bool
    codes_left: int


def factor_of(session: Session, user_id: int) -> Factor:
    row = session.execute(
        select(UserAccount.username, UserAccount.totp_secret, UserAccount.recovery_codes).where(
            UserAccount.id == user_id
        )
    ).one()
    return Factor(row.username, row.totp_secret is not None, len(row.recovery_codes or ()))

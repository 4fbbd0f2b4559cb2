"""Signing in by password: one answer for whatever is wrong, and waits that survive a restart."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from caseapp.domain.access_event import UNKNOWN_USER, AccessKind
from caseapp.domain.actor import Actor
from caseapp.domain.password import normalised
from caseapp.domain.sign_in import (
    FORGOTTEN_AFTER,
    LONGEST_USERNAME,
    Scope,
    address_key,
    username_key,
    wait_until,
)
from caseapp.models import SignInThrottle, UserAccount, begin_write
from caseapp.usecases import access_event
from caseapp.usecases.account_kit import AccountKit


@dataclass(frozen=True, slots=True)
class Proven:
    """The password was right. `stage` is what a sign-in begins with (models/sign_in.py)."""

    user_id: int
    name: str
    stage: str


@dataclass(frozen=True, slots=True)
class NotProven:
    """It was not; `wait_until` is set where nothing was tried."""

    wait_until: datetime | None = None


def prove(
    session: Session, kit: AccountKit, now: datetime, username: str, password: str, address: str
) -> Proven | NotProven:
    """Check a user name and password sent from `address`.

    The attempt is counted before the password is looked at, so that many at once are no way around a wait.
    No user name is told from another: each costs the same, counts the same and is answered the same.
    """
    key = username_key(username)
    account, origin = kit.digest(key), kit.digest(address_key(address))
    waits = attempt(session, now, [("account", account), ("address", origin)])
    user = _user(session, key)
    if waits is not None:
        return _refused(session, now, user, NotProven(waits))
    session.rollback()  # nothing is held while the password is checked
    active = user is not None and user.active
    right = kit.verify(normalised(password), user.password if user is not None and active else None)
    if user is None or not right:
        return _refused(session, now, user, NotProven())
    begin_write(session)
    forget(session, "account", account)
    give_back(session, "address", origin)
    stage = "second_factor" if user.totp_secret else "set_up" if user.second_factor_required else "signed_in"
    proven = Proven(user.id, user.name, stage)
    session.commit()
    return proven


def attempt(session: Session, now: datetime, scopes: list[tuple[Scope, str]]) -> datetime | None:
    """Count one attempt of each (scope, digest), and commit; where one has to wait, none, and until when."""
    begin_write(session)
    session.execute(delete(SignInThrottle).where(SignInThrottle.last_at < now - FORGOTTEN_AFTER))
    waits: list[datetime] = []
    for scope, digest in scopes:
        row = session.execute(
            select(SignInThrottle.failures, SignInThrottle.last_at)
            .where(SignInThrottle.scope == scope, SignInThrottle.digest == digest)
            .with_for_update()
        ).one_or_none()
        until = wait_until(scope, row.failures, row.last_at) if row else None
        if until is not None and until > now:
            waits.append(until)
    if not waits:
        database = session.connection().dialect.name
        insert = sqlite.insert if database == "sqlite" else postgresql.insert
        for scope, digest in scopes:
            counted = insert(SignInThrottle).values(scope=scope, digest=digest, failures=1, last_at=now)
            session.execute(
                counted.on_conflict_do_update(
                    index_elements=["scope", "digest"],
                    set_={"failures": SignInThrottle.failures + 1, "last_at": now},
                )
            )
    session.commit()
    return max(waits, default=None)


def forget(session: Session, scope: Scope, digest: str) -> None:
    """It went well: nothing is held against the next attempt. Part of its caller's transaction."""
    session.execute(
        delete(SignInThrottle).where(SignInThrottle.scope == scope, SignInThrottle.digest == digest)
    )


def give_back(session: Session, scope: Scope, digest: str) -> None:
    """It went well once: that attempt alone is taken back, whatever failed before from the same address."""
    session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.scope == scope, SignInThrottle.digest == digest, SignInThrottle.failures > 0)
        .values(failures=SignInThrottle.failures - 1)
    )


def _user(session: Session, key: str) -> UserAccount | None:
    if len(key) > LONGEST_USERNAME:
        return None
    statement = select(UserAccount).where(UserAccount.username_key == key)
    user = session.execute(statement).scalar_one_or_none()
    if user is not None:
        session.expunge(user)
    return user


def who_tries(user: UserAccount | None) -> Actor:
    """As whom somebody tries to sign in, for the record. They may do nothing."""
    return UNKNOWN_USER if user is None else Actor(user.name, "billing", user.id)


def _refused(session: Session, now: datetime, user: UserAccount | None, told: NotProven) -> NotProven:
    """On record without what was typed: it may be a password in the wrong field."""
    begin_write(session)
    kind: AccessKind = "sign_in_throttled" if told.wait_until else "sign_in_failed"
    access_event.record(session, who_tries(user), now, kind)
    session.commit()
    return told

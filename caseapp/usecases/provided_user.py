"""Users for whom an OpenID provider vouches: found, or made on their first sign-in; roles by groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import ROLES, Actor, highest
from caseapp.domain.sign_in import LONGEST_USERNAME, username_key
from caseapp.domain.user_entry import LONGEST_NAME
from caseapp.models import UserAccount, begin_write
from caseapp.usecases import access_event, audit
from caseapp.usecases.sign_in import Proven, who_tries
from caseapp.usecases.user_session import end_all

LONGEST_SUBJECT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """What the provider says: `subject` is issuer and its own id, which no one else ever gets."""

    subject: str
    username: str
    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotLetIn:
    """Why somebody whom the provider knows has no business here: `unknown`, `inactive`, `no_role`."""

    code: str


def let_in(
    session: Session,
    now: datetime,
    provided: Provided,
    *,
    roles_of_groups: Mapping[str, str],
    new_users: bool,
) -> Proven | NotLetIn:
    """The user of this subject; else who was invited under this user name and never came in; else a new one.

    Where groups are mapped to roles, they give the role at each sign-in, and who is in none of them is not
    let in. A new user without such a mapping gets the least, billing.
    """
    begin_write(session)
    user = session.execute(
        select(UserAccount).where(UserAccount.subject == provided.subject).with_for_update()
    ).scalar_one_or_none()
    key = username_key(provided.username)
    if user is None and 0 < len(key) <= LONGEST_USERNAME:
        invited = session.execute(
            select(UserAccount).where(UserAccount.username_key == key).with_for_update()
        ).scalar_one_or_none()
        if invited is not None and (invited.subject or invited.password):
            return _refused(session, now, invited, "unknown")
        user = invited
    mapped = highest(roles_of_groups[group] for group in provided.groups if group in roles_of_groups)
    if roles_of_groups and mapped is None:
        return _refused(session, now, user, "no_role")
    if user is None:
        if not new_users or not 0 < len(key) <= LONGEST_USERNAME or len(provided.subject) > LONGEST_SUBJECT:
            return _refused(session, now, None, "unknown")
        user = UserAccount(
            username=provided.username.strip(),
            username_key=key,
            name=(provided.name.strip() or provided.username.strip())[:LONGEST_NAME],
            role=mapped or "billing",
            subject=provided.subject,
            recorded_at=now,
        )
        session.add(user)
        session.flush()
        _record(session, now, user, "added", [user.role])
    if not user.active:
        return _refused(session, now, user, "inactive")
    if user.subject is None:
        user.subject = provided.subject
        _record(session, now, user, "linked", [user.role])
    if mapped is not None and user.role != mapped:
        before, user.role = user.role, mapped
        end_all(session, user.id)
        _record(session, now, user, "changed", [before, mapped])
    proven = Proven(user.id, user.name, "signed_in")
    session.commit()
    return proven


def not_believed(session: Session, now: datetime) -> None:
    """Put on record that the provider's statement was forged, for somebody else, or says not who it is."""
    _refused(session, now, None, "unknown")


def _record(session: Session, now: datetime, user: UserAccount, action: str, roles: Iterable[str]) -> None:
    audit.record(
        session,
        Actor("the sign-in provider", "billing"),
        now,
        action,
        "user_account",
        user.public_id,
        after={"username": user.username, "role": [role for role in roles if role in ROLES]},
    )


def _refused(session: Session, now: datetime, user: UserAccount | None, code: str) -> NotLetIn:
    who = who_tries(user)
    session.rollback()
    begin_write(session)
    access_event.record(session, who, now, "sign_in_failed", "at the provider")
    session.commit()
    return NotLetIn(code)

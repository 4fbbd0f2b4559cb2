"""One-time links: by them somebody sets a name and a password, once, before they expire."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.finding import Finding
from caseapp.domain.password import normalised, password_findings
from caseapp.domain.user_entry import judge_name
from caseapp.models import OneTimeLink, UserAccount, begin_write
from caseapp.usecases import audit
from caseapp.usecases.account_kit import AccountKit, common_passwords, new_token, token_digest
from caseapp.usecases.user_session import end_all

VALID_FOR = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Link:
    """Whose link it is."""

    user_id: int
    username: str
    name: str


def make_link(session: Session, user_id: int, kind: str, now: datetime) -> str:
    """What stands in the link's address. Earlier links of the user end. Part of its caller's transaction."""
    token = new_token()
    session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))
    session.add(
        OneTimeLink(digest=token_digest(token), user_id=user_id, kind=kind, expires_at=now + VALID_FOR)
    )
    session.flush()
    return token


def find_link(session: Session, token: str, now: datetime) -> Link | None:
    """None where it is unknown, used or expired, or its user is not active."""
    row = session.execute(
        select(UserAccount.id, UserAccount.username, UserAccount.name)
        .join(OneTimeLink, OneTimeLink.user_id == UserAccount.id)
        .where(OneTimeLink.digest == token_digest(token), OneTimeLink.expires_at > now, UserAccount.active)
    ).one_or_none()
    return Link(row.id, row.username, row.name) if row else None


def use_link(
    session: Session,
    kit: AccountKit,
    now: datetime,
    token: str,
    name: str,
    password: str,
    *,
    practice_name: str = "",
) -> Link | list[Finding] | None:
    """Set the name and the password; what is wrong with them; None where the link is no longer good."""
    link = find_link(session, token, now)
    if link is None:
        return None
    found = [*judge_name(name), *new_password_findings(session, link.user_id, password, practice_name)]
    if found:
        return found
    session.rollback()
    hashed = kit.hash(normalised(password))
    begin_write(session)
    spent = session.execute(
        delete(OneTimeLink)
        .where(OneTimeLink.digest == token_digest(token), OneTimeLink.expires_at > now)
        .returning(OneTimeLink.user_id)
    ).first()
    if spent is None:  # somebody was quicker
        session.rollback()
        return None
    user = session.get_one(UserAccount, link.user_id)
    user.name, user.password = name.strip(), hashed
    user.version += 1
    end_all(session, user.id)
    audit.record(
        session, Actor(user.name, "billing", user.id), now, "password_set", "user_account", user.public_id
    )
    session.commit()
    return Link(link.user_id, link.username, name.strip())


def new_password_findings(
    session: Session, user_id: int, password: str, practice_name: str = ""
) -> list[Finding]:
    """What is wrong with a password that the user wants."""
    user = session.get_one(UserAccount, user_id)
    return password_findings(
        normalised(password),
        common_passwords(),
        (user.username, user.name, practice_name, "caseapp"),
        second_factor=bool(user.totp_secret),
    )

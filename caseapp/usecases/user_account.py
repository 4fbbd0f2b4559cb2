"""Users: invited, changed, deactivated. What takes rights away ends every sign-in of the user at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.finding import Finding
from caseapp.domain.sign_in import username_key
from caseapp.domain.user_entry import UserEntry, judge_user
from caseapp.models import Clinician, UserAccount, begin_write
from caseapp.usecases import audit
from caseapp.usecases.api_token import revoke_all_of
from caseapp.usecases.one_time_link import make_link
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.user_session import end_all

FIRST_USERNAME = "administrator"
LAST_ADMINISTRATOR = Finding(
    "last_administrator",
    None,
    "error",
    "Nobody else is an administrator: make somebody else one first, or nobody could look after the users.",
)


@dataclass(frozen=True, slots=True)
class UserSaved:
    """`link` is what stands in the one-time link's address, where one was made."""

    public_id: str
    user_id: int
    link: str = ""


def add_user(
    session: Session,
    actor: Actor,
    now: datetime,
    entry: UserEntry,
    *,
    password_hash: str | None = None,
    subject: str | None = None,
    invited: bool = True,
) -> UserSaved | list[Finding]:
    """Add a user. Without a password or a provider's subject they get a one-time link, where `invited`."""
    begin_write(session)
    clinician_id, found = _judged(session, entry, None)
    if found:
        session.rollback()
        return found
    user = UserAccount(
        username=entry.username.strip(),
        username_key=username_key(entry.username),
        name=entry.name.strip(),
        role=entry.role,
        clinician_id=clinician_id,
        second_factor_required=entry.second_factor_required,
        password=password_hash,
        subject=subject,
        recorded_at=now,
    )
    session.add(user)
    session.flush()
    link = "" if password_hash or subject or not invited else make_link(session, user.id, "invitation", now)
    audit.record(session, actor, now, "added", "user_account", user.public_id, after=_told(user, entry))
    saved = UserSaved(user.public_id, user.id, link)
    session.commit()
    return saved


def change_user(
    session: Session, actor: Actor, now: datetime, public_id: str, entry: UserEntry, version: int | None
) -> UserSaved | list[Finding]:
    """Change name, role, clinician and what is required. Raises UnknownRecord."""
    begin_write(session)
    user = _locked(session, public_id)
    clinician_id, found = _judged(session, entry, user)
    if not found and version is not None and version != user.version:
        found = [
            Finding(
                "conflict",
                None,
                "error",
                "Somebody else changed this user meanwhile: look at it again, then save.",
            )
        ]
    if not found and entry.role != "administrator" and _is_last_administrator(session, user):
        found = [LAST_ADMINISTRATOR]
    if found:
        session.rollback()
        return found
    before = _told(user, None, _number(session, user.clinician_id))
    rights = (user.role, user.clinician_id, user.second_factor_required)
    user.username, user.username_key = entry.username.strip(), username_key(entry.username)
    user.name, user.role, user.clinician_id = entry.name.strip(), entry.role, clinician_id
    user.second_factor_required = entry.second_factor_required
    after = _told(user, entry)
    if before != after:
        user.version += 1
        if rights != (user.role, user.clinician_id, user.second_factor_required):
            end_all(session, user.id)
        audit.record(session, actor, now, "changed", "user_account", public_id, before=before, after=after)
    saved = UserSaved(public_id, user.id)
    session.commit()
    return saved


def set_active(session: Session, actor: Actor, now: datetime, public_id: str, active: bool) -> Finding | None:
    """Deactivate a user, which ends every sign-in and each token they made, or let them in again.

    Raises UnknownRecord.
    """
    begin_write(session)
    user = _locked(session, public_id)
    if not active and _is_last_administrator(session, user):
        session.rollback()
        return LAST_ADMINISTRATOR
    if user.active is not active:
        user.active = active
        user.version += 1
        end_all(session, user.id)
        if not active:
            revoke_all_of(session, actor, now, user.id)
        action = "reactivated" if active else "deactivated"
        audit.record(session, actor, now, action, "user_account", public_id)
    session.commit()
    return None


def reset_second_factor(session: Session, actor: Actor, now: datetime, public_id: str) -> None:
    """Forget the authenticator app and its recovery codes, and sign the user out. Raises UnknownRecord."""
    begin_write(session)
    user = _locked(session, public_id)
    user.totp_secret = user.totp_counter = user.recovery_codes = None
    user.version += 1
    end_all(session, user.id)
    audit.record(session, actor, now, "second_factor_reset", "user_account", public_id)
    session.commit()


def new_link(session: Session, actor: Actor, now: datetime, public_id: str) -> str:
    """A new one-time link for a user who lost the password or the first link. Raises UnknownRecord."""
    begin_write(session)
    user = _locked(session, public_id)
    token = make_link(session, user.id, "password" if user.password else "invitation", now)
    audit.record(session, actor, now, "link_made", "user_account", public_id)
    session.commit()
    return token


def first_link(session: Session, now: datetime) -> str | None:
    """The link of the first administrator, who is made where nobody is there; None once somebody came in.

    While nobody has, each start makes a new link, and the earlier ones end.
    """
    begin_write(session)
    users = session.execute(select(UserAccount).limit(2)).scalars().all()
    if not users:
        session.rollback()
        entry = UserEntry(username=FIRST_USERNAME, name="Administrator", role="administrator")
        saved = add_user(session, LOCAL_USER, now, entry)
        assert isinstance(saved, UserSaved)
        return saved.link
    only = users[0]
    if len(users) > 1 or only.password or only.subject or not only.active:
        session.rollback()
        return None
    token = make_link(session, only.id, "invitation", now)
    session.commit()
    return token


def is_anybody_there(session: Session) -> bool:
    """Whether there is any user."""
    return session.execute(select(UserAccount.id).limit(1)).first() is not None


def _locked(session: Session, public_id: str) -> UserAccount:
    statement = select(UserAccount).where(UserAccount.public_id == public_id).with_for_update()
    user = session.execute(statement).scalar_one_or_none()
    if user is None:
        raise UnknownRecord
    return user


def _judged(session: Session, entry: UserEntry, user: UserAccount | None) -> tuple[int | None, list[Finding]]:
    """The clinician's row id, and what is wrong."""
    other = session.execute(
        select(UserAccount.id).where(UserAccount.username_key == username_key(entry.username)[:1000])
    ).scalar_one_or_none()
    number = entry.clinician.strip()
    clinician_id = (
        session.execute(select(Clinician.id).where(Clinician.number == number)).scalar_one_or_none()
        if number
        else None
    )
    found = judge_user(
        entry,
        name_taken=other is not None and (user is None or other != user.id),
        clinician_known=not number or clinician_id is not None,
    )
    return clinician_id, found


def _is_last_administrator(session: Session, user: UserAccount) -> bool:
    if user.role != "administrator" or not user.active:
        return False
    # All of them are locked, so that two do not take each other's rights away at once.
    others = (
        session.execute(
            select(UserAccount.id)
            .where(UserAccount.role == "administrator", UserAccount.active)
            .order_by(UserAccount.id)
            .with_for_update()
        )
        .scalars()
        .all()
    )
    return list(others) == [user.id]


def _number(session: Session, clinician_id: int | None) -> str:
    if clinician_id is None:
        return ""
    return session.execute(select(Clinician.number).where(Clinician.id == clinician_id)).scalar_one()


def _told(user: UserAccount, entry: UserEntry | None, clinician: str = "") -> dict[str, Any]:
    """What the history keeps of a user."""
    return {
        "username": user.username,
        "name": user.name,
        "role": user.role,
        "clinician": entry.clinician.strip() if entry else clinician,
        "second_factor_required": user.second_factor_required,
    }

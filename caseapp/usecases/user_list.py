"""The users as their table shows them, and one as the form opens it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import ROLE_WORDS, Role
from caseapp.domain.user_entry import UserEntry
from caseapp.domain.words import moment
from caseapp.models import Clinician, UserAccount
from caseapp.usecases.outcome import UnknownRecord

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """All as it is shown."""

    public_id: str
    username: str
    name: str
    role: str
    clinician: str
    active: bool
    state: str
    second_factor: str
    last_signed_in: str

    @property
    def actions(self) -> str:
        """What its menu button is called."""
        return f"Actions for {self.name}, {self.username}"


@dataclass(frozen=True, slots=True)
class OpenUser:
    """A user as the form opens it."""

    row: UserRow
    entry: UserEntry
    version: int


@dataclass(frozen=True, slots=True)
class UserList:
    """A page; `next` is the user name behind which it goes on, as a public ID, None at the end."""

    rows: tuple[UserRow, ...]
    next: str | None


def user_list(session: Session, zone: ZoneInfo, today: date, after: str = "") -> UserList:
    """A page of the users by user name, in at most two statements."""
    statement = _statement().order_by(UserAccount.username_key).limit(PAGE + 1)
    if after:
        place = select(UserAccount.username_key).where(UserAccount.public_id == after).scalar_subquery()
        # Behind somebody who is not there the list begins anew.
        statement = statement.where(UserAccount.username_key > func.coalesce(place, ""))
    rows = session.execute(statement).all()
    shown = tuple(_row(row, zone, today) for row in rows[:PAGE])
    return UserList(shown, shown[-1].public_id if len(rows) > PAGE else None)


def open_user(session: Session, public_id: str, zone: ZoneInfo, today: date) -> OpenUser:
    """Raises UnknownRecord."""
    row = session.execute(_statement().where(UserAccount.public_id == public_id)).one_or_none()
    if row is None:
        raise UnknownRecord
    entry = UserEntry(
        username=row.username,
        name=row.name,
        role=row.role,
        clinician=row.number or "",
        second_factor_required=row.second_factor_required,
    )
    return OpenUser(_row(row, zone, today), entry, row.version)


def clinician_choices(session: Session) -> list[tuple[str, str]]:
    """(number, words) of the clinicians, by name."""
    rows = session.execute(
        select(Clinician.number, Clinician.last_name, Clinician.first_name)
        .order_by(Clinician.last_name, Clinician.first_name, Clinician.id)
        .limit(1000)
    )
    return [(row.number, f"{row.last_name}, {row.first_name}".strip(" ,") or row.number) for row in rows]


def _statement() -> Any:
    return select(
        UserAccount.public_id,
        UserAccount.username,
        UserAccount.name,
        UserAccount.role,
        UserAccount.active,
        UserAccount.version,
        UserAccount.second_factor_required,
        UserAccount.totp_secret.is_not(None).label("has_app"),
        (UserAccount.password.is_not(None) | UserAccount.subject.is_not(None)).label("has_come"),
        UserAccount.last_signed_in_at,
        Clinician.number,
        Clinician.first_name,
        Clinician.last_name,
    ).outerjoin(Clinician, Clinician.id == UserAccount.clinician_id)


def _row(row: Any, zone: ZoneInfo, today: date) -> UserRow:
    role: Role = row.role
    return UserRow(
        public_id=row.public_id,
        username=row.username,
        name=row.name,
        role=ROLE_WORDS[role],
        clinician=f"{row.first_name} {row.last_name}".strip() if row.number else "",
        active=row.active,
        state="deactivated" if not row.active else "" if row.has_come else "invited",
        second_factor="set up" if row.has_app else "to be set up" if row.second_factor_required else "none",
        last_signed_in=moment(row.last_signed_in_at, zone, today) if row.last_signed_in_at else "",
    )

"""Who does something: every query and every audit event names one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

Role = Literal["administrator", "office", "billing", "clinician"]

ROLES: tuple[Role, ...] = get_args(Role)
"""The highest first."""

ROLE_WORDS: dict[Role, str] = {
    "administrator": "Administrator",
    "office": "Office",
    "billing": "Billing",
    "clinician": "Clinician",
}


def highest(roles: Iterable[str]) -> Role | None:
    """Where two roles meet, the higher wins; None where none of them is known."""
    given = set(roles)
    return next((role for role in ROLES if role in given), None)


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees who sees only their own clients (docs/security.md, Whose clients a clinician sees).

    `clinician_id` is the clinician's row, 0 for nobody's; `since` the day, and `begins` its first instant,
    from which case managers and sessions count; `ends` is the first instant from which sessions do no more.
    """

    clinician_id: int
    since: date
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program that reads or writes; `name` is what the history shows.

    `sight` is None for who sees all clients; a clinician always has one, but while `emergency_ends` is to
    come. `user_id` is the account's row, None for the commands and where nobody signs in.
    """

    name: str
    role: Role = "office"
    user_id: int | None = None
    sight: Sight | None = None
    emergency_ends: datetime | None = None

    def __post_init__(self) -> None:
        if self.role == "clinician" and self.sight is None and self.emergency_ends is None:
            raise ValueError("a clinician without a sight would see every client")

    @property
    def may_write(self) -> bool:
        return self.role in ("administrator", "office")

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"

    @property
    def role_words(self) -> str:
        return ROLE_WORDS[self.role]


LOCAL_USER = Actor("local user", "administrator")
"""Stands in for everybody where only this computer is served, and for whoever runs a command."""

"""What every table shares: the base class, column types and the columns of a recorded thing."""

import secrets
import string
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from caseapp.extensions import metadata as shared_metadata

# PostgreSQL refuses longer values where SQLite takes them: bound them where input is parsed.
CODE_LENGTH = 20
NUMBER_LENGTH = 100
SORT_KEY_LENGTH = 200
TERM_LENGTH = 100
FORM_TOKEN_LENGTH = 100
PUBLIC_ID_LENGTH = 20
_PUBLIC_ID_ALPHABET = string.ascii_lowercase + string.digits


class Base(DeclarativeBase):
    """Base of all tables, on the metadata that Flask-SQLAlchemy also knows."""

    metadata = shared_metadata


class Instant(TypeDecorator[datetime]):
    """An instant: an aware datetime goes in, the same instant in UTC comes out, on both databases.

    SQLite keeps no offset, so the value is stored there as UTC. A naive datetime is a ValueError: nobody
    could say which instant was meant.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"an instant needs an offset from UTC, and {value!r} has none")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None] | None:
        """In one step, where SQLAlchemy would take two: clients have thousands of instants."""
        return _instant_of_text if dialect.name == "sqlite" else _in_utc


def _instant_of_text(value: str | None) -> datetime | None:
    """The instant that SQLite keeps as `2026-11-24 14:00:00.000000`."""
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def _in_utc(value: datetime | None) -> datetime | None:
    """The instant that PostgreSQL's driver gives, in the connection's zone: UTC, see models/engine.py."""
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


def binary_text(length: int) -> String:
    """Text of at most `length` characters, compared and sorted by code point on both databases.

    SQLite does so by default; PostgreSQL would sort by the language of the server, and so keyset pages and
    prefix ranges would differ from machine to machine.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def new_public_id() -> str:
    """Twenty characters of [a-z0-9] for an address: 103 random bits, which say nothing about a person."""
    return "".join(secrets.choice(_PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def one_of(column: str, choices: tuple[str, ...]) -> CheckConstraint:
    """The column holds one of the given words."""
    words = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def end_not_before_start(start: str = "start_date", end: str = "end_date") -> CheckConstraint:
    """The period's last day is empty (open) or not before its first."""
    return CheckConstraint(f"{end} >= {start}", name=f"{end}_not_before_start")


class Recorded:
    """A thing that is kept: its key, its version (for two editors at once), and when the row was recorded."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    version: Mapped[int] = mapped_column(default=1, sort_order=90)
    recorded_at: Mapped[datetime] = mapped_column(Instant, sort_order=91)


class Public:
    """A thing that has an address. The public id is made here; bulk inserts may give their own."""

    public_id: Mapped[str] = mapped_column(
        binary_text(PUBLIC_ID_LENGTH), default=new_public_id, unique=True, sort_order=-9
    )


TableArguments = tuple[Any, ...]

"""The people who sign in, and the one-time links by which they come in for the first time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.domain.actor import ROLES
from caseapp.models.base import (
    NUMBER_LENGTH,
    Base,
    Instant,
    Public,
    Recorded,
    TableArguments,
    binary_text,
    one_of,
)

DIGEST_LENGTH = 64
LINK_KINDS = ("invitation", "password")


class UserAccount(Recorded, Public, Base):
    """One person. `username_key` is the folded user name by which they are found.

    `password` is a hash, None until one is chosen; `subject` says who it is at a sign-on provider.
    `totp_secret` is encrypted, `totp_counter` the last time step that was used, `recovery_codes` digests.
    """

    __tablename__ = "user_account"
    __table_args__: TableArguments = (one_of("role", ROLES), Index(None, "clinician_id"))

    username: Mapped[str] = mapped_column(Text)
    username_key: Mapped[str] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    clinician_id: Mapped[int | None] = mapped_column(ForeignKey("clinician.id"))
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(binary_text(500), unique=True)
    second_factor_required: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int | None]
    recovery_codes: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    last_signed_in_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeLink(Base):
    """Lets somebody set their name and password once, until it expires. Kept by the digest of its secret."""

    __tablename__ = "one_time_link"
    __table_args__: TableArguments = (one_of("kind", LINK_KINDS), Index(None, "user_id"))

    digest: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(Instant)

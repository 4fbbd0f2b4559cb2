"""Who is signed in, how often somebody failed to, and what a sign-in that ran out would have lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Instant, TableArguments, binary_text, one_of
from caseapp.models.user_account import DIGEST_LENGTH

SESSION_STAGES = ("second_factor", "set_up", "signed_in")
THROTTLE_SCOPES = ("account", "address")


class UserSession(Base):
    """One sign-in in one browser, kept by the digest of what its cookie holds.

    `stage` is how far it has come: the second factor asked for, or to be set up first. `data` is Flask's
    session. A row that ran out stays a day, so that what was typed can be kept for the one who typed it.
    """

    __tablename__ = "user_session"
    __table_args__: TableArguments = (
        one_of("stage", SESSION_STAGES),
        Index(None, "user_id"),
        Index(None, "seen_at"),
    )

    digest: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    stage: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    began_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class SignInThrottle(Base):
    """How often signing in failed of late, for one user name or from one address (by its digest)."""

    __tablename__ = "sign_in_throttle"
    __table_args__: TableArguments = (one_of("scope", THROTTLE_SCOPES), Index(None, "last_at"))

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    digest: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)


class KeptForm(Base):
    """What somebody sent after their sign-in had run out, encrypted; given back to them alone."""

    __tablename__ = "kept_form"
    __table_args__: TableArguments = (Index(None, "user_id"), Index(None, "kept_at"))

    digest: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    path: Mapped[str] = mapped_column(Text)
    fields: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Instant)

"""Tokens by which programs read and write, kept by their digests."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Instant, Public, Recorded, TableArguments, binary_text
from caseapp.models.user_account import DIGEST_LENGTH


class ApiToken(Recorded, Public, Base):
    """`scopes` are words of domain/api_token.py. A revoked one stays, so that its past can be told."""

    __tablename__ = "api_token"
    __table_args__: TableArguments = (Index(None, "user_id"),)

    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(binary_text(DIGEST_LENGTH), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    scopes: Mapped[list[Any]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

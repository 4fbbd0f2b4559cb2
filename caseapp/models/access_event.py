"""Access events: plain appends beside the audit events of changes, in a table of their own.

A client is looked at far more often than changed, and the history tells changes alone: in one table it would
have to step over the others.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.domain.access_event import KINDS
from caseapp.models.append_only import append_only
from caseapp.models.base import Base, Instant, TableArguments, binary_text, one_of

ONCE_LENGTH = 32


class AccessEvent(Base):
    """Who did what when. `user_id` is the account that acted, or as which somebody tried to sign in.

    `detail` says more in words of the program's own: an address without its IDs, never what was typed.
    `once` is the same for two events of which one is kept (domain/access_event.once_in).
    """

    __tablename__ = "access_event"
    __table_args__: TableArguments = (
        one_of("kind", KINDS),
        Index(None, "at"),
        Index(None, "client_id", "at"),
        Index(None, "actor", "at"),
        Index(None, "kind", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(30))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    detail: Mapped[str | None] = mapped_column(Text)
    once: Mapped[str | None] = mapped_column(binary_text(ONCE_LENGTH), unique=True)


append_only(AccessEvent.__table__)

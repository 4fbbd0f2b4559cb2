"""Audit events: plain appends, one for every change, in the change's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.append_only import append_only
from caseapp.models.base import (
    FORM_TOKEN_LENGTH,
    PUBLIC_ID_LENGTH,
    Base,
    Instant,
    TableArguments,
    binary_text,
)

# A missing state is an empty column, not the JSON word null.
_State = JSON(none_as_null=True)
_IN_BATCH = text("batch_id IS NOT NULL")


class AuditEvent(Base):
    """Who did what when. `before` and `after` hold whole values as JSON, so any earlier state can be told.

    `entity` names the table, `entity_id` the public id; `subject_id` is the public id of the clinician or
    payor on whose page it is told, as `client_id` is for clients. `form_token` makes a form that was sent
    twice save once. The rows of an import point at its one event by `batch_id`.
    """

    __tablename__ = "audit_event"
    __table_args__: TableArguments = (
        Index(None, "client_id", "id"),
        Index(None, "entity", "entity_id"),
        Index(None, "subject_id", "id"),
        Index(None, "at"),
        Index(None, "actor", "at"),
        # Few have one; what points at an event is looked for where it is to go into an archive.
        Index(None, "batch_id", sqlite_where=_IN_BATCH, postgresql_where=_IN_BATCH),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[str | None] = mapped_column(binary_text(PUBLIC_ID_LENGTH))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    subject_id: Mapped[str | None] = mapped_column(binary_text(PUBLIC_ID_LENGTH))
    before: Mapped[dict[str, Any] | None] = mapped_column(_State)
    after: Mapped[dict[str, Any] | None] = mapped_column(_State)
    reason: Mapped[str | None] = mapped_column(Text)
    form_token: Mapped[str | None] = mapped_column(binary_text(FORM_TOKEN_LENGTH), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("audit_event.id"))


append_only(AuditEvent.__table__)

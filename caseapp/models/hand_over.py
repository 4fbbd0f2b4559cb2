"""Drafts of a hand-over: what was typed, as it was typed, until it is applied or discarded."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Instant, Public, Recorded, TableArguments


class HandOverDraft(Recorded, Public, Base):
    """Whose lines, and from when. Dates are kept as texts: a draft may hold what is not finished."""

    __tablename__ = "hand_over_draft"
    __table_args__: TableArguments = (Index(None, "clinician_id"),)

    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"))
    kind: Mapped[str] = mapped_column(String(20))
    last_day: Mapped[str] = mapped_column(Text)
    first_away: Mapped[str] = mapped_column(Text)
    last_away: Mapped[str] = mapped_column(Text)
    set_last_day: Mapped[bool]
    after: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by: Mapped[str] = mapped_column(Text)


class HandOverDraftLine(Base):
    """What was typed for one case manager, and the version that it was typed for."""

    __tablename__ = "hand_over_draft_line"
    __table_args__: TableArguments = (UniqueConstraint("draft_id", "case_manager_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("hand_over_draft.id"))
    case_manager_id: Mapped[int] = mapped_column(ForeignKey("case_manager.id"), index=True)
    case_manager_version: Mapped[int]
    successor: Mapped[str] = mapped_column(Text)
    start_date: Mapped[str] = mapped_column(Text)
    leave_out: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)

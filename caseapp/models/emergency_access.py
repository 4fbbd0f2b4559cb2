"""Emergency access: a clinician sees every client for a while, for a reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Instant, Public, Recorded, TableArguments


class EmergencyAccess(Recorded, Public, Base):
    """It began when the row was recorded; `ends_at` moves to the moment in which it is ended early."""

    __tablename__ = "emergency_access"
    __table_args__: TableArguments = (Index(None, "user_id", "ends_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime] = mapped_column(Instant)

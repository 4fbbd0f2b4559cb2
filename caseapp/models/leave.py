"""Leaves: a clinician's vacation or absence. A leave never changes a case manager."""

from datetime import date

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Public, Recorded, TableArguments, end_not_before_start


class Leave(Recorded, Public, Base):
    __tablename__ = "leave"
    __table_args__: TableArguments = (
        end_not_before_start(),
        UniqueConstraint("clinician_id", "start_date"),
    )

    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"))
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)

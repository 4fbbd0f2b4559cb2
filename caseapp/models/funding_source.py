"""Funding sources: a client's payor over a period, with a priority. One primary on a day."""

from datetime import date
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Public, Recorded, TableArguments, end_not_before_start, one_of
from caseapp.models.constraints import PRIMARY_OVERLAP, no_overlap

FUNDING_PRIORITIES = ("primary", "secondary", "tertiary", "inactive")


class FundingSource(Recorded, Public, Base):
    __tablename__ = "funding_source"
    __table_args__: TableArguments = (
        one_of("priority", FUNDING_PRIORITIES),
        end_not_before_start(),
        UniqueConstraint("client_id", "payor_id", "priority", "start_date"),
        # Whose primary payor it is today is told from the index alone.
        Index(None, "payor_id", "priority", "start_date", "end_date", "client_id"),
        # The payor of each client of a page is told from this index alone.
        Index(None, "client_id", "priority", "start_date", "end_date", "payor_id"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    payor_id: Mapped[int] = mapped_column(ForeignKey("payor.id"))
    priority: Mapped[str] = mapped_column(String(20))
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    member_id: Mapped[str | None] = mapped_column(Text)


no_overlap(
    cast(Table, FundingSource.__table__),
    PRIMARY_OVERLAP,
    same=("client_id",),
    counts="{row}priority = 'primary'",
    watched=("client_id", "priority", "start_date", "end_date"),
)

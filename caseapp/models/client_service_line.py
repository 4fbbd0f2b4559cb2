"""Client service lines: a client receives a service line over a period (an episode of care)."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Public, Recorded, TableArguments, end_not_before_start


class ClientServiceLine(Recorded, Public, Base):
    __tablename__ = "client_service_line"
    __table_args__: TableArguments = (
        end_not_before_start(),
        UniqueConstraint("client_id", "service_line_id", "start_date"),
        # Covers the question "which lines are open on a day" without a look at the table.
        Index("ix_client_service_line_cover", "client_id", "service_line_id", "start_date", "end_date"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"))
    start_date: Mapped[date]
    end_date: Mapped[date | None]

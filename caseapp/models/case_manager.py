"""Case managers: who is responsible for one client's one service line over a period."""

from datetime import date, datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Instant, Public, Recorded, TableArguments, end_not_before_start
from caseapp.models.constraints import CASE_MANAGER_OVERLAP, no_overlap


def _of_interims(name: str, *columns: str) -> Index:
    """An index that holds the interims alone."""
    interim = text("for_clinician_id IS NOT NULL")
    return Index(name, *columns, sqlite_where=interim, postgresql_where=interim)


class CaseManager(Recorded, Public, Base):
    """A removed one (entered in error) stays, with who removed it, when and why; every reader filters it out.

    `for_clinician_id` is the clinician for whom an interim stands in. `uncovered_left_at` is when somebody
    chose to leave the past sessions before this case manager without one (docs/domain.md, The 24-hour rule).
    """

    __tablename__ = "case_manager"
    __table_args__: TableArguments = (
        end_not_before_start(),
        # One index answers the tab, the overlap, the gaps and the claims without a look at the table.
        Index(
            "ix_case_manager_cover",
            "client_id",
            "service_line_id",
            "start_date",
            "end_date",
            "clinician_id",
            "removed_at",
        ),
        # Another counts and lists a clinician's clients without one.
        Index(
            "ix_case_manager_caseload", "clinician_id", "client_id", "removed_at", "start_date", "end_date"
        ),
        # The few interims, by who stands in and by for whom.
        _of_interims("ix_case_manager_stands_in", "clinician_id", "for_clinician_id"),
        _of_interims("ix_case_manager_stood_for", "for_clinician_id", "clinician_id"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"))
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    for_clinician_id: Mapped[int | None] = mapped_column(ForeignKey("clinician.id"))
    uncovered_left_at: Mapped[datetime | None] = mapped_column(Instant)
    uncovered_left_reason: Mapped[str | None] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_by: Mapped[str | None] = mapped_column(Text)
    removed_reason: Mapped[str | None] = mapped_column(Text)


no_overlap(
    cast(Table, CaseManager.__table__),
    CASE_MANAGER_OVERLAP,
    same=("client_id", "service_line_id"),
    counts="{row}removed_at IS NULL",
    watched=("client_id", "service_line_id", "start_date", "end_date", "removed_at"),
)

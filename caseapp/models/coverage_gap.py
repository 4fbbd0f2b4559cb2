"""Kept coverage findings, and the next day on which each line's findings can differ. Derived, never typed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Instant, TableArguments, one_of

SEVERITIES = ("error", "warning", "information")


class CoverageTurn(Base):
    """A client's service line, asked on `asked_on`; its findings hold until `next_turn` (empty: for ever).

    `first_session` is when the line, or an episode of it, begins with its first counted session, empty where
    none begins on the day asked or later.
    """

    __tablename__ = "coverage_turn"
    __table_args__: TableArguments = (
        Index(None, "next_turn"),
        # The few lines that begin soon.
        Index(
            None,
            "first_session",
            sqlite_where=text("first_session IS NOT NULL"),
            postgresql_where=text("first_session IS NOT NULL"),
        ),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"), primary_key=True)
    asked_on: Mapped[date]
    next_turn: Mapped[date | None]
    first_session: Mapped[datetime | None] = mapped_column(Instant)


class CoverageFinding(Base):
    """One coverage gap of a client's service line (docs/domain.md, Coverage gaps)."""

    __tablename__ = "coverage_finding"
    __table_args__: TableArguments = (one_of("severity", SEVERITIES), Index(None, "severity", "mend_by"))

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    severity: Mapped[str] = mapped_column(String(20))
    mend_by: Mapped[date | None]
    at_risk: Mapped[int]
    message: Mapped[str] = mapped_column(Text)

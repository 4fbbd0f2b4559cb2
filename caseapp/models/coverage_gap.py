"""Kept coverage findings, and the next day on which each line's findings can differ. Derived, never typed."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, TableArguments, one_of

SEVERITIES = ("error", "warning", "information")


class CoverageTurn(Base):
    """A client's service line, asked on `asked_on`; its findings hold until `next_turn` (empty: for ever)."""

    __tablename__ = "coverage_turn"
    __table_args__: TableArguments = (Index(None, "next_turn"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"), primary_key=True)
    asked_on: Mapped[date]
    next_turn: Mapped[date | None]


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

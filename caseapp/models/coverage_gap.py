"""Kept coverage findings, and the next day on which each line's findings can differ. Derived, never typed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    NUMBER_LENGTH,
    PUBLIC_ID_LENGTH,
    Base,
    Instant,
    TableArguments,
    binary_text,
    one_of,
)

SEVERITIES = ("error", "warning", "information")
PLACE_LENGTH = 200
# Word for word also where they are asked for: a database knows its partial index by them.
OF_LEAVING = "code IN ('clinician_leaves', 'clinician_inactive')"
OF_ENROLLMENT = "code IN ('enrollment_ends', 'payor_changes', 'not_enrolled')"


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
    """One coverage gap of a client's service line (docs/domain.md, Coverage gaps), or a hand-over to offer.

    `place` sorts the findings of all clients as the list stands. `clinician` and `case_manager` are public
    IDs, `payor` a code: whom it is about. `begins` is from when on the record that mends it holds, empty for
    the day asked; `alone` and `sessions` count sessions as domain/coverage_about.py says.
    """

    __tablename__ = "coverage_finding"
    __table_args__: TableArguments = (
        one_of("severity", SEVERITIES),
        # The list, as a whole and under each filter, and what stands on top of it, from one index each.
        Index(None, "place", "severity", "alone"),
        Index(None, "code", "place"),
        Index(None, "service_line_id", "place"),
        Index(None, "clinician", "place"),
        Index(None, "payor", "place"),
        # What one cause hits, told from an index of its own alone: a clinician may have thousands of clients.
        # SQLite looks a row up for what its partial index is about, unless that is in the index as well.
        Index(
            "ix_coverage_finding_leaving",
            "clinician",
            "client_id",
            "sessions",
            "code",
            sqlite_where=text(OF_LEAVING),
            postgresql_where=text(OF_LEAVING),
        ),
        Index(
            "ix_coverage_finding_enrollment",
            "clinician",
            "payor",
            "client_id",
            "sessions",
            "code",
            sqlite_where=text(OF_ENROLLMENT),
            postgresql_where=text(OF_ENROLLMENT),
        ),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    severity: Mapped[str] = mapped_column(String(20))
    mend_by: Mapped[date | None]
    at_risk: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(binary_text(PLACE_LENGTH))
    clinician: Mapped[str | None] = mapped_column(binary_text(PUBLIC_ID_LENGTH))
    payor: Mapped[str | None] = mapped_column(binary_text(NUMBER_LENGTH))
    case_manager: Mapped[str | None] = mapped_column(binary_text(PUBLIC_ID_LENGTH))
    begins: Mapped[date | None]
    first_session: Mapped[datetime | None] = mapped_column(Instant)
    alone: Mapped[int] = mapped_column(default=0)
    sessions: Mapped[int] = mapped_column(default=0)


class CoverageTold(Base):
    """A gap that the last message about coverage told, so that the next one says what is new and mended."""

    __tablename__ = "coverage_told"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)


class CoverageDigest(Base):
    """A message about coverage that a mail server accepted, and how many gaps there were."""

    __tablename__ = "coverage_digest"

    id: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    gaps: Mapped[int]

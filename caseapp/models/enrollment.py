"""Enrollments: a clinician's standing with a payor over a period."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import Base, Public, Recorded, TableArguments, end_not_before_start, one_of

ENROLLMENT_STATUSES = ("not_started", "in_process", "approved", "denied", "terminated")


class Enrollment(Recorded, Public, Base):
    """Periods with one payor may overlap. Without a start date there is one row for a clinician and payor."""

    __tablename__ = "enrollment"
    __table_args__: TableArguments = (
        one_of("status", ENROLLMENT_STATUSES),
        end_not_before_start(),
        CheckConstraint(
            "status <> 'terminated' OR (start_date IS NOT NULL AND end_date IS NOT NULL)",
            name="terminated_has_dates",
        ),
        UniqueConstraint("clinician_id", "payor_id", "start_date"),
        Index(None, "payor_id", "clinician_id"),
        # Two NULLs are not equal to a unique constraint, so the undated row needs an index of its own.
        Index(
            "uq_enrollment_undated",
            "clinician_id",
            "payor_id",
            unique=True,
            sqlite_where=text("start_date IS NULL"),
            postgresql_where=text("start_date IS NULL"),
        ),
    )

    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"))
    payor_id: Mapped[int] = mapped_column(ForeignKey("payor.id"))
    status: Mapped[str] = mapped_column(String(20))
    applied_on: Mapped[date | None]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    # When the practice learned of it: an effective date may lie before that.
    learned_on: Mapped[date | None]

"""Appointments: scheduled sessions of a client in a service line."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    NUMBER_LENGTH,
    Base,
    Instant,
    Public,
    Recorded,
    TableArguments,
    binary_text,
    one_of,
)

APPOINTMENT_STATUSES = ("scheduled", "completed", "no_show", "cancelled")


class Appointment(Recorded, Public, Base):
    """One session: `starts_at` an instant, `minutes` its length. Billable and not cancelled is *counted*."""

    __tablename__ = "appointment"
    __table_args__: TableArguments = (
        one_of("status", APPOINTMENT_STATUSES),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index(None, "client_id", "service_line_id", "starts_at"),
        # The next appointment of each client of a page is told from this index alone.
        Index(None, "client_id", "starts_at", "status"),
        # The week of all, of one service line, of one clinician; and whose clients a clinician sees.
        Index(None, "starts_at", "id"),
        Index(None, "service_line_id", "starts_at"),
        # From this index alone: the hours of a clinician's week, and whose clients a clinician sees.
        Index("ix_appointment_delivered", "clinician_id", "starts_at", "status", "minutes", "client_id"),
    )

    number: Mapped[str] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"))
    clinician_id: Mapped[int | None] = mapped_column(ForeignKey("clinician.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    billable: Mapped[bool]

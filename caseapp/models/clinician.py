"""Clinicians and the service lines that they practise."""

from datetime import date

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    NUMBER_LENGTH,
    Base,
    Public,
    Recorded,
    TableArguments,
    binary_text,
    end_not_before_start,
)


class Clinician(Recorded, Public, Base):
    """A person who can treat. An NPI that fails its check is kept (real files hold them)."""

    __tablename__ = "clinician"
    __table_args__: TableArguments = (end_not_before_start("active_from", "active_to"),)

    number: Mapped[str] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    last_name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    credential: Mapped[str] = mapped_column(Text, default="")
    npi: Mapped[str | None] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    taxonomy_code: Mapped[str | None] = mapped_column(Text)
    may_be_case_manager: Mapped[bool] = mapped_column(default=True)
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]
    caseload_limit: Mapped[int | None]
    email: Mapped[str | None] = mapped_column(Text)


class ClinicianServiceLine(Base):
    """The clinician practises the service line."""

    __tablename__ = "clinician_service_line"

    clinician_id: Mapped[int] = mapped_column(ForeignKey("clinician.id"), primary_key=True)
    service_line_id: Mapped[int] = mapped_column(ForeignKey("service_line.id"), primary_key=True)

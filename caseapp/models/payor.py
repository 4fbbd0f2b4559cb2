"""Payors: who pays."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import NUMBER_LENGTH, Base, Public, Recorded, TableArguments, binary_text, one_of

PAYOR_TYPES = ("insurance", "regional_center", "school_district", "private_pay")


class Payor(Recorded, Public, Base):
    """`code` is the `payor_id` of the practice files."""

    __tablename__ = "payor"
    __table_args__: TableArguments = (one_of("type", PAYOR_TYPES),)

    code: Mapped[str] = mapped_column(binary_text(NUMBER_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(20))
    requires_enrollment: Mapped[bool]

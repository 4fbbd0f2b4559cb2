"""Service lines: ABA, ST, OT, PT, MH, or another that the practice adds."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import CODE_LENGTH, Base, Recorded, binary_text


class ServiceLine(Recorded, Base):
    __tablename__ = "service_line"

    code: Mapped[str] = mapped_column(binary_text(CODE_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(Text)

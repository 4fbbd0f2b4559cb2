"""Service lines: ABA, ST, OT, PT, MH, or another that the practice adds."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import (
    CODE_LENGTH,
    PUBLIC_ID_LENGTH,
    Base,
    Public,
    Recorded,
    binary_text,
    new_public_id,
)


class ServiceLine(Recorded, Public, Base):
    __tablename__ = "service_line"

    code: Mapped[str] = mapped_column(binary_text(CODE_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(Text)
    # Behind the others, where a later version of the program has added it.
    public_id: Mapped[str] = mapped_column(
        binary_text(PUBLIC_ID_LENGTH), default=new_public_id, unique=True, sort_order=100
    )

"""Codes of the provider taxonomy to choose from; a clinician keeps the code itself."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.models.base import CODE_LENGTH, Base, binary_text


class TaxonomyCode(Base):
    """One code of the NUCC set with what it stands for; the first ones come with the migration."""

    __tablename__ = "taxonomy_code"

    code: Mapped[str] = mapped_column(binary_text(CODE_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(Text)

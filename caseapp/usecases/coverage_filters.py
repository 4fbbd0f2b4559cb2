"""What the filters of the coverage gaps offer, and whether what an address asks for is known."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from caseapp.domain.coverage_gap import TITLES
from caseapp.models import Clinician, Payor
from caseapp.usecases.client_list import choices

SEVERITIES = (("error", "Errors"), ("warning", "Warnings"), ("information", "Information"))
_payor = cast(Table, Payor.__table__)
_PAYORS = select(_payor.c.code, _payor.c.name).order_by(_payor.c.name, _payor.c.code)


@dataclass(frozen=True, slots=True)
class Filters:
    """(value, words) of each; `clinicians` is None where they are too many to choose from."""

    kinds: tuple[tuple[str, str], ...]
    severities: tuple[tuple[str, str], ...]
    service_lines: list[tuple[str, str]]
    payors: list[tuple[str, str]]
    clinicians: list[tuple[str, str]] | None


KINDS = tuple((code, words[:1].upper() + words[1:]) for code, words in TITLES.items())


def filters(session: Session) -> Filters:
    """Two statements, three where something that they offer has changed."""
    known = choices(session)
    payors = [(row[0], row[1]) for row in session.connection().execute(_PAYORS)]
    return Filters(KINDS, SEVERITIES, known.service_lines, payors, known.clinicians)


def clinician_asked(session: Session, number: str) -> str | None:
    """The public ID of the clinician with this number, None where there is none."""
    return session.scalar(select(Clinician.public_id).where(Clinician.number == number))

"""What the filters of the coverage gaps offer, and whether what an address asks for is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import CompoundSelect, Engine, Table, func, select, union_all
from sqlalchemy.orm import Session

from caseapp.domain.coverage_gap import TITLES
from caseapp.models import Clinician, Payor
from caseapp.usecases.client_list import choices
from caseapp.usecases.client_list_details import CHOICES_STATE

SEVERITIES = (("error", "Errors"), ("warning", "Warnings"), ("information", "Information"))
_payor = cast(Table, Payor.__table__)
_STATE: CompoundSelect[Any] = union_all(
    *CHOICES_STATE.selects,
    select(func.count(), func.max(_payor.c.id), func.sum(_payor.c.version)).select_from(_payor),
)
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


_kept: WeakKeyDictionary[Engine, tuple[Sequence[Any], Filters]] = WeakKeyDictionary()


def filters(session: Session) -> Filters:
    """What they offer, in one statement where nothing has changed since they were last asked for."""
    connection = session.connection()
    state = connection.execute(_STATE).all()
    kept = _kept.get(connection.engine)
    if kept is None or kept[0] != state:
        known = choices(session)
        payors = [(row[0], row[1]) for row in connection.execute(_PAYORS)]
        made = Filters(KINDS, SEVERITIES, known.service_lines, payors, known.clinicians)
        kept = _kept[connection.engine] = (state, made)
    return kept[1]


def clinician_asked(session: Session, number: str) -> str | None:
    """The public ID of the clinician with this number, None where there is none."""
    return session.scalar(select(Clinician.public_id).where(Clinician.number == number))

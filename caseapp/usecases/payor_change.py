"""Who must change: the case managers who are not enrolled with a primary payor on its first day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.client_payor_change import MustChange, who_must_change
from caseapp.models import Clinician
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.facts import load_with


@dataclass(frozen=True, slots=True)
class PayorChange:
    """`found` in the order of their days, with the public ID of each clinician by number."""

    found: tuple[MustChange, ...]
    clinicians: dict[str, str]


def payor_change(session: Session, client: ClientHead, today: date) -> PayorChange:
    """What the primary payors of today and later ask of the case managers. Six statements."""
    facts = load_with(session, [client]).facts[client.id]
    found = tuple(who_must_change(facts, today))
    return PayorChange(found, clinician_ids(session, {line.case_manager.clinician.number for line in found}))


def clinician_ids(session: Session, numbers: set[str]) -> dict[str, str]:
    """The public IDs of clinicians by number; no statement where none is asked for."""
    if not numbers:
        return {}
    rows = session.execute(select(Clinician.number, Clinician.public_id).where(Clinician.number.in_(numbers)))
    return dict(rows.tuples().all())

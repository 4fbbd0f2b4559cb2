"""Who must change: the case managers who are not enrolled with a primary payor on its first day."""

from datetime import date

from sqlalchemy.orm import Session

from caseapp.domain.client_payor_change import MustChange, who_must_change
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.facts import load_with


def payor_change(session: Session, client: ClientHead, today: date) -> tuple[MustChange, ...]:
    """What the primary payors of today and later ask of the case managers of a client whom the actor may see.

    Three statements.
    """
    return tuple(who_must_change(load_with(session, [client]).facts[client.id], today))

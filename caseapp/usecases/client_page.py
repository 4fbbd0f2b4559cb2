"""What a client's page shows over its tabs."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Date, Select, String, Table, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.entry_reader import askable
from caseapp.domain.words import day
from caseapp.models import (
    Client,
    FundingSource,
    Payor,
)
from caseapp.usecases.visibility import kept_by_sight, visible_alone

# PostgreSQL refuses to compare a larger number with an id.
LARGEST_ID = 2**31 - 1
PRIORITIES = ("primary", "secondary", "tertiary", "inactive")
STATUS_WORDS = {"active": "Active", "on_hold": "On hold", "discharged": "Discharged"}
_STATUS_KINDS = {"active": "ok", "on_hold": "warning", "discharged": "neutral"}


@dataclass(frozen=True, slots=True)
class ClientHead:
    """Who the client is, and who pays today: (payor's name, priority), primary first."""

    id: int
    public_id: str
    number: str
    first_name: str
    last_name: str
    preferred_name: str | None
    date_of_birth: date | None
    status: str
    payors: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def list_name(self) -> str:
        return f"{self.last_name}, {self.first_name}".strip(" ,")

    @property
    def status_words(self) -> str:
        return STATUS_WORDS[self.status]

    @property
    def status_kind(self) -> str:
        """Which badge: ok, warning or neutral."""
        return _STATUS_KINDS[self.status]

    @property
    def line(self) -> str:
        """C-10231 · called Bee · born 14 Mar 2019 · Aetna (primary), Medicaid (secondary)."""
        parts = [self.number]
        if self.preferred_name:
            parts.append(f"called {self.preferred_name}")
        if self.date_of_birth:
            parts.append(f"born {day(self.date_of_birth)}")
        paying = ", ".join(f"{name} ({priority})" for name, priority in self.payors)
        parts.append(paying or "no payor today")
        return " · ".join(parts)


@kept_by_sight()
def _head_statement(actor: Actor) -> Select[Any]:
    """The client with the payors of a day. Put together once: every page of a client begins with it."""
    client, source, payor = (cast(Table, model.__table__) for model in (Client, FundingSource, Payor))
    today = bindparam("today", type_=Date)
    pays_today = and_(
        source.c.client_id == client.c.id,
        source.c.priority != "inactive",
        source.c.start_date <= today,
        or_(source.c.end_date.is_(None), source.c.end_date >= today),
    )
    return (
        select(
            client.c.id,
            client.c.public_id,
            client.c.number,
            client.c.first_name,
            client.c.last_name,
            client.c.preferred_name,
            client.c.date_of_birth,
            client.c.status,
            payor.c.name,
            source.c.priority,
        )
        .select_from(client.outerjoin(source, pays_today).outerjoin(payor, payor.c.id == source.c.payor_id))
        .where(client.c.public_id == bindparam("public_id", type_=String), visible_alone(actor))
    )


def client_head(session: Session, actor: Actor, public_id: str, today: date) -> ClientHead | None:
    """The client of an address in one statement; None where there is none that the actor may see."""
    asked = {"public_id": public_id, "today": today}
    rows: Any = session.connection().execute(_head_statement(actor), asked).all()
    if not rows:
        return None
    paying = [(str(row[8]), str(row[9])) for row in rows if row[8] is not None]
    paying.sort(key=lambda source: (PRIORITIES.index(source[1]), source[0]))
    head: Any = (*rows[0][:8], tuple(paying))
    return ClientHead(*head)


def public_id_of(session: Session, actor: Actor, external_id: str) -> str | None:
    """The client whom another system knows by this ID; None where there is none that the actor may see."""
    asked = askable(external_id)
    if not asked:
        return None
    statement = select(Client.public_id).where(Client.external_id == asked, visible_alone(actor))
    return session.execute(statement).scalar_one_or_none()


def clinician_name(first: str | None, last: str | None, credential: str | None) -> str:
    """Priya Natarajan, BCBA; empty where nobody is named."""
    name = f"{first or ''} {last or ''}".strip()
    return f"{name}, {credential}" if credential and name else name

"""Compare what is on record with its seals, and name the first place that is not as it was sealed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.seal import STREAMS, Broken, Row, Seal, Stream, broken_event, broken_link
from caseapp.models import AuditArchive, AuditSeal
from caseapp.usecases.seal import EVENTS, Chain, beginning, seal_of


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found sound up to `broken`, or wholly. `unsealed` events are not covered by a seal yet, the
    oldest of them since `since`.

    `who`, `at` and `action` are of the broken event, where it is there.
    """

    seals: int
    events: int
    end: Chain
    unsealed: int = 0
    since: datetime | None = None
    broken: Broken | None = None
    told: tuple[datetime, str, str] | None = None
    knows: bool = True


def check_chain(sealed: Iterable[tuple[Seal, Iterable[Row]]], begun: Chain, looked_for: str = "") -> Checked:
    """Go along seals and their events from where they begin. `looked_for`: a hash that must be among them."""
    number, before, reached = begun.number, begun.hash, dict(begun.reached)
    events = 0
    seen = {before}
    for seal, rows in sealed:
        broken = broken_link(seal, number + 1, before, reached[seal.stream]) or broken_event(seal, rows)
        if broken is not None:
            return Checked(number - begun.number, events, Chain(number, before, reached), broken=broken)
        number, before = seal.number, seal.hash
        reached[seal.stream] = seal.last_id
        events += seal.count
        if looked_for:
            seen.add(before)
    end = Chain(number, before, reached)
    return Checked(number - begun.number, events, end, knows=not looked_for or looked_for in seen)


def check(session: Session, looked_for: str = "") -> Checked:
    """Whether everything in the database is as it was sealed. It reads alone."""
    begun = beginning(session)
    archived = session.execute(select(AuditArchive.hash)).scalars().all()
    before = _before_all(session, begun)
    found = check_chain(sealed_events(session, begun.number), begun, looked_for)
    if before is not None:
        found = Checked(0, 0, begun, broken=before)
    if found.broken is None:
        newer = [_newer(session, stream, found.end.reached[stream]) for stream in STREAMS]
        unsealed = sum(number for number, _ in newer)
        since = min((oldest for _, oldest in newer if oldest is not None), default=None)
        knows = found.knows or looked_for in archived
        return Checked(found.seals, found.events, found.end, unsealed, since, knows=knows)
    told = _tell(session, found.broken)
    return Checked(found.seals, found.events, found.end, broken=found.broken, told=told)


def sealed_events(
    session: Session, after: int, last: int | None = None
) -> Iterator[tuple[Seal, Iterable[Row]]]:
    """The seals behind one, up to another, each with the events between its bounds as they are now."""
    statement = select(AuditSeal.__table__).order_by(AuditSeal.id).limit(1)
    if last is not None:
        statement = statement.where(AuditSeal.id <= last)
    while (row := session.execute(statement.where(AuditSeal.id > after)).one_or_none()) is not None:
        seal = seal_of(row)
        after = seal.number
        yield seal, _events_of(session, seal)


def _events_of(session: Session, seal: Seal) -> Iterator[Row]:
    table = EVENTS[seal.stream]
    within = select(table).where(table.c.id > seal.after_id, table.c.id <= seal.last_id).order_by(table.c.id)
    return (cast(Row, row._mapping) for row in session.execute(within))


def _before_all(session: Session, begun: Chain) -> Broken | None:
    """An event where none can be: before the first, or where all went into an archive.

    One that was broken off has left seals, and their events with them.
    """
    if session.execute(select(AuditSeal.id).where(AuditSeal.id <= begun.number).limit(1)).first():
        return None
    for stream, table in EVENTS.items():
        first = select(func.min(table.c.id)).where(table.c.id <= begun.reached[stream])
        if (found := session.execute(first).scalar_one()) is not None:
            return Broken("inserted", stream, found)
    return None


def _newer(session: Session, stream: Stream, reached: int) -> tuple[int, datetime | None]:
    """How many events no seal covers yet, and when the oldest of them was."""
    table = EVENTS[stream]
    number, oldest = session.execute(
        select(func.count(), func.min(table.c.at)).where(table.c.id > reached)
    ).one()
    return number, oldest


def _tell(session: Session, broken: Broken) -> tuple[datetime, str, str] | None:
    if broken.stream is None:
        return None
    table = EVENTS[broken.stream]
    what = table.c.action if broken.stream == "audit_event" else table.c.kind
    row = session.execute(
        select(table.c.at, table.c.actor, what).where(table.c.id == broken.id)
    ).one_or_none()
    return tuple(row) if row is not None else None


def archived_hash(session: Session, number: int) -> str | None:
    """The hash of the archive that ends with the seal of a number, None where there is none."""
    statement = select(AuditArchive.hash).where(AuditArchive.last_seal == number)
    return session.execute(statement).scalars().first()

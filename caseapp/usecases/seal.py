"""Seal what is new on record, batch after batch. Nobody who writes waits for it.

Two at once do no harm: a seal has the number after the last, and of two with one number the database refuses
the second.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Table, Text, func, insert, select
from sqlalchemy import cast as as_type
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain.seal import BEGINNING, MOST_DISTANCE, STREAMS, Row, Seal, Stream, seal_over
from caseapp.models import AccessEvent, AuditArchive, AuditEvent, AuditSeal, begin_write

AT_ONCE = 1_000
MOST_TRIES = 50
A_MOMENT = 0.1
"""Seconds."""

EVENTS: dict[Stream, Table] = {
    "audit_event": cast(Table, AuditEvent.__table__),
    "access_event": cast(Table, AccessEvent.__table__),
}
_seal = cast(Table, AuditSeal.__table__)
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Chain:
    """Where the chain ends, or begins: the number and hash of a seal, and how far each stream has come."""

    number: int
    hash: str
    reached: dict[Stream, int]


@dataclass(frozen=True, slots=True)
class Sealed:
    """How much was sealed just now, and where the chain ends. `waits`: a long change is still under way."""

    events: int
    seals: int
    end: Chain
    waits: bool = False


def beginning(session: Session) -> Chain:
    """Behind what the last archive took, else the very beginning."""
    last = session.execute(
        select(AuditArchive).order_by(AuditArchive.id.desc()).limit(1)
    ).scalar_one_or_none()
    if last is None:
        return Chain(0, BEGINNING, dict.fromkeys(STREAMS, 0))
    reached: dict[Stream, int] = {
        "audit_event": last.last_audit_event,
        "access_event": last.last_access_event,
    }
    return Chain(last.last_seal, last.hash, reached)


def chain_end(session: Session) -> Chain:
    """Behind the last seal."""
    begun = beginning(session)
    newest = session.execute(
        select(_seal.c.id, _seal.c.hash).order_by(_seal.c.id.desc()).limit(1)
    ).one_or_none()
    number, last_hash = tuple(newest) if newest is not None else (begun.number, begun.hash)
    reached = dict(begun.reached)
    for stream in STREAMS:
        last = select(_seal.c.last_id).where(_seal.c.stream == stream).order_by(_seal.c.id.desc()).limit(1)
        reached[stream] = session.execute(last).scalar_one_or_none() or begun.reached[stream]
    return Chain(number, last_hash, reached)


def seal_new(session: Session, now: datetime, pause: Pause, *, at_once: int = AT_ONCE) -> Sealed:
    """Seal all that is new; `pause` waits for so many seconds. Each seal is committed by itself."""
    session.rollback()
    settled = _settled(session, pause)
    if settled is None:
        return Sealed(0, 0, chain_end(session), waits=True)
    events = seals = 0
    while (seal := _next(session, now, settled, at_once)) is not None:
        events, seals = events + seal.count, seals + 1
    end = chain_end(session)
    session.rollback()
    return Sealed(events, seals, end)


def _next(session: Session, now: datetime, settled: dict[Stream, int], at_once: int) -> Seal | None:
    """The next seal, stored; None where nothing is left, or somebody else seals at the same time."""
    end = chain_end(session)
    for stream, table in EVENTS.items():
        after = end.reached[stream]
        last = min(settled[stream], after + MOST_DISTANCE)
        new = select(table).where(table.c.id > after, table.c.id <= last).order_by(table.c.id).limit(at_once)
        rows = [cast(Row, row._mapping) for row in session.execute(new)]
        if rows:
            break
    else:
        return None
    seal = seal_over(rows, stream, number=end.number + 1, after_id=after, before=end.hash, at=now)
    begin_write(session)
    try:
        session.execute(insert(_seal).values(row_of(seal)))
        session.commit()
    except IntegrityError:
        session.rollback()
        return None
    return seal


def row_of(seal: Seal) -> dict[str, Any]:
    values = {name: getattr(seal, name) for name in Seal.__slots__}
    return {"id": values.pop("number"), **values}


def seal_of(row: Any) -> Seal:
    """The seal that a row of audit_seal holds."""
    values = dict(row._mapping)
    return Seal(number=values.pop("id"), **values)


def _settled(session: Session, pause: Pause) -> dict[Stream, int] | None:
    """The last id of each stream below which no event can appear any more; None where that is not known yet.

    SQLite has one writer at a time. On PostgreSQL a transaction draws an id and may be committed after one
    that drew a later id: so the last ids are looked at, and then every transaction is waited for that runs
    a moment later. One that has drawn an id has a number of its own by then.
    """
    statement = select(*(select(func.max(table.c.id)).scalar_subquery() for table in EVENTS.values()))
    last = {
        stream: found or 0 for stream, found in zip(EVENTS, session.execute(statement).one(), strict=True)
    }
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        return last
    pause(A_MOMENT)
    running, until = _transactions(session)
    for _ in range(MOST_TRIES):
        if running >= until:
            return last
        pause(A_MOMENT)
        running, _ = _transactions(session)
    return None


def _transactions(session: Session) -> tuple[int, int]:
    """The number of the oldest transaction that writes, and the one that the next will have."""
    snapshot = func.pg_current_snapshot()
    numbers = (func.pg_snapshot_xmin(snapshot), func.pg_snapshot_xmax(snapshot))
    row = session.execute(select(*(as_type(as_type(n, Text), BigInteger) for n in numbers))).one()
    session.rollback()
    return row[0], row[1]

"""Move the oldest of what is on record out of the database: whole seals, and the events that they cover.

The row of audit_archive is what the triggers ask before they let anything go (models/append_only.py), so
nothing goes that is not in the chain of an archive.
"""

from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import AuditArchive, AuditEvent, AuditSeal, begin_write
from caseapp.usecases import access_event, audit
from caseapp.usecases.seal import EVENTS, Chain, beginning, chain_end, seal_of

DETAIL = "archive of the record"


def last_archivable(session: Session, before: datetime) -> int:
    """The last seal up to which all events lie before an instant, and nothing points at them that stays.

    The number before the first seal where there is none.
    """
    begun = beginning(session)
    last = chain_end(session).number
    too_new = select(func.min(AuditSeal.id)).where(AuditSeal.last_at >= before, AuditSeal.id > begun.number)
    if (found := session.execute(too_new).scalar_one()) is not None:
        last = found - 1
    while (held := _held(session, begun, last)) is not None:
        last = held - 1
    return last


def _held(session: Session, begun: Chain, last: int) -> int | None:
    """The first seal up to `last` that covers a change at which a later one, which stays, points."""
    reached = select(func.max(AuditSeal.last_id)).where(
        AuditSeal.stream == "audit_event", AuditSeal.id <= last, AuditSeal.id > begun.number
    )
    up_to = session.execute(reached).scalar_one()
    if up_to is None:
        return None
    points = select(func.min(AuditEvent.batch_id)).where(AuditEvent.id > up_to, AuditEvent.batch_id <= up_to)
    pointed_at = session.execute(points).scalar_one()
    if pointed_at is None:
        return None
    return session.execute(
        select(func.min(AuditSeal.id)).where(
            AuditSeal.stream == "audit_event", AuditSeal.last_id >= pointed_at
        )
    ).scalar_one()


def move_out(session: Session, actor: Actor, now: datetime, end: Chain) -> None:
    """Take away what an archive holds up to the seal `end`; that it was taken is on record before."""
    begin_write(session)
    access_event.record(session, actor, now, "exported", DETAIL)
    after = {"last_seal": end.number, "hash": end.hash}
    audit.record(session, actor, now, "archive", "audit_event", None, after=after)
    session.execute(
        insert(AuditArchive).values(
            at=now,
            last_seal=end.number,
            hash=end.hash,
            last_audit_event=end.reached["audit_event"],
            last_access_event=end.reached["access_event"],
        )
    )
    session.commit()
    finish(session)


def finish(session: Session) -> None:
    """Take away what archives hold and is still there, seal by seal, so that nobody waits long to save.

    The newest first: a change may point at an earlier one.
    """
    begun = beginning(session)
    left = (
        select(AuditSeal.__table__).where(AuditSeal.id <= begun.number).order_by(AuditSeal.id.desc()).limit(1)
    )
    session.rollback()
    while (row := session.execute(left).one_or_none()) is not None:
        seal = seal_of(row)
        table = EVENTS[seal.stream]
        begin_write(session)
        session.execute(delete(table).where(table.c.id > seal.after_id, table.c.id <= seal.last_id))
        session.execute(delete(AuditSeal).where(AuditSeal.id == seal.number))
        session.commit()

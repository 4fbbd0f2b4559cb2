"""The service lines with which a new practice begins."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.service_line import USUAL
from caseapp.domain.service_line_entry import LineValues
from caseapp.models import AuditEvent, ServiceLine
from caseapp.models.engine import begin_write_if_free
from caseapp.usecases.coverage_settings import SETTINGS
from caseapp.usecases.record import Change, asked_again

REASON = "The usual service lines of a new practice"


def begin_with_usual_lines(session: Session, actor: Actor, now: datetime) -> None:
    """Give a practice in which nothing was ever done the usual service lines; any other is left as it is.

    Several servers may start at once: one of them adds. Where another writer holds the database, something is
    being done there, and nothing is added.
    """
    asked_again(session, lambda: _begin(session, actor, now))


def _begin(session: Session, actor: Actor, now: datetime) -> None:
    # First without a lock: nearly every practice has long begun.
    if _has_begun(session) or not begin_write_if_free(session) or _has_begun(session):
        session.rollback()
        return
    lines = [LineValues(code=code, name=name).told for code, name in USUAL.items()]
    change = Change(session, actor, now, "service_line", ServiceLine, reason=REASON)
    change.add_all([(line, line) for line in lines])
    session.commit()


def _has_begun(session: Session) -> bool:
    lines = select(ServiceLine.id).exists()
    # Under which settings it was opened is no work of anybody's.
    events = select(AuditEvent.id).where(AuditEvent.entity_id.is_distinct_from(SETTINGS)).exists()
    return bool(session.execute(select(or_(lines, events))).scalar_one())

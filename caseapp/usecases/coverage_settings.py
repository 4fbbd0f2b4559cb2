"""The settings under which coverage is judged: where they are changed, all of it is judged anew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent
from caseapp.models.engine import begin_write_if_free
from caseapp.usecases import audit
from caseapp.usecases.coverage_gap import mark_due

ENTITY, SETTINGS = "practice", "settings"


def follow_settings(session: Session, now: datetime, practice: Practice) -> bool:
    """Mark all findings due where they were judged in another time zone, or by another notice.

    Says whether it did; not where another writer holds the database, which is then for the next start.
    """
    latest = (
        select(AuditEvent.after)
        .where(AuditEvent.entity == ENTITY, AuditEvent.entity_id == SETTINGS)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    before = session.execute(latest).scalar_one_or_none()
    after = {"timezone": practice.zone.key, "notice_hours": practice.notice.total_seconds() / 3600}
    session.rollback()
    if before == after or not begin_write_if_free(session):
        return False
    mark_due(session)
    audit.record(session, LOCAL_USER, now, "edit", ENTITY, SETTINGS, before=before, after=after)
    session.commit()
    return True

"""Remove a service line that nothing uses."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.domain.service_line_entry import LineUse, judge_removal
from caseapp.models import (
    Appointment,
    CaseManager,
    ClientServiceLine,
    ClinicianServiceLine,
    CoverageFinding,
    CoverageTurn,
    ServiceLine,
    begin_write,
)
from caseapp.usecases import audit
from caseapp.usecases.conflict import changed_meanwhile
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Stored
from caseapp.usecases.service_line_list import MOST_COUNTED
from caseapp.usecases.service_line_record import ENTITY, open_line, removal_of


def what_keeps(session: Session, stored: Stored) -> Finding | None:
    """What uses the service line, so that it cannot be removed; in one statement, nothing counted far."""
    of_line = stored.id
    used = {
        "clients": select(ClientServiceLine.client_id)
        .distinct()
        .where(ClientServiceLine.service_line_id == of_line),
        "clinicians": select(ClinicianServiceLine.clinician_id).where(
            ClinicianServiceLine.service_line_id == of_line
        ),
        "case_managers": select(CaseManager.id).where(
            CaseManager.service_line_id == of_line, CaseManager.removed_at.is_(None)
        ),
        "removed_case_managers": select(CaseManager.id).where(
            CaseManager.service_line_id == of_line, CaseManager.removed_at.is_not(None)
        ),
        "appointments": select(Appointment.id).where(Appointment.service_line_id == of_line),
    }
    row = session.execute(select(*(_number(rows).label(name) for name, rows in used.items()))).one()
    return judge_removal(stored.values["code"], LineUse(most=MOST_COUNTED, **row._asdict()))


def _number(rows: Select[Any]) -> Any:
    some = rows.limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def remove_line(
    session: Session, actor: Actor, now: datetime, practice: Practice, line: str, version: int | None
) -> Saved | Refused:
    """Take off a service line that nothing uses; the history keeps it. Raises UnknownRecord.

    Removing again answers the same and writes nothing. Refused where something uses it, or where somebody
    changed it since `version`.
    """
    begin_write(session)
    try:
        found = open_line(session, line, lock=True)
    except UnknownRecord:
        removed = removal_of(session, line)
        session.rollback()
        if removed is None:
            raise
        return Saved(line, "This service line has been removed. It stays in the history.")
    stored = found.stored
    if version != stored.version:
        told = changed_meanwhile(session, ENTITY, line, version, practice, {})
        session.rollback()
        return Refused((told,), stored.version)
    if kept_by := what_keeps(session, stored):
        session.rollback()
        return Refused((kept_by,), stored.version)
    # What was judged of it, of those who used it once.
    session.execute(delete(CoverageFinding).where(CoverageFinding.service_line_id == stored.id))
    session.execute(delete(CoverageTurn).where(CoverageTurn.service_line_id == stored.id))
    session.execute(delete(ServiceLine).where(ServiceLine.id == stored.id))
    audit.record(
        session,
        actor,
        now,
        "remove",
        ENTITY,
        line,
        before=stored.told,
        after={**stored.told, "removed_at": now.isoformat()},
    )
    session.commit()
    values = found.values
    return Saved(line, f"Removed: {values.name} ({values.code}). It stays in the history.")

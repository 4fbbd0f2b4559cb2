"""Complete an appointment, mark it as no-show, cancel it: one press of a button each."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.appointment import AppointmentStatus
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, begin_write
from caseapp.usecases.appointment_facts import ENTITY, load_case, warnings_of
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change

Act = Literal["complete", "no_show", "cancel"]
STATUS_AFTER: dict[Act, AppointmentStatus] = {
    "complete": "completed",
    "no_show": "no_show",
    "cancel": "cancelled",
}
_WORDS: dict[Act, str] = {
    "complete": "Completed",
    "no_show": "Marked as no-show",
    "cancel": "Cancelled",
}
_CHANGED = Finding(
    "conflict",
    None,
    "error",
    "Nothing was changed, because somebody changed this appointment meanwhile. "
    "It is shown as it stands now: press again if it is still wanted.",
)


@dataclass(frozen=True, slots=True)
class SavedStatus(Saved):
    """Its session's service line besides."""

    service_line: str = ""


def change_status(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    client: str,
    appointment: str,
    act: Act,
    *,
    version: int | None = None,
) -> SavedStatus | Refused:
    """Give an appointment its new status, on the version that was seen where one is told.

    Pressed again it answers the same and writes nothing. Raises UnknownRecord.
    """
    begin_write(session)
    case = load_case(session, actor, client, appointment)
    assert case.stored is not None
    assert case.session is not None
    status, today = STATUS_AFTER[act], day_of(now, practice.zone)
    when = words.moment(case.session.starts_at, practice.zone, today)
    message = f"{_WORDS[act]}: {case.session.service_line} session on {when}."
    if case.session.status == status:
        session.rollback()
        return SavedStatus(appointment, message, service_line=case.session.service_line)
    if version is not None and version != case.stored.version:
        session.rollback()
        return Refused((_CHANGED,), case.stored.version)
    becomes = replace(case.session, status=status)
    after = case.after((becomes,))
    # A session that had been cancelled stands again: what is told of a new one is told of it.
    stands_again = case.session.status == "cancelled"
    warnings = (
        warnings_of(session, case, after, (becomes,), case.minutes, today, practice) if stands_again else ()
    )
    change = Change(session, actor, now, ENTITY, Appointment, client_id=case.client_id)
    change.change(case.stored, {"status": status}, {"status": status}, act)
    keep(session, case.client_id, after, case.line_ids, today, practice, before=case.facts)
    session.commit()
    return SavedStatus(appointment, message, warnings, case.session.service_line)

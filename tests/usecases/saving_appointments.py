"""Save appointments in tests, at the moment at which the tests' clock stands."""

from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, AuditEvent, CoverageFinding, CoverageTurn, begin_write
from caseapp.usecases.appointment import SaveRequest, save_appointment
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.outcome import Refused, Saved
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.conftest import NOW, ZONE

PRACTICE = Practice(ZONE)
TYPED: dict[str, Any] = {
    "service_line": "ABA",
    "start_date": "2026-11-24",
    "start_time": "09:00",
    "minutes": "60",
    "billable": True,
}


def judge(session: Session, client: Row) -> None:
    begin_write(session)
    refresh(session, [client.id], TODAY, PRACTICE)
    session.commit()


def save(
    session: Session,
    client: Row,
    appointment: str | None = None,
    version: int | None = None,
    token: str | None = None,
    actor: Actor = LOCAL_USER,
    **typed: Any,
) -> Saved | Refused:
    request = SaveRequest(
        client=client.public_id,
        entry=AppointmentEntry(**(TYPED | typed)),
        appointment=appointment,
        version=version,
        form_token=token,
    )
    return save_appointment(session, actor, NOW.astimezone(UTC), PRACTICE, request)


def saved(*args: Any, **typed: Any) -> Saved:
    outcome = save(*args, **typed)
    assert isinstance(outcome, Saved), outcome
    return outcome


def refused(*args: Any, **typed: Any) -> list[tuple[str | None, str]]:
    outcome = save(*args, **typed)
    assert isinstance(outcome, Refused), outcome
    return [(error.field, error.code) for error in outcome.errors]


def rows(session: Session) -> list[Any]:
    session.rollback()
    return list(session.execute(select(Appointment.__table__).order_by(Appointment.starts_at)))


def events(session: Session) -> list[AuditEvent]:
    session.rollback()
    return list(session.execute(select(AuditEvent).order_by(AuditEvent.id)).scalars())


def coverage(session: Session) -> tuple[list[Any], list[Any]]:
    session.rollback()
    findings, turns = CoverageFinding.__table__, CoverageTurn.__table__
    of_turn = (turns.c.client_id, turns.c.service_line_id, turns.c.next_turn)
    return (
        sorted(map(tuple, session.execute(select(findings)))),
        sorted(map(tuple, session.execute(select(*of_turn)))),
    )


def a_covered_client(session: Session) -> Row:
    """Receives ABA with a case manager who is enrolled, and is judged."""
    aetna = builders.a_payor(session, name="Aetna")
    milo = builders.a_client(session, ["ABA"], first_name="Milo")
    builders.a_funding_source(session, milo, aetna)
    builders.a_case_manager(session, milo, "ABA", builders.a_clinician(session, enrollments=[aetna]))
    judge(session, milo)
    return milo


def recomputed(session: Session) -> tuple[list[Any], list[Any]]:
    """What a recomputation keeps of the coverage."""
    begin_write(session)
    client_ids = set(session.execute(select(CoverageTurn.client_id)).scalars())
    refresh(session, client_ids, TODAY, PRACTICE)
    session.commit()
    return coverage(session)

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, AuditEvent, CoverageFinding, begin_write
from caseapp.usecases.appointment_status import STATUS_AFTER, Act, change_status
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.conftest import NOW, ZONE
from tests.statements import counted

PRACTICE = Practice(ZONE)


@pytest.fixture
def milo(session: Session) -> Row:
    return builders.a_client(session, ["ABA"])


@pytest.fixture
def visit(session: Session, milo: Row) -> Row:
    """A session tomorrow, which nobody covers."""
    visit = builders.an_appointment(session, milo, datetime(2026, 11, 23, 9, tzinfo=ZONE))
    begin_write(session)
    refresh(session, [milo.id], TODAY, PRACTICE)
    session.commit()
    return visit


def press(session: Session, client: Row, visit: Row, act: Act, version: int | None = None) -> Saved | Refused:
    return change_status(
        session,
        LOCAL_USER,
        NOW.astimezone(UTC),
        PRACTICE,
        client.public_id,
        visit.public_id,
        act,
        version=version,
    )


def stored(session: Session, visit: Row) -> Any:
    session.rollback()
    return session.execute(
        select(Appointment.status, Appointment.version).where(Appointment.id == visit.id)
    ).one()


@pytest.mark.parametrize("act", list(STATUS_AFTER))
def test_a_press_gives_the_status_and_an_event(session: Session, milo: Row, visit: Row, act: Act) -> None:
    outcome = press(session, milo, visit, act, 1)

    assert isinstance(outcome, Saved)
    assert outcome.warnings == ()
    assert tuple(stored(session, visit)) == (STATUS_AFTER[act], 2)
    event = session.execute(select(AuditEvent)).scalar_one()
    assert (event.action, event.entity_id, event.client_id) == (act, visit.public_id, milo.id)


def test_pressed_again_it_answers_the_same_and_writes_nothing(
    session: Session, milo: Row, visit: Row
) -> None:
    first, again = (press(session, milo, visit, "complete", 1) for _ in range(2))

    assert again == first
    assert stored(session, visit).version == 2


def test_what_was_changed_meanwhile_stays(session: Session, milo: Row, visit: Row) -> None:
    press(session, milo, visit, "cancel", 1)

    outcome = press(session, milo, visit, "complete", 1)

    assert isinstance(outcome, Refused)
    assert [error.code for error in outcome.errors] == ["conflict"]
    assert tuple(stored(session, visit)) == ("cancelled", 2)


def test_without_a_version_the_press_holds(session: Session, milo: Row, visit: Row) -> None:
    press(session, milo, visit, "cancel")

    assert isinstance(press(session, milo, visit, "no_show"), Saved)
    assert stored(session, visit).status == "no_show"


def test_the_coverage_follows_in_the_same_transaction(session: Session, milo: Row, visit: Row) -> None:
    def at_risk() -> int:
        session.rollback()
        finding = select(CoverageFinding.at_risk).where(CoverageFinding.code == "no_case_manager")
        return session.execute(finding).scalar_one()

    assert at_risk() == 1
    press(session, milo, visit, "cancel")
    assert at_risk() == 0
    outcome = press(session, milo, visit, "complete")
    assert at_risk() == 1
    assert isinstance(outcome, Saved)
    assert [warning.code for warning in outcome.warnings] == ["no_primary_payor", "no_case_manager"]


def test_another_clients_appointment_is_not_found(session: Session, visit: Row) -> None:
    with pytest.raises(UnknownRecord):
        press(session, builders.a_client(session), visit, "cancel")
    assert stored(session, visit).status == "scheduled"


def test_the_statements_of_a_press_are_few(session: Session, engine: Engine, milo: Row, visit: Row) -> None:
    with counted(engine) as statements:
        press(session, milo, visit, "complete", 1)

    assert len(statements) <= 12

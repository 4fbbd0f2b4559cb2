"""Two presses of Save at the very same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.appointment_entry import AppointmentEntry
from caseapp.domain.practice import Practice
from caseapp.models import Appointment, AuditEvent
from caseapp.usecases import appointment
from caseapp.usecases.appointment import SaveRequest, new_number, save_appointment
from caseapp.usecases.outcome import Refused, Saved
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE

ENTRY = AppointmentEntry(
    service_line="ABA",
    start_date="2026-11-24",
    start_time="09:00",
    minutes="60",
    billable=True,
    until="2026-12-08",
)


def press(engine: Engine, client: Row, token: str | None) -> Saved | Refused:
    with Session(engine) as session:
        request = SaveRequest(client=client.public_id, entry=ENTRY, form_token=token)
        return save_appointment(session, LOCAL_USER, NOW.astimezone(UTC), Practice(ZONE), request)


def at_once(number: int, work: Callable[[], Saved | Refused]) -> list[Saved | Refused]:
    barrier = Barrier(number)

    def start() -> Saved | Refused:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(number) as pool:
        return [future.result() for future in [pool.submit(start) for _ in range(number)]]


def test_one_form_sent_four_times_at_once_saves_once(session: Session, engine: Engine) -> None:
    milo = builders.a_client(session, ["ABA"])

    outcomes = at_once(4, lambda: press(engine, milo, "token"))

    assert len(set(map(repr, outcomes))) == 1
    session.rollback()
    assert session.execute(select(func.count()).select_from(Appointment)).scalar_one() == 3
    assert session.execute(select(func.count()).select_from(AuditEvent)).scalar_one() == 3


def test_a_number_that_is_taken_is_drawn_anew(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    milo = builders.a_client(session, ["ABA"])
    builders.an_appointment(session, milo, NOW, number="A-TAKEN")
    drawn = iter(["A-TAKEN"])
    monkeypatch.setattr(appointment, "new_number", lambda: next(drawn, None) or new_number())

    outcome = press(engine, milo, "token")

    assert isinstance(outcome, Saved)
    session.rollback()
    days = session.execute(select(Appointment.starts_at).where(Appointment.number != "A-TAKEN")).scalars()
    assert sorted(when.astimezone(ZONE).date() for when in days) == [
        date(2026, 11, 24),
        date(2026, 12, 1),
        date(2026, 12, 8),
    ]

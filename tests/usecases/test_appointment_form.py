from datetime import date, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.usecases import appointment_form
from caseapp.usecases.appointment_form import OpenForm, choices, open_form
from caseapp.usecases.outcome import UnknownRecord
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.conftest import ZONE
from tests.statements import counted


def opened(session: Session, client: Row, appointment: Row | None = None) -> OpenForm:
    session.rollback()
    public_id = appointment.public_id if appointment else None
    return open_form(session, LOCAL_USER, TODAY, Practice(ZONE), client.public_id, client.id, public_id)


def test_the_lines_that_the_client_receives_come_first(session: Session) -> None:
    builders.a_service_line(session, "ABA", name="Applied Behavior Analysis")
    milo = builders.a_client(session, ["ST"])
    builders.a_client_service_line(session, milo, "OT", end_date=date(2026, 11, 21))

    found = opened(session, milo)

    assert [(choice.label, choice.usual) for choice in found.choices.service_lines] == [
        ("ST", True),
        ("ABA · Applied Behavior Analysis", False),
        ("OT", False),
    ]
    assert found.entry.service_line == "ST"


def test_where_several_lines_are_received_none_is_guessed(session: Session) -> None:
    assert opened(session, builders.a_client(session, ["ABA", "ST"])).entry.service_line == ""


def test_clinicians_who_are_active_come_first_whoever_may_be_case_manager(session: Session) -> None:
    builders.a_clinician(session, last_name="Old", active_to=date(2026, 11, 21))
    builders.a_clinician(session, last_name="Soon", active_from=date(2026, 11, 23))
    builders.a_clinician(session, last_name="Zoe", credential="RBT", may_be_case_manager=False)
    builders.a_clinician(session, last_name="abel", active_from=TODAY, active_to=TODAY)
    session.rollback()

    found = choices(session, TODAY).clinicians

    assert found is not None
    assert [(choice.label, choice.usual) for choice in found] == [
        ("Ada abel, BCBA", True),
        ("Ada Zoe, RBT", True),
        ("Ada Old, BCBA", False),
        ("Ada Soon, BCBA", False),
    ]


def test_too_many_clinicians_are_no_list(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appointment_form, "MOST_CLINICIANS", 2)
    for _ in range(2):
        builders.a_clinician(session)
    session.rollback()
    assert len(choices(session, TODAY).clinicians or ()) == 2

    builders.a_clinician(session)
    session.rollback()
    assert choices(session, TODAY).clinicians is None


def test_an_edit_opens_with_what_is_stored(session: Session) -> None:
    milo, priya = builders.a_client(session), builders.a_clinician(session)
    at = datetime(2026, 7, 1, 14, 5, tzinfo=ZONE)
    stored = {"status": "no_show", "version": 3, "billable": False}
    visit = builders.an_appointment(session, milo, at, "ST", priya, **stored)

    found = opened(session, milo, visit)

    entry = found.entry
    assert (entry.start_date, entry.start_time, entry.minutes) == ("2026-07-01", "14:05", "60")
    assert (entry.service_line, entry.clinician, entry.status) == ("ST", priya.key, "no_show")
    assert entry.billable is False
    assert found.version == 3


def test_another_clients_appointment_does_not_open(session: Session) -> None:
    visit = builders.an_appointment(session, builders.a_client(session), datetime(2026, 7, 1, tzinfo=ZONE))

    with pytest.raises(UnknownRecord):
        opened(session, builders.a_client(session), visit)


def test_the_form_opens_in_two_statements(session: Session, engine: Engine) -> None:
    milo = builders.a_client(session, ["ABA"])
    visit = builders.an_appointment(session, milo, datetime(2026, 7, 1, tzinfo=ZONE))
    session.rollback()

    with counted(engine) as statements:
        opened(session, milo, visit)

    assert len(statements) == 2

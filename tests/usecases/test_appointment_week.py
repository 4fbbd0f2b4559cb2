from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.usecases import appointment_week
from caseapp.usecases.appointment_week import Question, Week, week_list
from tests import builders
from tests.conftest import ZONE
from tests.statements import counted

MONDAY = date(2026, 11, 23)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def ask(session: Session, **asked: Any) -> Week:
    session.rollback()
    return week_list(session, LOCAL_USER, Question(MONDAY, **asked), Practice(ZONE))


def shown(session: Session, **asked: Any) -> list[str]:
    lines = ask(session, **asked).lines
    return [line.starts_at.astimezone(ZONE).strftime("%a %H:%M") for line in lines]


def test_a_week_goes_from_monday_to_sunday_in_the_practices_zone(session: Session) -> None:
    milo = builders.a_client(session, last_name="Harper", first_name="Milo")
    for when in (at(22, 23, 59), at(23, 0), at(29, 23, 59), at(30, 0), at(25)):
        builders.an_appointment(session, milo, when)

    assert shown(session) == ["Mon 00:00", "Wed 09:00", "Sun 23:59"]
    line = ask(session).lines[0]
    assert (line.client, line.client_name, line.clinician) == (milo.public_id, "Harper, Milo", "")


def test_a_week_with_a_change_of_the_clocks_has_all_its_hours(session: Session) -> None:
    milo = builders.a_client(session)
    builders.an_appointment(session, milo, datetime(2026, 11, 1, 23, 30, tzinfo=ZONE))
    builders.an_appointment(session, milo, datetime(2026, 11, 2, 0, 0, tzinfo=ZONE))
    session.rollback()

    week = week_list(session, LOCAL_USER, Question(date(2026, 10, 26)), Practice(ZONE))

    assert [line.starts_at.astimezone(ZONE).day for line in week.lines] == [1]


def test_clinician_and_service_line_narrow_it(session: Session) -> None:
    milo, priya, mei = (
        builders.a_client(session),
        builders.a_clinician(session),
        builders.a_clinician(session),
    )
    builders.an_appointment(session, milo, at(23), "ABA", priya)
    builders.an_appointment(session, milo, at(24), "ST", priya)
    builders.an_appointment(session, milo, at(25), "ST", mei)

    assert shown(session, clinician=priya.key) == ["Mon 09:00", "Tue 09:00"]
    assert shown(session, service_line="ST") == ["Tue 09:00", "Wed 09:00"]
    assert shown(session, clinician=priya.key, service_line="ST") == ["Tue 09:00"]
    assert shown(session, clinician="nobody") == []


def test_a_long_week_comes_in_parts(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appointment_week, "PART", 4)
    milo = builders.a_client(session)
    for number in range(9):
        # Three at a time: a part may end among sessions of the same moment.
        builders.an_appointment(session, milo, at(23, 9 + number // 3))

    parts, after = [], None
    for _ in range(3):
        week = ask(session, after=after)
        parts.append([line.public_id for line in week.lines])
        after = week.after
    assert [len(part) for part in parts] == [4, 4, 1]
    assert len({public_id for part in parts for public_id in part}) == 9
    assert after is None


def test_a_week_is_one_statement_however_long(session: Session, engine: Engine) -> None:
    milo = builders.a_client(session)
    for number in range(30):
        builders.an_appointment(session, milo, at(23) + timedelta(minutes=number))
    session.rollback()

    with counted(engine) as statements:
        week = ask(session, service_line="ABA")

    assert len(week.lines) == 30
    assert len(statements) == 1

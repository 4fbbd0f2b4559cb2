from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.caseload import Caseload, WeekLoad
from caseapp.domain.practice import Practice
from caseapp.models import Client
from caseapp.usecases import caseload_list as module
from caseapp.usecases import caseload_query
from caseapp.usecases.caseload_list import CaseloadList, Cases, Question, caseload_list, enrollments_ending
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.conftest import ZONE
from tests.databases import ONE_DATABASE
from tests.statements import counted

MONDAY = date(2026, 11, 16)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def ask(session: Session, **asked: Any) -> CaseloadList:
    session.rollback()
    return caseload_list(session, LOCAL_USER, Question(**({"monday": MONDAY} | asked)), TODAY, Practice(ZONE))


def names(found: CaseloadList) -> list[str]:
    return [row.name.split(",")[0] for row in found.rows]


@pytest.fixture
def ada(session: Session) -> Row:
    return builders.a_clinician(session, ["ST", "ABA"], number="K-1", caseload_limit=3)


def managed(
    session: Session, clinician: Row, line: str = "ABA", status: str = "active", **values: Any
) -> Row:
    client = builders.a_client(session, status=status)
    builders.a_case_manager(session, client, line, clinician, **values)
    return client


def test_distinct_active_clients_of_today_are_counted(session: Session, ada: Row) -> None:
    milo = managed(session, ada)
    builders.a_case_manager(session, milo, "ST", ada)
    managed(session, ada, start_date=TODAY, end_date=TODAY)
    managed(session, ada, end_date=YESTERDAY)
    managed(session, ada, start_date=TOMORROW)
    managed(session, ada, status="on_hold")
    managed(session, ada, removed_at=datetime(2026, 1, 1, tzinfo=ZONE))

    (row,) = ask(session).rows

    assert row.caseload == Caseload(2, 3)
    assert (row.public_id, row.name, row.number, row.credential) == (
        ada.public_id,
        "Okafor, Ada",
        "K-1",
        "BCBA",
    )
    assert (row.service_lines, row.standing) == ("ABA, ST", "")


def test_a_week_sums_what_is_delivered_from_monday_to_sunday_in_the_zone(session: Session, ada: Row) -> None:
    milo = builders.a_client(session)
    for day, hour, minute, minutes, status in (
        (15, 23, 59, 1, "completed"),
        (16, 0, 0, 60, "completed"),
        (20, 9, 0, 90, "no_show"),
        (20, 11, 0, 500, "cancelled"),
        (22, 23, 59, 45, "scheduled"),
        (23, 0, 0, 30, "scheduled"),
    ):
        when = datetime(2026, 11, day, hour, minute, tzinfo=ZONE)
        builders.an_appointment(session, milo, when, "ABA", ada, minutes=minutes, status=status)
    builders.an_appointment(session, milo, datetime(2026, 11, 18, 9, tzinfo=ZONE))

    assert ask(session).rows[0].week == WeekLoad(195, 3)
    assert ask(session, monday=date(2026, 11, 23)).rows[0].week == WeekLoad(30, 1)
    assert ask(session, monday=date(2027, 1, 4)).rows[0].week == WeekLoad(0, 0)


def test_enrollments_that_end_within_sixty_days_are_told_soonest_first(session: Session, ada: Row) -> None:
    aetna, medicaid, blue = (builders.a_payor(session, name=name) for name in ("Aetna", "Medicaid", "Blue"))
    builders.an_enrollment(session, ada, aetna, end_date=TODAY + timedelta(days=60))
    builders.an_enrollment(session, ada, medicaid, end_date=TODAY)
    builders.an_enrollment(session, ada, blue, end_date=TODAY + timedelta(days=5))
    builders.an_enrollment(session, ada, blue, start_date=TODAY + timedelta(days=6))

    (row,) = ask(session).rows

    told = [(TODAY, "Medicaid"), (TODAY + timedelta(days=60), "Aetna")]
    assert row.ending == told
    session.rollback()
    assert enrollments_ending(session, ada.id, TODAY) == told


def test_interim_cases_say_for_whom_and_by_whom(session: Session, ada: Row) -> None:
    ben = builders.a_clinician(session, last_name="Birch", first_name="Ben")
    cy = builders.a_clinician(session, last_name="Crane", first_name="Cy")
    milo = managed(session, ada, for_clinician_id=ben.id)
    builders.a_case_manager(session, milo, "ST", ada, for_clinician_id=ben.id)
    managed(session, ada, for_clinician_id=cy.id)
    managed(session, ada, for_clinician_id=cy.id, end_date=YESTERDAY)
    managed(session, ada, status="discharged", for_clinician_id=cy.id)

    rows = {row.name: row for row in ask(session).rows}

    assert rows["Okafor, Ada"].interim == [
        Cases(ben.public_id, "Ben Birch", 2),
        Cases(cy.public_id, "Cy Crane", 1),
    ]
    assert rows["Okafor, Ada"].held == []
    assert rows["Birch, Ben"].held == [Cases(ada.public_id, "Ada Okafor", 2)]
    assert rows["Crane, Cy"].held == [Cases(ada.public_id, "Ada Okafor", 1)]


def test_service_line_and_standing_narrow_the_list(session: Session, ada: Row) -> None:
    builders.a_clinician(session, ["OT"], last_name="Left", active_to=YESTERDAY)
    builders.a_clinician(session, ["OT"], last_name="Birch", active_from=TOMORROW)

    assert names(ask(session)) == ["Birch", "Okafor"]
    assert ask(session).rows[0].standing == "begins later"
    assert names(ask(session, standing="left")) == ["Left"]
    assert names(ask(session, standing="", service_line="OT")) == ["Birch", "Left"]
    assert (names(ask(session, service_line="YOGA")), ask(session, service_line="YOGA").anybody) == ([], True)


def test_the_list_is_sorted_by_name_clients_room_or_hours(session: Session) -> None:
    for name, clients, limit, hours in (("A", 1, None, 2), ("B", 3, 9, 0), ("C", 2, 2, 1), ("D", 2, 1, 5)):
        clinician = builders.a_clinician(session, last_name=name, caseload_limit=limit)
        for _ in range(clients):
            milo = managed(session, clinician)
        for hour in range(hours):
            when = datetime(2026, 11, 18, 9 + hour, tzinfo=ZONE)
            builders.an_appointment(session, milo, when, "ABA", clinician)

    assert names(ask(session)) == ["A", "B", "C", "D"]
    assert names(ask(session, sort="clients")) == ["B", "C", "D", "A"]
    assert names(ask(session, sort="room")) == ["D", "C", "B", "A"]
    assert names(ask(session, sort="hours")) == ["D", "A", "C", "B"]


@pytest.mark.parametrize("sort", module.SORTS)
def test_the_pages_lead_forth_and_back(session: Session, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    monkeypatch.setattr(module, "PART", 2)
    made = [builders.a_clinician(session, last_name=f"N{number}") for number in range(5)]

    first = ask(session, sort=sort)
    second = ask(session, sort=sort, after=first.next)
    third = ask(session, sort=sort, after=second.next)

    assert [names(page) for page in (first, second, third)] == [["N0", "N1"], ["N2", "N3"], ["N4"]]
    assert (first.previous, second.previous, third.previous) == (None, "", made[1].public_id)
    assert third.next is None
    assert names(ask(session, sort=sort, after=third.previous)) == ["N2", "N3"]
    assert names(ask(session, sort=sort, after="x" * 20)) == ["N0", "N1"]
    assert ask(session, sort=sort, after=made[4].public_id).rows == ()
    whole = ask(session, sort=sort, whole=True)
    assert (len(whole.rows), whole.next, whole.previous) == (5, None, None)


def test_hours_are_of_clients_whom_the_actor_may_see(
    session: Session, ada: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Seen", "Unseen"):
        client = builders.a_client(session, last_name=name)
        when = datetime(2026, 11, 18, 9, tzinfo=ZONE)
        builders.an_appointment(session, client, when, "ABA", ada)
    monkeypatch.setattr(caseload_query, "visible_to", lambda _: Client.last_name == "Seen")
    caseload_query.loads_statement.cache_clear()

    (row,) = ask(session).rows

    caseload_query.loads_statement.cache_clear()
    assert row.week == WeekLoad(60, 1)


def test_without_clinicians_there_is_nobody(session: Session) -> None:
    assert ask(session) == CaseloadList((), None, None, anybody=False)


@pytest.mark.parametrize("sort", module.SORTS)
def test_as_many_statements_are_sent_for_many_as_for_one(
    session: Session, engine: Engine, ada: Row, sort: str
) -> None:
    def sent() -> int:
        session.rollback()
        with counted(engine) as statements:
            ask(session, sort=sort)
        return len(statements)

    managed(session, ada)
    before = sent()
    for _ in range(4):
        clinician = builders.a_clinician(session)
        managed(session, clinician, for_clinician_id=ada.id)
        builders.an_enrollment(session, clinician, builders.a_payor(session), end_date=TODAY)

    assert sent() == before == 3


@ONE_DATABASE
def test_clients_and_sessions_are_counted_to_a_bound(
    session: Session, ada: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    milo = builders.a_client(session)
    monkeypatch.setattr("caseapp.usecases.caseload_query.MOST_SESSIONS", 2)
    caseload_query.loads_statement.cache_clear()
    for hour in range(3):
        when = datetime(2026, 11, 18, 9 + hour, tzinfo=ZONE)
        builders.an_appointment(session, milo, when, "ABA", ada)

    (row,) = ask(session).rows

    assert row.week == WeekLoad(120, 2)
    caseload_query.loads_statement.cache_clear()

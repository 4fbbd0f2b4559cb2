from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.usecases.clinician_caseload import PAGE_SIZE, caseload
from caseapp.usecases.clinician_leaving import MOST, LeftLine, left_uncovered
from caseapp.usecases.clinician_page import ClinicianPage, clinician_head, clinician_page
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY, listed
from tests.conftest import NOW, ZONE
from tests.statements import counted

PRACTICE = Practice(ZONE)
LAST_DAY = date(2026, 11, 30)
DAY_AFTER = date(2026, 12, 1)
YESTERDAY = TODAY - timedelta(days=1)


def page_of(session: Session, clinician: Row, after: str | None = None) -> ClinicianPage:
    session.rollback()
    page = clinician_page(session, LOCAL_USER, clinician.public_id, NOW, PRACTICE, after)
    assert clinician_head(session, clinician.public_id, TODAY) == page.head
    return page


def left(session: Session, clinician: Row, last_day: date = LAST_DAY) -> list[LeftLine]:
    session.rollback()
    leaving = left_uncovered(session, LOCAL_USER, clinician.id, last_day, NOW, PRACTICE)
    assert not leaving.more
    return list(leaving.lines)


@pytest.fixture
def ada(session: Session) -> Row:
    return builders.a_clinician(session, ["ABA", "ST"], number="K-1", active_to=LAST_DAY)


def test_the_page_shows_everything_of_the_clinician(session: Session, ada: Row) -> None:
    builders.a_taxonomy_code(session)
    builders.a_leave(session, ada, start_date=date(2026, 12, 7), end_date=date(2026, 12, 18), note="Lisbon")
    builders.a_leave(session, ada, start_date=date(2026, 1, 7), end_date=date(2026, 1, 8))
    client = builders.a_client(session, ["ABA"])
    builders.a_case_manager(session, client, "ABA", ada)

    page = page_of(session, ada)

    assert (page.head.name, page.head.list_name, page.head.standing) == ("Ada Okafor", "Okafor, Ada", "")
    assert page.values.service_lines == ("ABA", "ST")
    assert [(row.starts, row.ends, row.note, row.state) for row in page.leaves] == [
        ("7 Dec 2026", "18 Dec 2026", "Lisbon", "coming"),
        ("7 Jan 2026", "8 Jan 2026", "", "past"),
    ]
    assert page.caseload.number == 1
    assert [(row.client, row.service_line) for row in page.clients.rows] == [(client.public_id, "ABA")]
    assert page.leaving is not None
    assert [(line.client, line.since) for line in page.leaving.lines] == [(client.public_id, DAY_AFTER)]
    assert page.day_after == DAY_AFTER


def test_nobody_is_found_where_nobody_is(session: Session) -> None:
    assert clinician_head(session, "a" * 20, TODAY) is None


def test_the_caseload_lists_clients_of_today_and_to_come_by_name(session: Session, ada: Row) -> None:
    zed = builders.a_client(session, last_name="Zed")
    abel = builders.a_client(session, last_name="Abel", status="on_hold")
    past = builders.a_client(session, last_name="Past")
    builders.a_case_manager(session, zed, "ST", ada, start_date=DAY_AFTER)
    builders.a_case_manager(session, zed, "ABA", ada, end_date=TODAY)
    builders.a_case_manager(session, abel, "ABA", ada, for_clinician_id=builders.a_clinician(session).id)
    builders.a_case_manager(session, past, "ABA", ada, end_date=YESTERDAY)

    rows = page_of(session, ada).clients.rows

    assert [(row.client_name, row.service_line, row.status) for row in rows] == [
        ("Abel, Léa", "ABA", "on_hold"),
        ("Zed, Léa", "ST", "active"),
        ("Zed, Léa", "ABA", "active"),
    ]
    assert rows[0].stands_in_for == "Ada Okafor"


def test_a_long_caseload_goes_on_behind_its_last_row(session: Session, ada: Row) -> None:
    for number in range(PAGE_SIZE + 2):
        client = builders.a_client(session, last_name=f"N{number:03}")
        builders.a_case_manager(session, client, "ABA", ada)

    first = page_of(session, ada)
    second = page_of(session, ada, first.clients.next)

    names = [row.client_name for row in (*first.clients.rows, *second.clients.rows)]
    assert names == [f"N{number:03}, Léa" for number in range(PAGE_SIZE + 2)]
    assert (first.first_part, second.first_part, second.clients.next) == (True, False, None)
    session.rollback()
    other = builders.a_clinician(session)
    assert caseload(session, LOCAL_USER, other.id, TODAY, first.clients.next).rows == ()


def test_a_last_day_leaves_the_lines_uncovered_whose_case_manager_goes_on(session: Session, ada: Row) -> None:
    milo = builders.a_client(session, ["ABA", "ST"], last_name="Harper", first_name="Milo")
    listed(session, milo)
    builders.a_case_manager(session, milo, "ABA", ada)
    builders.a_case_manager(session, milo, "ST", ada, end_date=LAST_DAY)
    first = datetime(2026, 12, 2, 9, tzinfo=ZONE)
    for when in (datetime(2026, 11, 30, 9, tzinfo=ZONE), first + timedelta(days=2), first):
        builders.an_appointment(session, milo, when, "ABA")
    builders.an_appointment(session, milo, first - timedelta(days=1), "ABA", status="cancelled")

    (line,) = left(session, ada)

    assert (line.client, line.client_name, line.service_line) == (milo.public_id, "Milo Harper", "ABA")
    assert (line.since, line.next_session) == (DAY_AFTER, first)


def test_a_line_that_is_over_leaves_nobody_uncovered(session: Session, ada: Row) -> None:
    over = builders.a_client(session)
    builders.a_client_service_line(session, over, "ABA", end_date=LAST_DAY)
    builders.a_case_manager(session, over, "ABA", ada)
    gone = builders.a_client(session, ["ABA"], status="discharged")
    builders.a_case_manager(session, gone, "ABA", ada)

    assert left(session, ada) == []

    builders.an_appointment(session, over, datetime(2026, 12, 2, 9, tzinfo=ZONE), "ABA")
    assert [line.client for line in left(session, ada)] == [over.public_id]


def test_a_case_manager_who_would_begin_after_the_last_day_is_told_from_then(
    session: Session, ada: Row
) -> None:
    client = builders.a_client(session, ["ABA"])
    later = date(2027, 1, 4)
    builders.an_appointment(session, client, datetime(2027, 2, 1, 9, tzinfo=ZONE), "ABA")
    builders.a_case_manager(session, client, "ABA", ada, start_date=later, end_date=date(2027, 1, 31))

    (line,) = left(session, ada)

    assert (line.since, line.next_session) == (later, None)


def test_only_so_many_lines_are_listed(session: Session, ada: Row) -> None:
    for _ in range(MOST + 1):
        builders.a_case_manager(session, builders.a_client(session, ["ABA"]), "ABA", ada)

    session.rollback()
    leaving = left_uncovered(session, LOCAL_USER, ada.id, LAST_DAY, NOW, PRACTICE)

    assert (len(leaving.lines), leaving.more) == (MOST, True)


def test_the_page_sends_as_many_statements_however_much_there_is(
    session: Session, ada: Row, engine: Engine
) -> None:
    def a_client_of_hers() -> None:
        builders.a_case_manager(session, builders.a_client(session, ["ABA"]), "ABA", ada)

    a_client_of_hers()
    with counted(engine) as few:
        page_of(session, ada)
    for _ in range(3):
        a_client_of_hers()
    with counted(engine) as many:
        page_of(session, ada)

    assert len(few) == len(many) <= 8

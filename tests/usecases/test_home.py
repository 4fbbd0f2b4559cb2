from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.first_session import first_sessions
from caseapp.models import Client, CoverageTurn, begin_write
from caseapp.usecases import home as module
from caseapp.usecases import home_query
from caseapp.usecases.facts import load_facts
from caseapp.usecases.home import SHOWN, Change, Home, ToMend, home
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE
from tests.databases import ONE_DATABASE
from tests.statements import counted
from tests.usecases.save_desk import PRACTICE, TODAY, Desk, a_desk

SUNDAY = date(2026, 11, 22)


def ask(session: Session, now: datetime = NOW) -> Home:
    session.rollback()
    return home(session, LOCAL_USER, now, PRACTICE)


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


@pytest.fixture
def desk(session: Session) -> Desk:
    """Lea receives ABA and ST without anybody being her case manager; a Sunday, noon."""
    return a_desk(session)


def a_paid_client(desk: Desk, last_name: str = "Harper") -> Row:
    client = builders.a_client(desk.session, ["ST"], last_name=last_name, first_name="Milo")
    builders.a_funding_source(desk.session, client, desk.aetna)
    return client


def test_errors_of_this_week_and_overdue_ones_come_most_urgent_first(desk: Desk) -> None:
    overdue, today, next_week = (a_paid_client(desk, name) for name in ("Overdue", "Today", "Later"))
    builders.an_appointment(desk.session, overdue, at(22, 15), "ST")
    builders.an_appointment(desk.session, today, at(23, 9), "ST")
    builders.an_appointment(desk.session, today, at(24, 9), "ST")
    builders.an_appointment(desk.session, next_week, at(24, 9), "ST")
    desk.refresh(overdue, today, next_week)

    found = ask(desk.session)

    assert [(row.client_name, row.mend_by) for row in found.to_mend] == [
        ("Overdue, Milo", date(2026, 11, 21)),
        ("Today, Milo", TODAY),
    ]
    row = found.to_mend[1]
    assert row == ToMend(today.public_id, "Today, Milo", "ST", "no_case_manager", TODAY, 2, row.message)
    assert "start by Sun 22 Nov" in row.message
    assert (found.sunday, found.to_mend_number, found.to_mend_many) == (SUNDAY, 2, False)


def test_errors_without_a_day_are_not_of_this_week(desk: Desk) -> None:
    assert desk.kept() != []

    found = ask(desk.session)

    assert (found.to_mend, found.anybody) == ((), True)


def test_what_has_more_sessions_at_risk_comes_first_on_one_day(desk: Desk) -> None:
    one, two = a_paid_client(desk, "One"), a_paid_client(desk, "Two")
    builders.an_appointment(desk.session, one, at(23), "ST")
    for day in (23, 25):
        builders.an_appointment(desk.session, two, at(day), "ST")
    desk.refresh(one, two)

    assert [row.client_name for row in ask(desk.session).to_mend] == ["Two, Milo", "One, Milo"]


def test_more_errors_than_are_shown_are_counted_to_a_bound(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [a_paid_client(desk) for _ in range(SHOWN + 2)]
    for client in clients:
        builders.an_appointment(desk.session, client, at(23), "ST")
    desk.refresh(*clients)

    found = ask(desk.session)
    assert (len(found.to_mend), found.to_mend_number, found.to_mend_many) == (SHOWN, SHOWN + 2, False)

    monkeypatch.setattr(home_query, "MOST_COUNTED", SHOWN + 1)
    home_query.number_to_mend.cache_clear()
    found = ask(desk.session)
    home_query.number_to_mend.cache_clear()
    assert (found.to_mend_number, found.to_mend_many) == (SHOWN + 1, True)


def test_changes_are_put_together_by_their_cause(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = TODAY + timedelta(days=30)
    leaving = builders.a_clinician(
        desk.session, ["ST"], [desk.aetna], first_name="Ana", last_name="Beltrán", active_to=ends
    )
    clients = [a_paid_client(desk) for _ in range(3)]
    for client in clients[:2]:
        builders.a_case_manager(desk.session, client, "ST", leaving)
    builders.a_case_manager(desk.session, clients[2], "ST", desk.mei, end_date=TODAY)
    desk.refresh(*clients)

    found = ask(desk.session)

    assert found.changes == (
        Change("case_manager_ends", TODAY, found.changes[0].message, 1),
        Change("clinician_leaves", ends, "Ana Beltrán's last day is Tue 22 Dec, and nobody follows.", 2),
    )
    assert (found.more_changes, found.changes_partly) == (False, False)

    monkeypatch.setattr(home_query, "MOST_CHANGES", 2)
    monkeypatch.setattr(module, "SHOWN", 1)
    home_query.changes.cache_clear()
    found = ask(desk.session)
    home_query.changes.cache_clear()
    assert [change.clients for change in found.changes] == [1]
    assert (found.more_changes, found.changes_partly) == (True, True)


def test_first_sessions_say_whether_they_are_covered_in_time(desk: Desk) -> None:
    covered, late, nobody, begun, far = (
        a_paid_client(desk, name) for name in ("Covered", "Late", "Nobody", "Begun", "Far")
    )
    builders.a_case_manager(desk.session, covered, "ST", desk.mei, start_date=date(2026, 11, 25))
    builders.an_appointment(desk.session, covered, at(27), "ST")
    builders.a_case_manager(desk.session, late, "ST", desk.jo, start_date=date(2026, 11, 28))
    builders.an_appointment(desk.session, late, at(28), "ST")
    builders.an_appointment(desk.session, nobody, at(6, 23, 12), "ST")
    builders.an_appointment(desk.session, begun, at(20), "ST")
    builders.an_appointment(desk.session, begun, at(30), "ST")
    builders.an_appointment(desk.session, far, at(7, 0, 12), "ST")
    desk.refresh(covered, late, nobody, begun, far)

    found = ask(desk.session)

    assert [(row.client_name, row.covered_by, row.late) for row in found.beginnings] == [
        ("Covered, Milo", "Mei Lindqvist", False),
        ("Late, Milo", "Jo Park", True),
        ("Nobody, Milo", "", False),
    ]
    first = found.beginnings[0]
    assert (first.client, first.service_line, first.starts_at) == (covered.public_id, "ST", at(27))


def test_a_first_session_is_over_when_it_has_begun(desk: Desk) -> None:
    milo = a_paid_client(desk)
    builders.an_appointment(desk.session, milo, at(22, 13), "ST")
    desk.refresh(milo)

    assert len(ask(desk.session).beginnings) == 1
    assert ask(desk.session, at(22, 14)).beginnings == ()


def test_no_more_first_sessions_than_a_card_holds(desk: Desk) -> None:
    clients = [a_paid_client(desk) for _ in range(SHOWN + 1)]
    for client in clients:
        builders.an_appointment(desk.session, client, at(25), "ST")
    desk.refresh(*clients)

    found = ask(desk.session)

    assert (len(found.beginnings), found.more_beginnings) == (SHOWN, True)


def test_what_is_due_is_judged_before_it_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    milo = a_paid_client(desk)
    desk.refresh(milo)
    builders.an_appointment(desk.session, milo, at(23), "ST")
    begin_write(desk.session)
    desk.session.execute(update(CoverageTurn).values(next_turn=TODAY))
    desk.session.commit()

    monkeypatch.setattr(module, "BATCH", 1)
    found = ask(desk.session)

    assert [row.client_name for row in found.to_mend] == ["Harper, Milo"]
    assert found.refreshing is True
    assert ask(desk.session).refreshing is False


@ONE_DATABASE
def test_the_kept_first_session_is_what_the_domain_tells_on_each_day(desk: Desk) -> None:
    milo = a_paid_client(desk)
    builders.a_client_service_line(desk.session, milo, "OT", start_date=date(2026, 11, 28))
    for day, line in ((24, "ST"), (26, "ST"), (29, "OT")):
        builders.an_appointment(desk.session, milo, at(day), line)
    desk.refresh(milo)
    turns = select(CoverageTurn.first_session).where(CoverageTurn.client_id == milo.id)
    for number in range(10):
        now = NOW + timedelta(days=number)
        ask(desk.session, now)
        facts = load_facts(desk.session, [milo.id])[milo.id]
        kept = {value for value in desk.session.scalars(turns) if value}
        assert kept == set(
            first_sessions(facts, CoverageDay(TODAY + timedelta(days=number), PRACTICE)).values()
        )


def test_only_clients_whom_the_actor_may_see_are_told_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, unseen = a_paid_client(desk, "Seen"), a_paid_client(desk, "Unseen")
    for client in (seen, unseen):
        builders.an_appointment(desk.session, client, at(23), "ST")
        builders.a_case_manager(desk.session, client, "OT", desk.mei, end_date=TODAY)
        builders.a_client_service_line(desk.session, client, "OT")
    desk.refresh(seen, unseen)
    monkeypatch.setattr(home_query, "visible_to", lambda _: Client.last_name == "Seen")
    statements = (home_query.to_mend, home_query.changes, home_query.beginnings)
    for statement in statements:
        statement.cache_clear()

    found = ask(desk.session)

    for statement in statements:
        statement.cache_clear()
    assert {row.client_name for row in found.to_mend} == {"Seen, Milo"}
    assert [change.clients for change in found.changes] == [1]
    assert [row.client_name for row in found.beginnings] == ["Seen, Milo"]


def test_a_practice_without_clients_has_nobody(session: Session) -> None:
    found = ask(session)

    assert (found.anybody, found.to_mend, found.changes, found.beginnings) == (False, (), (), ())


def test_as_many_statements_are_sent_for_many_as_for_few(desk: Desk, engine: Engine) -> None:
    def sent() -> int:
        desk.session.rollback()
        with counted(engine) as statements:
            ask(desk.session)
        return len(statements)

    def more(number: int) -> None:
        clients = [a_paid_client(desk) for _ in range(number)]
        for client in clients:
            builders.an_appointment(desk.session, client, at(23), "ST")
        desk.refresh(*clients)

    more(SHOWN)
    before = sent()
    more(3)

    assert sent() == before == 6

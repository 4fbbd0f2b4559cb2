from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from caseapp.domain.client import ClientFacts
from caseapp.models import CoverageTurn, begin_write
from caseapp.usecases import coverage_gap
from caseapp.usecases.client_record_facts import Head
from caseapp.usecases.coverage_gap import ALREADY, keep_many, mark_due, refresh, refresh_all_due, refresh_due
from caseapp.usecases.facts import load_with
from caseapp.usecases.facts_of_day import FactsOfDay
from tests import builders
from tests.builders import Row
from tests.databases import ONE_DATABASE
from tests.statements import counted
from tests.usecases.save_desk import PRACTICE, TODAY, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def others(desk: Desk, number: int) -> list[Row]:
    """More clients, asked on the same day, each with a turn."""
    made = [builders.a_client(desk.session, ["ST"], status="active") for _ in range(number)]
    for client in made:
        builders.a_client_service_line(desk.session, client, "OT", start_date=date(2027, 1, 1))
    desk.refresh(*made)
    return made


def test_what_is_kept_is_what_the_domain_tells(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00")
    assert desk.kept() == desk.recomputed() != []


def test_every_line_of_the_facts_has_a_turn(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00", "OT")
    assert desk.turns() == [(TODAY, date(2026, 11, 25))] * 3


def test_refreshing_nobody_asks_nothing(session: Session, engine: Engine) -> None:
    with counted(engine) as sent:
        refresh(session, [], TODAY, PRACTICE)
    assert sent == []


def test_keeping_nobodys_findings_asks_nothing(session: Session, engine: Engine) -> None:
    with counted(engine) as sent:
        keep_many(session, {}, {}, TODAY, PRACTICE)
    assert sent == []


def test_a_client_without_service_lines_keeps_no_findings_and_no_turn(desk: Desk) -> None:
    client = builders.a_client(desk.session)
    loaded = load_with(desk.session, [Head(client.id, client.key, "Bee", "active")])
    desk.session.rollback()
    turns = desk.turns()

    begin_write(desk.session)
    keep_many(desk.session, loaded.facts, {}, TODAY, PRACTICE)
    desk.session.commit()

    assert desk.kept(client) == []
    assert desk.turns() == turns


def test_refreshing_many_takes_as_many_statements_as_one(desk: Desk, engine: Engine) -> None:
    made = others(desk, 5)
    with counted(engine) as for_one:
        desk.refresh(made[0])
    with counted(engine) as for_all:
        desk.refresh(*made)
    assert len(for_one) == len(for_all)


def test_a_client_whose_facts_went_has_no_findings_left(desk: Desk) -> None:
    assert desk.kept() != []
    begin_write(desk.session)
    desk.session.execute(text("DELETE FROM client_service_line"))
    desk.session.commit()
    desk.refresh()
    assert (desk.kept(), desk.turns()) == ([], [])


def test_nothing_is_refreshed_before_its_turn(desk: Desk, engine: Engine) -> None:
    with counted(engine) as sent:
        assert refresh_due(desk.session, TODAY, PRACTICE) == 0
    assert len(sent) == 1


def test_what_is_due_is_refreshed_once(desk: Desk) -> None:
    desk.session_on("2026-11-24T09:00")
    on = date(2026, 11, 25)
    assert refresh_due(desk.session, on, PRACTICE) == 1
    assert desk.kept() == desk.recomputed(today=on)
    assert {asked_on for asked_on, _ in desk.turns()} == {on}
    assert refresh_due(desk.session, on, PRACTICE) == 0


@ONE_DATABASE
def test_through_a_year_of_days_what_is_read_is_what_the_domain_tells(desk: Desk) -> None:
    builders.a_client_service_line(desk.session, desk.lea, "OT", start_date=date(2027, 3, 1))
    builders.a_case_manager(
        desk.session, desk.lea, "ABA", end_date=date(2027, 2, 10), for_clinician_id=desk.jo.id
    )
    desk.session_on("2026-12-24T09:00")
    desk.session_on("2027-04-24T09:00", "ABA")
    for n in range(365):
        on = TODAY + timedelta(days=n)
        refresh_due(desk.session, on, PRACTICE, [desk.lea.id])
        assert desk.kept() == desk.recomputed(today=on)


def test_a_clock_that_was_set_back_is_noticed_where_clients_are_named(desk: Desk) -> None:
    desk.refresh(today=date(2027, 5, 1))
    assert refresh_due(desk.session, TODAY, PRACTICE) == 0
    assert refresh_due(desk.session, TODAY, PRACTICE, [desk.lea.id]) == 1
    assert desk.kept() == desk.recomputed()


def test_only_the_clients_named_are_refreshed(desk: Desk) -> None:
    one, other = others(desk, 2)
    on = date(2027, 1, 1)
    assert refresh_due(desk.session, on, PRACTICE, [one.id]) == 1
    assert desk.kept(one) == desk.recomputed(one, on)
    assert desk.kept(other) != desk.recomputed(other, on)


def test_a_reader_refreshes_no_more_than_the_limit(desk: Desk) -> None:
    others(desk, 4)
    on = date(2027, 1, 1)
    done = [refresh_due(desk.session, on, PRACTICE, limit=3) for _ in range(3)]
    assert done == [3, 1, 0]


def test_everything_due_is_refreshed_batch_by_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = others(desk, 4)
    monkeypatch.setattr(coverage_gap.refresh_due, "__defaults__", (None, 3))
    on = date(2027, 1, 1)
    assert refresh_all_due(desk.session, on, PRACTICE) == 4
    for client in made:
        assert desk.kept(client) == desk.recomputed(client, on)


@ONE_DATABASE
def test_a_reader_does_not_wait_for_another_writer(desk: Desk, engine: Engine) -> None:
    others(desk, 1)
    on, before = date(2027, 1, 1), desk.turns()
    with Session(engine) as writer:
        begin_write(writer)
        assert refresh_due(desk.session, on, PRACTICE) == 0
        assert desk.turns() == before
    assert refresh_due(desk.session, on, PRACTICE) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_reader_skips_the_clients_whom_another_holds(desk: Desk, engine: Engine) -> None:
    held, free = others(desk, 2)
    on = date(2027, 1, 1)
    with Session(engine) as writer:
        writer.execute(text("SELECT id FROM client WHERE id = :held FOR UPDATE"), {"held": held.id})
        assert refresh_due(desk.session, on, PRACTICE) == 1
        assert desk.kept(free) == desk.recomputed(free, on)
    assert refresh_due(desk.session, on, PRACTICE) == 1
    assert desk.kept(held) == desk.recomputed(held, on)


def test_a_refresh_that_the_database_breaks_off_is_left_to_the_next_reader(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    others(desk, 1)
    on, before = date(2027, 1, 1), desk.kept()

    def deadlock(*_: Any) -> dict[int, ClientFacts]:
        raise OperationalError("SELECT", {}, Exception("deadlock detected"))

    monkeypatch.setattr(FactsOfDay, "load", deadlock)
    assert refresh_due(desk.session, on, PRACTICE) == 0
    assert not desk.session.in_transaction()
    assert desk.kept() == before
    monkeypatch.undo()
    assert refresh_due(desk.session, on, PRACTICE) == 1


def test_what_is_marked_is_due_at_once(desk: Desk) -> None:
    one, other = others(desk, 2)
    for marked in ([one.id], None):
        begin_write(desk.session)
        mark_due(desk.session, marked)
        desk.session.commit()
        due = desk.session.execute(
            select(CoverageTurn.client_id).where(CoverageTurn.next_turn == ALREADY).distinct()
        )
        assert set(due.scalars()) == ({one.id} if marked else {desk.lea.id, one.id, other.id})
    assert refresh_due(desk.session, TODAY, PRACTICE) == 3


def test_what_is_marked_is_due_though_the_clock_is_set_back_meanwhile(desk: Desk) -> None:
    desk.refresh(today=TODAY - timedelta(days=10))
    begin_write(desk.session)
    mark_due(desk.session)
    desk.session.commit()

    assert refresh_due(desk.session, TODAY - timedelta(days=3), PRACTICE, [desk.lea.id]) == 1


def test_a_turn_that_never_comes_is_kept_as_such(desk: Desk) -> None:
    begin_write(desk.session)
    desk.session.execute(update(CoverageTurn).values(next_turn=None))
    desk.session.commit()
    assert refresh_due(desk.session, date(2100, 12, 31), PRACTICE) == 0

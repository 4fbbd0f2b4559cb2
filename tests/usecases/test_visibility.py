"""Whose clients a clinician sees, on both databases."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import caseapp.usecases
from caseapp.domain.actor import LOCAL_USER, Actor, Sight
from caseapp.domain.practice import Practice
from caseapp.models import Client
from caseapp.usecases.appointment_week import Question as WeekQuestion
from caseapp.usecases.appointment_week import week_list
from caseapp.usecases.client_list import Question, client_list
from caseapp.usecases.client_page import client_head
from caseapp.usecases.clinician_caseload import caseload
from caseapp.usecases.clinician_list import Question as Clinicians
from caseapp.usecases.clinician_list import clinician_list
from caseapp.usecases.clinician_page import clinician_page
from caseapp.usecases.visibility import kept_by_sight, visible_alone, visible_to
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY, listed
from tests.conftest import NOW, ZONE
from tests.databases import ONE_DATABASE

SINCE = TODAY - timedelta(days=90)
PRACTICE = Practice(ZONE)


def clinician(row: Row | None, name: str = "Priya Natarajan") -> Actor:
    begins = datetime(SINCE.year, SINCE.month, SINCE.day, tzinfo=ZONE)
    return Actor(name, "clinician", 7, Sight(row.id if row else 0, SINCE, begins, NOW + timedelta(days=90)))


def seen(session: Session, actor: Actor) -> set[int]:
    """By the condition for many, and by that for one."""
    found, alone = (
        set(session.execute(select(Client.id).where(condition(actor))).scalars())
        for condition in (visible_to, visible_alone)
    )
    assert found == alone
    return found


@pytest.mark.parametrize(
    ("period", "own"),
    [
        ({}, True),
        ({"end_date": SINCE}, True),
        ({"end_date": SINCE - timedelta(days=1)}, False),
        ({"start_date": TODAY + timedelta(days=200)}, True),
        ({"removed_at": NOW}, False),
    ],
)
def test_clients_of_a_case_manager_are_seen(session: Session, period: dict[str, Any], own: bool) -> None:
    priya = builders.a_clinician(session)
    mine, _other = builders.a_client(session, ["ABA"]), builders.a_client(session, ["ABA"])
    builders.a_case_manager(session, mine, "ABA", priya, **period)

    assert seen(session, clinician(priya)) == ({mine.id} if own else set())


def test_clients_of_whoever_stands_in_are_seen(session: Session) -> None:
    priya, stand_in = builders.a_clinician(session), builders.a_clinician(session)
    mine = builders.a_client(session, ["ABA"])
    builders.a_case_manager(session, mine, "ABA", stand_in, for_clinician_id=priya.id)

    assert seen(session, clinician(priya)) == {mine.id}


@pytest.mark.parametrize(
    ("days", "status", "own"),
    [
        (-91, "completed", False),
        (-90, "completed", True),
        (0, "no_show", True),
        (7, "cancelled", False),
        (89, "scheduled", True),
        (91, "scheduled", False),
    ],
)
def test_clients_of_a_session_are_seen(session: Session, days: int, status: str, own: bool) -> None:
    priya, mine = builders.a_clinician(session), builders.a_client(session, ["ABA"])
    builders.an_appointment(session, mine, NOW + timedelta(days=days), "ABA", priya, status=status)

    assert seen(session, clinician(priya)) == ({mine.id} if own else set())


def test_a_clinician_without_a_record_sees_nobody(session: Session) -> None:
    builders.a_case_manager(session, builders.a_client(session, ["ABA"]), "ABA")

    assert seen(session, clinician(None)) == set()
    assert len(seen(session, LOCAL_USER)) == 1


def test_lists_pages_and_counts_hold_to_own_clients(session: Session) -> None:
    priya = builders.a_clinician(session, ["ABA"])
    mine = builders.a_client(session, ["ABA"], last_name="Harper", first_name="Milo")
    other = builders.a_client(session, ["ABA"], last_name="Harris", first_name="June")
    listed(session, mine, other)
    builders.a_case_manager(session, mine, "ABA", priya)
    sam = builders.a_clinician(session, ["ABA"])
    builders.a_case_manager(session, other, "ABA", sam)
    for client in (mine, other):
        builders.an_appointment(session, client, NOW + timedelta(hours=1), "ABA", sam)
    me, now = clinician(priya), NOW.astimezone(UTC)

    for asked in (Question(), Question("har"), Question(clinician=sam.key), Question(service_line="ABA")):
        names = [row.name for row in client_list(session, me, asked, now, TODAY, PRACTICE).rows]
        assert names == ([] if asked.clinician else ["Harper, Milo"])
    assert client_head(session, me, mine.public_id, TODAY) is not None
    assert client_head(session, me, other.public_id, TODAY) is None
    week = week_list(session, me, WeekQuestion(TODAY - timedelta(days=6)), PRACTICE)
    assert [line.client_name for line in week.lines] == ["Harper, Milo"]
    page = clinician_page(session, me, sam.public_id, now, PRACTICE)
    assert (page.caseload.number, page.clients.rows) == (0, ())


def test_a_limit_stands_beside_whole_caseloads_alone(session: Session) -> None:
    priya, sam = (builders.a_clinician(session, ["ABA"], caseload_limit=9) for _ in range(2))
    now = NOW.astimezone(UTC)

    for actor, limits in ((clinician(priya), [9, None]), (LOCAL_USER, [9, 9])):
        rows = {row.public_id: row for row in clinician_list(session, actor, Clinicians(), TODAY).rows}
        assert [rows[one.public_id].caseload.limit for one in (priya, sam)] == limits
        pages = [clinician_page(session, actor, one.public_id, now, PRACTICE) for one in (priya, sam)]
        assert [page.caseload.limit for page in pages] == limits


def test_a_caseload_does_not_go_on_behind_another_s_client(session: Session) -> None:
    priya, sam = (builders.a_clinician(session, ["ABA"]) for _ in range(2))
    first, other, last = (builders.a_client(session, ["ABA", "ST"], last_name=name) for name in "ABC")
    for client in (first, last):
        builders.a_case_manager(session, client, "ABA", priya)
    places = [builders.a_case_manager(session, client, "ST", sam) for client in (first, other, last)]

    def behind(place: Row) -> list[str]:
        found = caseload(session, clinician(priya), sam.id, TODAY, place.public_id)
        return [row.client for row in found.rows]

    assert behind(places[0]) == [last.public_id]
    assert set(behind(places[1])) == {first.public_id, last.public_id}


def test_pages_of_own_clients_go_on_in_order(session: Session) -> None:
    priya = builders.a_clinician(session, ["ABA"])
    names = [f"Name{number:03}" for number in range(60)]
    for name in names:
        client = builders.a_client(session, ["ABA"], last_name=name, first_name="A")
        builders.a_case_manager(session, client, "ABA", priya)
        builders.a_client(session, ["ABA"], last_name=f"{name}x", first_name="B")
    me, now = clinician(priya), NOW.astimezone(UTC)

    first = client_list(session, me, Question(), now, TODAY, PRACTICE)
    second = client_list(session, me, Question(after=first.next), now, TODAY, PRACTICE)
    back = client_list(session, me, Question(before=second.previous), now, TODAY, PRACTICE)

    assert [row.name for row in (*first.rows, *second.rows)] == [f"{name}, A" for name in names]
    assert back.rows == first.rows
    assert second.next is None


def test_a_statement_is_kept_for_all_who_see_the_same() -> None:
    made: list[Actor] = []

    @kept_by_sight()
    def statement(actor: Actor, _other: int) -> int:
        made.append(actor)
        return len(made)

    sight = Sight(1, date(2026, 1, 1), NOW, NOW)
    assert statement(Actor("Ann", "office", 1), 1) == statement(LOCAL_USER, 1) == 1
    assert statement(Actor("Ann", "clinician", 1, sight), 1) == 2
    assert statement(Actor("Bo", "clinician", 2, sight), 1) == 2
    assert statement(Actor("Bo", "clinician", 2, Sight(2, sight.since, NOW, NOW)), 1) == 3
    assert {actor.name for actor in made} == {"somebody"}


def test_no_use_case_keeps_statements_by_who_asks() -> None:
    """lru_cache over an actor would keep one for each person, and let names come between them."""
    folder = Path(caseapp.usecases.__file__ or "").parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and "actor" in {a.arg for a in node.args.args}:
                decorators = {ast.unparse(decorator).split("(")[0] for decorator in node.decorator_list}
                assert not decorators & {"lru_cache", "cache"}, f"{path.name}: {node.name}"


@ONE_DATABASE
def test_own_clients_are_found_by_indexes(session: Session) -> None:
    statement = select(func.count()).select_from(Client).where(visible_to(clinician(None)))
    compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(_bound(compiled)))
    steps = [row[3] for row in plan]
    assert not [step for step in steps if step.startswith("SCAN") and "client" in step]
    assert len([step for step in steps if "COVERING INDEX" in step and "(clinician_id=?" in step]) == 2
    assert [step for step in steps if "ix_case_manager_stood_for (for_clinician_id=?)" in step]


def _bound(compiled: Any) -> list[Any]:
    values = compiled.params
    return [str(values[name]) for name in compiled.positiontup]

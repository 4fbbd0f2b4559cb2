"""What is loaded for one day tells of that day what all facts tell, to the last word."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_turn import lines_that_turn, next_turn
from caseapp.domain.first_session import first_sessions
from caseapp.domain.interim_return import findings
from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageFinding, ServiceLine
from caseapp.models.engine import make_engine
from caseapp.usecases import facts_of_day
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.demo import load_demo
from caseapp.usecases.facts import load_facts
from caseapp.usecases.facts_of_day import FactsOfDay, facts_of_all
from caseapp.usecases.gap_report import gaps_on
from tests import builders
from tests.conftest import NOW, ZONE
from tests.domain.nearly_well import nearly_well, one_nearly_well
from tests.domain.strategies import WORLD, days, facts, one_of_any_kind
from tests.practice_files import SAMPLE
from tests.rule_cases import gap_cases
from tests.statements import counted
from tests.usecases.importing import PRACTICE, bring_in
from tests.usecases.stored_facts import store

TODAY = NOW.date()


def assert_told_the_same(session: Session, on: date, client_ids: list[int]) -> int:
    """Of each client; answers how many gaps there are."""
    asked = CoverageDay(on, PRACTICE)
    narrow, full = FactsOfDay(session, asked).load(client_ids), load_facts(session, client_ids)
    of_gaps = FactsOfDay(session, asked, gaps_only=True).load(client_ids)
    assert set(narrow) == set(of_gaps) == set(full)
    told = 0
    for client_id, client in full.items():
        gaps = findings(client, CoverageDay(on, PRACTICE))
        assert findings(narrow[client_id], asked) == findings(of_gaps[client_id], asked) == gaps
        assert first_sessions(narrow[client_id], asked) == first_sessions(client, asked)
        assert next_turn(narrow[client_id], asked) == next_turn(client, CoverageDay(on, PRACTICE))
        assert lines_that_turn(narrow[client_id], asked) == lines_that_turn(client, asked)
        told += len(gaps)
    return told


@pytest.fixture(scope="module")
def shared(migrated_sqlite: Path) -> Iterator[Session]:
    engine = make_engine(f"sqlite:///{migrated_sqlite}")
    with Session(engine) as session:
        yield session
    engine.dispose()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(nearly_well(), min_size=1, max_size=8))
def test_of_any_clients_who_are_nearly_well(shared: Session, drawn: list[tuple[ClientFacts, date]]) -> None:
    try:
        ids = store(shared, [client for client, _ in drawn])
        for on in {on for _, on in drawn}:
            assert_told_the_same(shared, on, ids)
    finally:
        shared.rollback()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(facts(), min_size=1, max_size=3), st.lists(days(200), min_size=1, max_size=4))
def test_of_any_clients_on_any_day(shared: Session, clients: list[ClientFacts], asked: list[date]) -> None:
    try:
        ids = store(shared, clients)
        for on in asked:
            assert_told_the_same(shared, on, ids)
    finally:
        shared.rollback()


def test_of_many_clients_on_both_databases(session: Session) -> None:
    random = Random(11)
    edgy = [one_nearly_well(random) for _ in range(80)]
    ids = store(session, [client for client, _ in edgy] + [one_of_any_kind(random) for _ in range(60)])
    on_days = [*(on for _, on in edgy[:6]), *(WORLD + timedelta(days=n) for n in range(-200, 250, 90))]
    assert all(assert_told_the_same(session, on, ids) for on in on_days)


def test_of_the_sample_practice_on_many_days(session: Session) -> None:
    bring_in(session, SAMPLE)
    ids = list(session.scalars(select(Client.id)))
    assert all(assert_told_the_same(session, TODAY + timedelta(days=n), ids) for n in (-60, 0, 1, 15, 40))


def test_of_the_demonstration_on_many_days(session: Session) -> None:
    load_demo(session, TODAY, PRACTICE, NOW)
    ids = list(session.scalars(select(Client.id)))
    for n in range(-90, 100, 15):
        assert_told_the_same(session, TODAY + timedelta(days=n), ids)


def test_each_worked_case_is_reported_and_kept_as_written(session: Session) -> None:
    for case in gap_cases():
        on, (client_id,) = date.fromisoformat(case.raw["on"]), store(session, [case.facts])
        reported = gaps_on(session, LOCAL_USER, on, case.practice)
        refresh(session, [client_id], on, case.practice)
        told = [[g.service_line, g.code, g.severity, _text(g.mend_by), g.at_risk] for g in reported]
        assert told == case.expect, case.name
        assert kept(session) == sorted(case.expect, key=str), case.name


def kept(session: Session) -> list[list[object]]:
    of = CoverageFinding.__table__.c
    rows = session.execute(
        select(ServiceLine.code, of.code, of.severity, of.mend_by, of.at_risk).join(
            ServiceLine, ServiceLine.id == of.service_line_id
        )
    )
    return sorted(
        ([line, code, severity, _text(day), number] for line, code, severity, day, number in rows), key=str
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def test_sessions_out_of_sight_but_the_last_past_one_stay_in_the_database(session: Session) -> None:
    client = builders.a_client(session, ["ST"])
    aetna = builders.a_payor(session)
    builders.a_funding_source(session, client, aetna)
    builders.a_case_manager(session, client, "ST", builders.a_clinician(session, ["ST"], [aetna]))
    for days_away in (-200, -20, -1, 0, 14, 15, 16, 70, 300):
        builders.an_appointment(session, client, NOW + timedelta(days=days_away), "ST")
    builders.an_appointment(session, client, NOW, "ST", status="cancelled")
    builders.an_appointment(session, client, NOW, "ST", billable=False)

    found = FactsOfDay(session, CoverageDay(TODAY, PRACTICE)).load([client.id])[client.id].appointments

    assert sorted((a.starts_at.date() - TODAY).days for a in found) == [-1, 0, 14, 15]


def test_what_clients_share_is_loaded_once(session: Session, engine: Engine) -> None:
    aetna = builders.a_payor(session)
    mei = builders.a_clinician(session, ["ST"], [aetna])
    ids = []
    for _ in range(3):
        client = builders.a_client(session, ["ST"])
        builders.a_funding_source(session, client, aetna)
        builders.a_case_manager(session, client, "ST", mei)
        ids.append(client.id)
    loading = FactsOfDay(session, CoverageDay(TODAY, Practice(ZONE)))
    with counted(engine) as first:
        one = loading.load(ids[:1])
    with counted(engine) as then:
        others = loading.load(ids[1:])
    assert (len(first), len(then)) == (5, 4)
    people = {id(client.case_managers[0].clinician) for client in (one | others).values()}
    payors = {id(client.funding_sources[0].payor) for client in (one | others).values()}
    assert len(people) == len(payors) == 1


def test_of_all_clients_each_comes_once_whatever_fits_into_a_batch(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"C{place}" for place in range(5)]
    clients = [builders.a_client(session, ["ST"], number=number) for number in numbers]
    asked = CoverageDay(TODAY, PRACTICE)
    for at_once in (1, 2, 5, 6):
        monkeypatch.setattr(facts_of_day, "CLIENTS_AT_ONCE", at_once)
        found = [(key, facts.number) for key, facts in facts_of_all(session, LOCAL_USER, asked)]
        assert found == [(client.public_id, number) for client, number in zip(clients, numbers, strict=True)]

"""No day has two case managers of a client's service line, or two primary funding sources of a client."""

import re
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from caseapp.models import CaseManager, Client, FundingSource, begin_write, broken_constraint, new_public_id
from tests.builders import (
    RECORDED_AT,
    Row,
    a_case_manager,
    a_client,
    a_clinician,
    a_funding_source,
    a_payor,
    a_service_line,
)
from tests.databases import ONE_DATABASE

JANUARY: dict[str, Any] = {"start_date": date(2026, 1, 1), "end_date": date(2026, 1, 31)}
FEBRUARY: dict[str, Any] = {"start_date": date(2026, 2, 1), "end_date": date(2026, 2, 28)}
SHARES_A_DAY: dict[str, dict[str, Any]] = {
    "its first day": {"start_date": date(2025, 12, 1), "end_date": date(2026, 1, 1)},
    "its last day": {"start_date": date(2026, 1, 31), "end_date": date(2026, 2, 10)},
    "all its days": {"start_date": date(2025, 1, 1), "end_date": date(2026, 12, 31)},
    "a day within": {"start_date": date(2026, 1, 15), "end_date": date(2026, 1, 15)},
    "an open end": {"start_date": date(2025, 1, 1), "end_date": None},
}


def refused(session: Session, statement: Any) -> str | None:
    with pytest.raises(IntegrityError) as error:
        session.execute(statement)
    session.rollback()
    return broken_constraint(error.value)


@pytest.mark.parametrize("dates", SHARES_A_DAY.values(), ids=list(SHARES_A_DAY))
def test_two_case_managers_share_no_day(session: Session, dates: dict[str, Any]) -> None:
    client = a_client(session)
    a_case_manager(session, client, **JANUARY)
    with pytest.raises(IntegrityError) as error:
        a_case_manager(session, client, **dates)
    assert broken_constraint(error.value) == "case_manager_overlap"


def test_a_day_after_an_open_end_is_shared(session: Session) -> None:
    client = a_client(session)
    a_case_manager(session, client, start_date=date(2026, 1, 1))
    with pytest.raises(IntegrityError) as error:
        a_case_manager(session, client, start_date=date(2030, 1, 1))
    assert broken_constraint(error.value) == "case_manager_overlap"


def test_case_managers_may_follow_each_other_from_one_day_to_the_next(session: Session) -> None:
    client = a_client(session)
    a_case_manager(session, client, **FEBRUARY)
    a_case_manager(session, client, **JANUARY)
    a_case_manager(session, client, start_date=date(2026, 3, 1))


def test_another_client_another_line_and_a_removed_one_do_not_hinder(session: Session) -> None:
    client = a_client(session)
    a_case_manager(session, client, **JANUARY)
    a_case_manager(session, client, "ST", **JANUARY)
    a_case_manager(session, a_client(session), **JANUARY)
    for _ in range(2):
        a_case_manager(session, client, **JANUARY, removed_at=RECORDED_AT, removed_by="local user")


@pytest.mark.parametrize(
    "change",
    [
        {"start_date": date(2026, 1, 31)},
        {"start_date": date(2026, 1, 31), "end_date": None},
        {"service_line": "ABA", "start_date": date(2025, 12, 1)},
        {"client": True},
        {"removed_at": None},
    ],
    ids=["start", "start and end", "line", "client", "removal undone"],
)
def test_an_update_into_an_overlap_is_refused(session: Session, change: dict[str, Any]) -> None:
    client = a_client(session)
    first = a_case_manager(session, client, **JANUARY)
    moves: dict[str, Any] = dict(change)
    owner, line, dates = client, "ABA", FEBRUARY
    if moves.pop("client", False):
        owner, dates, moves["client_id"] = a_client(session), JANUARY, client.id
    if code := moves.pop("service_line", None):
        line, dates, moves["service_line_id"] = "ST", JANUARY, a_service_line(session, code).id
    removal: dict[str, Any] = {}
    if "removed_at" in moves:
        removal, dates = {"removed_at": RECORDED_AT}, JANUARY
    second = a_case_manager(session, owner, line, **dates, **removal)
    assert second.id != first.id
    assert refused(session, update(CaseManager).where(CaseManager.id == second.id).values(moves)) == (
        "case_manager_overlap"
    )


def test_a_case_manager_does_not_overlap_itself(session: Session) -> None:
    made = a_case_manager(session, a_client(session), **JANUARY)
    session.execute(update(CaseManager).where(CaseManager.id == made.id).values(end_date=None))
    session.commit()


def test_one_save_can_end_the_one_and_start_the_other(session: Session) -> None:
    client = a_client(session)
    first = a_case_manager(session, client)
    begin_write(session)
    session.execute(update(CaseManager).where(CaseManager.id == first.id).values(end_date=date(2026, 1, 31)))
    a_case_manager(session, client, **FEBRUARY)


@pytest.mark.parametrize("dates", SHARES_A_DAY.values(), ids=list(SHARES_A_DAY))
def test_two_primaries_share_no_day(session: Session, dates: dict[str, Any]) -> None:
    client = a_client(session)
    a_funding_source(session, client, **JANUARY)
    with pytest.raises(IntegrityError) as error:
        a_funding_source(session, client, **dates)
    assert broken_constraint(error.value) == "primary_overlap"


def test_primaries_may_follow_each_other_and_other_priorities_may_overlap(session: Session) -> None:
    client, payor = a_client(session), a_payor(session)
    a_funding_source(session, client, payor, **JANUARY)
    a_funding_source(session, client, payor, **FEBRUARY)
    for priority in ("secondary", "tertiary", "inactive"):
        for _ in range(2):
            a_funding_source(session, client, priority=priority, **JANUARY)


@pytest.mark.parametrize("change", [{"priority": "primary"}, {"start_date": date(2026, 1, 31)}])
def test_an_update_into_a_second_primary_is_refused(session: Session, change: dict[str, Any]) -> None:
    client = a_client(session)
    a_funding_source(session, client, **JANUARY)
    second = (
        a_funding_source(session, client, priority="secondary", **JANUARY)
        if "priority" in change
        else a_funding_source(session, client, **FEBRUARY)
    )
    assert refused(session, update(FundingSource).where(FundingSource.id == second.id).values(change)) == (
        "primary_overlap"
    )


def test_an_upsert_of_the_same_row_is_no_overlap(session: Session) -> None:
    client = a_client(session)
    made = a_case_manager(session, client, **JANUARY)
    copied = ", ".join(CaseManager.__table__.columns.keys())
    session.execute(
        text(
            f"INSERT INTO case_manager ({copied}) SELECT {copied} FROM case_manager WHERE id = :id "
            "ON CONFLICT (public_id) DO UPDATE SET end_date = '2026-02-10'"
        ),
        {"id": made.id},
    )
    session.commit()
    assert session.scalars(select(CaseManager.end_date)).all() == [date(2026, 2, 10)]


def _save(engine: Engine, start: Barrier, values: dict[str, Any], locks: bool, outcomes: list[str]) -> None:
    """A save without its check: the database alone keeps the days apart."""
    with Session(engine) as session:
        start.wait(timeout=20)
        try:
            begin_write(session)
            if locks:
                session.execute(select(Client.id).where(Client.id == values["client_id"]).with_for_update())
            session.execute(insert(CaseManager).values(public_id=new_public_id(), **values))
            session.commit()
        except IntegrityError as error:
            outcomes.append(broken_constraint(error) or "another constraint")
        except OperationalError as error:
            outcomes.append("deadlock" if "deadlock" in str(error) else str(error))
        else:
            outcomes.append("saved")


@pytest.mark.parametrize(
    ("locks", "rounds"), [(True, 20), (False, 3)], ids=["client locked", "nothing locked"]
)
def test_of_two_who_save_at_once_one_is_refused(
    engine: Engine, session: Session, locks: bool, rounds: int
) -> None:
    """With the client's row locked first, the second always hears of the overlap.

    Without the lock two inserts can wait for each other on PostgreSQL, until it ends one after a second;
    the days are kept apart all the same.
    """
    clinician = a_clinician(session)
    line = a_service_line(session)
    for _ in range(rounds):
        client: Row = a_client(session)
        values = {
            "client_id": client.id,
            "service_line_id": line.id,
            "clinician_id": clinician.id,
            "recorded_at": RECORDED_AT,
            **JANUARY,
        }
        start, outcomes = Barrier(2), list[str]()
        threads = [Thread(target=_save, args=(engine, start, values, locks, outcomes)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        refusals = sorted(outcomes)
        refusals.remove("saved")
        assert refusals == ["case_manager_overlap"] or (refusals == ["deadlock"] and not locks)
        stored = select(func.count()).select_from(CaseManager).where(CaseManager.client_id == client.id)
        assert session.scalar(stored) == 1
        session.rollback()


@ONE_DATABASE
@pytest.mark.parametrize("name", ["case_manager_overlap", "primary_overlap"])
def test_the_triggers_of_sqlite_look_into_an_index(session: Session, name: str) -> None:
    """An import of a million rows must not read the table once for each of them."""
    trigger = session.scalars(
        text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": f"{name}_insert"}
    ).one()
    found = re.search(r"EXISTS \((.*)\)\nBEGIN", trigger, re.DOTALL)
    assert found
    query = re.sub(r"NEW\.\w+", "'1'", found[1])
    (step,) = session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert step.detail.startswith("SEARCH other USING ")
    assert "client_id=?" in step.detail

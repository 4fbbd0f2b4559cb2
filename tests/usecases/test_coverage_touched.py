from datetime import date

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageFinding, CoverageTurn, begin_write
from caseapp.usecases.coverage_gap import ALREADY, refresh
from caseapp.usecases.coverage_touched import refresh_touched
from tests import builders
from tests.client_lists import TODAY
from tests.conftest import ZONE
from tests.statements import counted

PRACTICE = Practice(ZONE)


def kept(session: Session) -> tuple[list[tuple[int, str, str]], list[tuple[int, date | None]]]:
    """The findings (client, code, words) and turns (client, day) as they stand."""
    session.rollback()
    findings = session.execute(
        select(CoverageFinding.client_id, CoverageFinding.code, CoverageFinding.message)
    )
    turns = session.execute(select(CoverageTurn.client_id, CoverageTurn.next_turn))
    return sorted((row[0], row[1], row[2]) for row in findings), sorted(
        ((row[0], row[1]) for row in turns), key=str
    )


@pytest.fixture
def ids(session: Session) -> list[int]:
    """Three clients whom nobody covers, judged."""
    made = [builders.a_client(session, ["ABA", "ST"]).id for _ in range(3)]
    begin_write(session)
    refresh(session, made, TODAY, PRACTICE)
    session.commit()
    return made


def touch(session: Session, ids: list[int]) -> None:
    begin_write(session)
    refresh_touched(session, select(Client.id).where(Client.id.in_(ids)), TODAY, PRACTICE)
    session.commit()


def test_what_is_touched_is_equal_to_a_recomputation(session: Session, ids: list[int]) -> None:
    judged = kept(session)
    begin_write(session)
    session.execute(update(CoverageFinding).values(message="old"))
    session.execute(update(CoverageTurn).values(next_turn=None))
    session.commit()

    touch(session, ids)

    assert kept(session) == judged


def test_who_was_never_judged_is_judged(session: Session) -> None:
    client = builders.a_client(session, ["ABA"])

    touch(session, [client.id])

    findings, turns = kept(session)
    assert {finding[0] for finding in findings} == {turn[0] for turn in turns} == {client.id}


def test_more_than_a_batch_are_marked_due_in_two_statements(
    session: Session, engine: Engine, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.usecases.coverage_touched.BATCH", 2)

    with counted(engine) as sent:
        touch(session, ids)

    assert {turn for _, turn in kept(session)[1]} == {ALREADY}
    assert len(sent) == 2


def test_nobody_touched_changes_nothing(session: Session, ids: list[int]) -> None:
    judged = kept(session)

    touch(session, [])

    assert kept(session) == judged

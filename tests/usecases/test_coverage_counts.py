import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import CoverageFinding, begin_write
from caseapp.usecases import coverage_counts
from caseapp.usecases.coverage_counts import errors_of_today
from caseapp.usecases.coverage_gap import mark_due
from tests.usecases.save_desk import PRACTICE, TODAY, a_desk


def due(session: Session) -> None:
    """A client with two errors, whose turn to be judged has come: nothing is kept of them yet."""
    desk = a_desk(session)
    desk.session_on("2026-11-24T09:00")
    begin_write(session)
    mark_due(session)
    session.execute(delete(CoverageFinding))
    session.commit()


def test_whose_turn_has_come_is_judged_before_the_errors_are_counted(session: Session) -> None:
    due(session)

    assert errors_of_today(session, LOCAL_USER, TODAY, PRACTICE) == (2, True)


def test_after_many_batches_it_says_that_not_everybody_was_judged(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(session)
    monkeypatch.setattr(coverage_counts, "MOST_BATCHES", 3)
    batches: list[None] = []

    def judge_nobody(*_: object) -> bool:
        batches.append(None)
        return True

    monkeypatch.setattr(coverage_counts, "refresh_due", judge_nobody)

    assert errors_of_today(session, LOCAL_USER, TODAY, PRACTICE)[1] is False
    assert len(batches) == 3

"""The list of gaps is the same from the kept findings as judged anew. On both databases."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import CoverageFinding, CoverageTurn
from caseapp.usecases.gap_report import ReportedGap, gaps_on, gaps_today
from tests.conftest import NOW
from tests.practice_files import SAMPLE
from tests.usecases.importing import PRACTICE, bring_in

TODAY = NOW.date()


def test_kept_and_judged_anew_are_the_same_today_and_later(session: Session) -> None:
    bring_in(session, SAMPLE)

    for days in (0, 1, 9, 40):
        on = TODAY + timedelta(days=days)
        judged = gaps_on(session, LOCAL_USER, on, PRACTICE)
        assert gaps_today(session, LOCAL_USER, on, PRACTICE) == judged
        assert judged


def test_another_day_leaves_what_is_kept_alone(session: Session) -> None:
    bring_in(session, SAMPLE)
    kept = session.execute(select(CoverageFinding.__table__)).all()

    gaps_on(session, LOCAL_USER, TODAY + timedelta(days=30), PRACTICE)

    assert session.execute(select(CoverageFinding.__table__)).all() == kept


def test_findings_of_a_later_day_are_not_told_as_todays(session: Session) -> None:
    """The clock was set back."""
    bring_in(session, SAMPLE)
    right = gaps_today(session, LOCAL_USER, TODAY, PRACTICE)
    gaps_today(session, LOCAL_USER, TODAY + timedelta(days=40), PRACTICE)
    session.execute(update(CoverageTurn).values(asked_on=TODAY + timedelta(days=40)))
    session.commit()

    assert gaps_today(session, LOCAL_USER, TODAY, PRACTICE) == right


def test_an_empty_practice_has_no_gaps(session: Session) -> None:
    nothing: list[ReportedGap] = []
    assert gaps_today(session, LOCAL_USER, TODAY, PRACTICE) == nothing
    assert gaps_on(session, LOCAL_USER, TODAY, PRACTICE) == nothing

"""Any plan that is applied leaves the days of each line as they were, and undoing it leaves no trace."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOverEntry
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, Clinician
from caseapp.usecases.demo import load_demo
from caseapp.usecases.hand_over import ApplyRequest, apply_hand_over
from caseapp.usecases.hand_over_drawn import DrawnLine
from caseapp.usecases.hand_over_plan import Plan, open_plan
from caseapp.usecases.hand_over_undo import undo_hand_over
from caseapp.usecases.outcome import Saved
from tests.conftest import NOW, ZONE
from tests.databases import ONE_DATABASE
from tests.usecases.importing import write_out

PRACTICE = Practice(ZONE)
TODAY = NOW.date()
Days = dict[tuple[int, int], set[date]]


@pytest.fixture
def demo(session: Session) -> Session:
    load_demo(session, TODAY, PRACTICE, NOW)
    session.commit()
    return session


def covered(session: Session) -> Days:
    """The days of two years on which each line has a case manager; two on one day fail."""
    session.rollback()
    first, last = TODAY - timedelta(days=60), TODAY + timedelta(days=700)
    found: Days = {}
    rows = session.execute(
        select(
            CaseManager.client_id, CaseManager.service_line_id, CaseManager.start_date, CaseManager.end_date
        ).where(CaseManager.removed_at.is_(None))
    )
    for client, line, start, end in rows:
        begins, ends = max(start, first), min(end or last, last)
        days = {begins + timedelta(days=n) for n in range((ends - begins).days + 1)}
        own = found.setdefault((client, line), set())
        assert own.isdisjoint(days), "two case managers on one day"
        own |= days
    return {key: days for key, days in found.items() if days}


def an_entry(dice: random.Random, session: Session) -> HandOverEntry:
    clinicians = session.scalars(select(Clinician.public_id).order_by(Clinician.number)).all()
    first = TODAY + timedelta(days=dice.randint(0, 60))
    if dice.random() < 0.5:
        return HandOverEntry(clinician=dice.choice(clinicians), last_day=first.isoformat())
    last = first + timedelta(days=dice.randint(0, 120))
    return HandOverEntry(
        clinician=dice.choice(clinicians),
        kind="absence",
        first_away=first.isoformat(),
        last_away=dice.choice((last.isoformat(), "")),
    )


def a_line(dice: random.Random, line: DrawnLine) -> LineEntry:
    """The proposal, or anything else that somebody could choose."""
    entry = line.entry
    if line.could and dice.random() < 0.4:
        entry = replace(entry, successor=dice.choice(line.could)[0])
    if dice.random() < 0.3:
        later = date.fromisoformat(entry.start_date) + timedelta(days=dice.randint(0, 40))
        entry = replace(entry, start_date=later.isoformat())
    if dice.random() < 0.15:
        entry = replace(entry, leave_out=True, reason="stays")
    return entry


def without_errors(session: Session, entry: HandOverEntry, lines: list[LineEntry]) -> list[LineEntry]:
    """What is wrong is left out: the rules of each line do not hang on the others."""
    plan = open_plan(session, LOCAL_USER, NOW, PRACTICE, entry, lines=lines)
    assert isinstance(plan, Plan)
    return [
        replace(line.entry, leave_out=True, reason="not yet") if line.errors else line.entry
        for line in plan.lines
    ]


def files(session: Session, folder: Path) -> bytes:
    return (write_out(session, folder) / "case_managers.csv").read_bytes()


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """Folders that are not there yet, one after another."""
    return (tmp_path / str(number) for number in count())


@ONE_DATABASE
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_no_day_is_gained_or_lost_and_undoing_leaves_the_very_same_bytes(
    demo: Session, folders: Iterator[Path], seed: int
) -> None:
    dice = random.Random(seed)
    entry = an_entry(dice, demo)
    plan = open_plan(demo, LOCAL_USER, NOW, PRACTICE, entry)
    if not isinstance(plan, Plan) or not plan.lines:
        return
    lines = without_errors(demo, entry, [a_line(dice, line) for line in plan.lines])
    if all(line.leave_out for line in lines):
        return
    days, before = covered(demo), files(demo, next(folders))
    request = ApplyRequest(entry=entry, lines=tuple(lines), set_last_day=dice.random() < 0.5)

    outcome = apply_hand_over(demo, LOCAL_USER, NOW, PRACTICE, request)

    assert isinstance(outcome, Saved), outcome
    assert covered(demo) == days
    assert files(demo, next(folders)) != before
    assert isinstance(undo_hand_over(demo, LOCAL_USER, NOW, PRACTICE, outcome.public_id), Saved)
    assert files(demo, next(folders)) == before

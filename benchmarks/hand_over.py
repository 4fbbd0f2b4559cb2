"""What a hand-over's plan costs: of the clinician with the most lines, at most a part of sixty."""

import statistics
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.making import PRACTICE, settings_of
from benchmarks.practice import NOW, TODAY
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.hand_over_entry import HandOverEntry
from caseapp.models import CaseManager, Clinician
from caseapp.models.engine import make_engine
from caseapp.usecases.hand_over_plan import Plan, open_plan

_TURNS = 7


@dataclass(frozen=True, slots=True)
class Planned:
    """So many lines of a clinician's `all_lines` were planned, in seconds of CPU time (median)."""

    lines: int
    all_lines: int
    cpu: float


def plan(folder: Path) -> Planned:
    """Plan the first part of the largest caseload of somebody who stays, without drawing it."""
    engine = make_engine(settings_of(folder).database_url)
    times = []
    with Session(engine) as session:
        number = func.count(CaseManager.id)
        clinician, all_lines = session.execute(
            select(Clinician.public_id, number)
            .join(CaseManager, CaseManager.clinician_id == Clinician.id)
            .where(Clinician.active_to.is_(None), CaseManager.end_date.is_(None))
            .group_by(Clinician.id)
            .order_by(number.desc(), Clinician.id)
            .limit(1)
        ).one()
        last_day = (TODAY + timedelta(days=14)).isoformat()
        entry = HandOverEntry(clinician=clinician, last_day=last_day)
        for _ in range(_TURNS):
            session.rollback()
            begun = time.process_time()
            made = open_plan(session, LOCAL_USER, NOW, PRACTICE, entry)
            times.append(time.process_time() - begun)
    engine.dispose()
    assert isinstance(made, Plan)
    return Planned(len(made.lines), all_lines, statistics.median(times))

"""How fast coverage is judged: the domain's functions alone, and with loading what they ask."""

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.making import PRACTICE, settings_of
from benchmarks.practice import TODAY
from caseapp.domain.coverage_gap import coverage_gaps
from caseapp.models import Client
from caseapp.models.engine import make_engine
from caseapp.usecases.facts import load_facts

_AT_ONCE = 500
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Judged:
    """So many client service lines were loaded and judged, in seconds of CPU time, and had so many gaps."""

    lines: int
    gaps: int
    loading: float
    judging: float


def judge(folder: Path) -> Judged:
    """Load and judge the practice's first clients, at most 20,000."""
    engine = make_engine(settings_of(folder).database_url)
    lines = gaps = 0
    loading = judging = 0.0
    with Session(engine) as session:
        ids = list(session.execute(select(Client.id).order_by(Client.id).limit(_MOST)).scalars())
        for start in range(0, len(ids), _AT_ONCE):
            begun = time.process_time()
            facts = load_facts(session, ids[start : start + _AT_ONCE]).values()
            loaded = time.process_time()
            gaps += sum(len(coverage_gaps(client, TODAY, PRACTICE)) for client in facts)
            judging += time.process_time() - loaded
            loading += loaded - begun
            lines += sum(len(client.service_lines) for client in facts)
    engine.dispose()
    return Judged(lines, gaps, loading, judging)

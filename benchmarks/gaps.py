"""How fast the coverage of all clients is recomputed, loading what it asks included, and in what memory.

On one core: what a PostgreSQL server computes for it counts as well, as if both shared one.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.floor import floor_alone
from benchmarks.making import PRACTICE, bring_in
from benchmarks.practice import TODAY
from caseapp.domain.actor import LOCAL_USER
from caseapp.models import ClientServiceLine, CoverageTurn, migrate
from caseapp.models.engine import make_engine
from caseapp.practices import settle_memory
from caseapp.usecases.coverage_gap import mark_due, refresh_all_due
from caseapp.usecases.gap_report import gaps_on
from tests.postgresql_server import running_in

_LINES_A_REQUEST = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """Lines per second of CPU: `speed` to list the gaps of a day, `kept` to keep them anew besides.

    `peak` is the most memory that the process held, in MB of 10^6 bytes; `floor` what a floor took before and
    after each round, in seconds.
    """

    database: str
    lines: int
    gaps: int
    speed: float
    kept: float
    peak: float
    floor: float


def judge(url: str, beside: Path, requests: int) -> Judged:
    """Of the practice at this URL, several times where it is small: as many as `requests` is worth. It is
    written into.

    The same practice lies in the SQLite file `beside`, for the floor.
    """
    floors = [floor_alone(beside)]
    engine = make_engine(url)
    settle_memory()  # as the command does
    with Session(engine) as session:
        database = "SQLite" if engine.dialect.name == "sqlite" else "PostgreSQL"
        lines = session.execute(select(func.count()).select_from(ClientServiceLine)).scalar_one()
        rounds = max(1, _LINES_A_REQUEST * requests // max(lines, 1))
        cpu = _cpu(session)
        if rounds > 1:
            # What a small practice takes is else mostly what a new process reads and makes once.
            gaps_on(session, LOCAL_USER, TODAY, PRACTICE)
        listing = keeping = 0.0
        for _ in range(rounds):
            begun = cpu()
            gaps = gaps_on(session, LOCAL_USER, TODAY, PRACTICE)
            listing += cpu() - begun
            floors.append(floor_alone(beside))
        for _ in range(rounds):
            mark_due(session)
            session.commit()
            begun = cpu()
            refresh_all_due(session, TODAY, PRACTICE)
            keeping += cpu() - begun
    engine.dispose()
    done = lines * rounds
    return Judged(database, lines, len(gaps), done / listing, done / keeping, _peak_mb(), mean(floors))


def _cpu(session: Session) -> Callable[[], float]:
    """Tells the seconds of CPU of this process and of the server's that answers it."""
    if session.get_bind().dialect.name == "sqlite":
        return time.process_time
    pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    stat, tick = Path(f"/proc/{pid}/stat"), os.sysconf("SC_CLK_TCK")

    def seconds() -> float:
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return time.process_time() + (int(user) + int(system)) / tick

    return seconds


def _peak_mb() -> float:
    """Not from `resource`, which tells of a new process what its parent held."""
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in status if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6


@contextmanager
def on_postgresql(root: Path, clients: int) -> Iterator[str]:
    """The URL of the same practice on PostgreSQL, imported from the same files, kept for the next run."""
    folder = root / "postgresql"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    name = f"practice_{clients}"
    with running_in(folder / "data", keep=True) as server:
        there = server.url(name)
        if not server.has(name):
            server.execute(f"CREATE DATABASE {name}")
        engine = make_engine(there)
        with Session(engine) as session:
            migrate.upgrade(engine)
            if session.execute(select(CoverageTurn.client_id).limit(1)).first() is None:
                session.rollback()
                bring_in(session, root / f"practice-{clients}" / "files")
                session.commit()
                server.execute("VACUUM ANALYZE", database=name)
        engine.dispose()
        yield there

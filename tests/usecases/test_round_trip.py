"""After any work at the desk, the files that are written bring back the very same practice."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.interim_return import findings
from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageFinding, ServiceLine, migrate
from caseapp.models.engine import make_engine
from caseapp.usecases.coverage_gap import refresh_all_due
from caseapp.usecases.demo import load_demo
from caseapp.usecases.facts import load_facts
from tests.conftest import NOW, ZONE
from tests.databases import ONE_DATABASE
from tests.usecases.edit_time import Rounds
from tests.usecases.importing import bring_in, emptied, told, write_out
from tests.usecases.random_edits.desk import Desk

SAMPLE = Path(__file__).parent.parent / "data" / "practice-synthea"
PRACTICE = Practice(ZONE)
TODAY = NOW.date()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def kept(session: Session) -> set[tuple[object, ...]]:
    rows = session.execute(
        select(
            CoverageFinding.client_id,
            ServiceLine.code,
            CoverageFinding.code,
            CoverageFinding.mend_by,
            CoverageFinding.at_risk,
            CoverageFinding.message,
        ).join(ServiceLine, ServiceLine.id == CoverageFinding.service_line_id)
    )
    return {tuple(row) for row in rows}


def recomputed(session: Session) -> set[tuple[object, ...]]:
    facts = load_facts(session, list(session.execute(select(Client.id)).scalars()))
    return {
        (client_id, gap.service_line, gap.code, gap.mend_by, gap.at_risk, gap.message)
        for client_id, of in facts.items()
        for gap in findings(of, CoverageDay(TODAY, PRACTICE))
    }


def begin(session: Session, practice: str) -> None:
    """The practice as it is before anybody works on it."""
    emptied(session)
    if practice == "demonstration":
        load_demo(session, TODAY, PRACTICE, NOW)
        session.commit()
    else:
        bring_in(session, SAMPLE)


def brought_back(folder: Path, to: Path) -> Path:
    """What the export in `folder` becomes, brought in where there is nothing, and written out again."""
    to.mkdir()
    engine = make_engine(f"sqlite:///{to / 'again.db'}")
    migrate.upgrade(engine)
    with Session(engine) as again:
        report = bring_in(again, folder)
        assert told(report) == []
        written = write_out(again, to / "again")
    engine.dispose()
    return written


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("practice", ["demonstration", "sample"])
@ONE_DATABASE
def test_export_import_export_is_the_same_after_random_work(
    session: Session, practice: str, seed: int, rounds: Rounds, tmp_path: Path
) -> None:
    for number in rounds(1):
        # A long run begins anew from time to time: a practice in which all is done already refuses much.
        begin(session, practice)
        desk = Desk(session, NOW, PRACTICE, seed + 10 * number)
        for part in range(2):
            desk.work(150)
            to = tmp_path / f"{number}-{part}"
            first = write_out(session, tmp_path / f"{number}-{part}-first")
            assert contents(brought_back(first, to)) == contents(first), f"seed {seed + 10 * number}"
            shutil.rmtree(first)
            shutil.rmtree(to)
        assert desk.saved > 60, "the desk must really have worked"


@pytest.mark.parametrize("seed", [4, 5])
@pytest.mark.parametrize("practice", ["demonstration", "sample"])
def test_kept_findings_equal_a_recomputation_after_random_work(
    session: Session, practice: str, seed: int
) -> None:
    begin(session, practice)
    desk = Desk(session, NOW, PRACTICE, seed)
    for _ in range(6):
        desk.work(20)
        refresh_all_due(session, TODAY, PRACTICE)
        assert kept(session) == recomputed(session)
        session.rollback()

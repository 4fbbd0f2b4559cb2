"""After any work at the desk, the files that are written bring back the very same practice."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.coverage_gap import coverage_gaps
from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageFinding, ServiceLine, migrate
from caseapp.models.engine import make_engine
from caseapp.usecases.coverage_gap import refresh_all_due
from caseapp.usecases.demo import load_demo
from caseapp.usecases.facts import load_facts
from tests.conftest import NOW, ZONE
from tests.usecases.importing import bring_in, write_out
from tests.usecases.random_edits import Desk

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
        for gap in coverage_gaps(of, TODAY, PRACTICE)
    }


@pytest.fixture(params=["demonstration", "sample"])
def practice(request: pytest.FixtureRequest, session: Session) -> Session:
    if request.param == "demonstration":
        load_demo(session, TODAY, ZONE, NOW)
    else:
        bring_in(session, SAMPLE)
    session.commit()
    return session


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_export_import_export_is_the_same_after_random_work(
    practice: Session, seed: int, tmp_path: Path
) -> None:
    desk = Desk(practice, NOW, PRACTICE, seed)
    desk.work(150)
    assert desk.saved > 30, "the desk must really have worked"
    first = write_out(practice, tmp_path / "first")

    engine = make_engine(f"sqlite:///{tmp_path / 'again.db'}")
    migrate.upgrade(engine)
    with Session(engine) as again:
        bring_in(again, first)
        second = write_out(again, tmp_path / "second")
    engine.dispose()

    assert contents(second) == contents(first)


@pytest.mark.parametrize("seed", [4, 5])
def test_kept_findings_equal_a_recomputation_after_random_work(practice: Session, seed: int) -> None:
    desk = Desk(practice, NOW, PRACTICE, seed)
    for _ in range(6):
        desk.work(20)
        refresh_all_due(practice, TODAY, PRACTICE)
        assert kept(practice) == recomputed(practice)
        practice.rollback()

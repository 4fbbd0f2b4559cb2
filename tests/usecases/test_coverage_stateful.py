"""Whatever is changed, and however the clock moves: findings that are read equal a full recomputation."""

import operator
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.interim_return import findings
from caseapp.domain.practice import Practice
from caseapp.formats.practice_source import find_practice
from caseapp.models import Client, CoverageFinding, ServiceLine
from caseapp.usecases.client_list import Question, client_list
from caseapp.usecases.coverage_gap import refresh_due
from caseapp.usecases.coverage_settings import follow_settings
from caseapp.usecases.facts import load_facts
from caseapp.usecases.gap_report import gaps_today
from caseapp.usecases.import_practice import import_practice
from tests.conftest import ZONE
from tests.databases import ONE_DATABASE
from tests.practice_files import write_files
from tests.usecases.edit_time import Rounds
from tests.usecases.importing import bring_in, emptied
from tests.usecases.random_edits.care import CARE
from tests.usecases.random_edits.desk import Desk
from tests.usecases.random_edits.files import changed_export
from tests.usecases.random_edits.people import PEOPLE
from tests.usecases.random_edits.staff import STAFF
from tests.usecases.small_practice import FILES

START = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)
EARLIEST, LATEST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
# Whoever is there on these days meets the end of a month, clocks that change, a leap day, a year's end.
TURNS = (
    date(2026, 11, 1),
    date(2026, 11, 30),
    date(2026, 12, 31),
    date(2027, 1, 31),
    date(2027, 3, 14),
    date(2027, 11, 7),
    date(2028, 2, 29),
)
ZONES = (ZONE, ZONE, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Auckland"), ZoneInfo("UTC"))
Told = tuple[Any, ...]
"""Client, service line, code, severity, mend-by, at risk, message."""
MINUTES = st.integers(1, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
DAYS = st.sampled_from((1, 2, 6, 13, 14, 15, 30, 45, 59, 60, 61, 89, 90, 91, 92)).map(timedelta)
TRIES = 4
SEEDS = st.integers(0, 2**32 - 1)


def told(client_id: int, gap: Gap) -> Told:
    return client_id, gap.service_line, gap.code, gap.severity, gap.mend_by, gap.at_risk, gap.message


class Coverage(RuleBasedStateMachine):
    """A practice, a clock, and readers.

    Not after every step is read: what was due already when it was changed must come true as well.
    """

    session: Session

    def __init__(self) -> None:
        super().__init__()
        emptied(self.session)
        self.folder = tempfile.TemporaryDirectory()
        bring_in(self.session, write_files(Path(self.folder.name) / "start", FILES))
        self.desk = Desk(self.session, START, Practice(ZONE), 0)
        follow_settings(self.session, START, self.desk.practice)
        self.steps = 0
        self.quiet = False
        self.judged: list[Told] = []

    @rule(name=st.sampled_from(CARE), seed=SEEDS, quiet=st.booleans())
    def care(self, name: str, seed: int, quiet: bool) -> None:
        self.work(name, seed, quiet)

    @rule(name=st.sampled_from(PEOPLE), seed=SEEDS, quiet=st.booleans())
    def people(self, name: str, seed: int, quiet: bool) -> None:
        self.work(name, seed, quiet)

    @rule(name=st.sampled_from(STAFF), seed=SEEDS, quiet=st.booleans())
    def staff(self, name: str, seed: int, quiet: bool) -> None:
        self.work(name, seed, quiet)

    def work(self, name: str, seed: int, quiet: bool) -> None:
        """Do a thing at the desk, typed anew a few times where it is refused."""
        desk, before = self.desk, self.desk.saved
        desk.random = random.Random(seed)
        for _ in range(TRIES):
            desk.do(name)
            if desk.saved > before:
                break
        self.quiet = quiet

    @rule(seed=SEEDS, quiet=st.booleans())
    def bring_in_a_changed_file(self, seed: int, quiet: bool) -> None:
        self.steps += 1
        folder = Path(self.folder.name) / str(self.steps)
        changed = changed_export(self.session, folder, random.Random(seed))
        source = find_practice(changed, self.desk.practice.zone)
        desk = self.desk
        report = import_practice(*desk.where, source, "changed", keep_going=True)
        note(f"{report.written} rows of {[file.file for file in report.files]}")
        self.quiet = quiet

    @rule(by=st.one_of(MINUTES, DAYS, DAYS.map(operator.neg)), quiet=st.booleans())
    def the_clock_moves(self, by: timedelta, quiet: bool) -> None:
        """On, and back: somebody sets it right, or a server stands in another place."""
        self.move(by, quiet)

    @rule(day=st.sampled_from(TURNS), hours=st.integers(-30, 30), quiet=st.booleans())
    def a_turn_comes(self, day: date, hours: int, quiet: bool) -> None:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.desk.practice.zone)
        self.move(midnight.astimezone(UTC) + timedelta(hours=hours) - self.desk.now, quiet)

    @rule(zone=st.sampled_from(ZONES), hours=st.sampled_from((0, 24, 48, 72)), quiet=st.booleans())
    def the_practice_starts_with_other_settings(self, zone: ZoneInfo, hours: int, quiet: bool) -> None:
        desk = self.desk
        desk.practice = Practice(zone, timedelta(hours=hours))
        follow_settings(self.session, desk.now, desk.practice)
        self.quiet = quiet

    def move(self, by: timedelta, quiet: bool) -> None:
        self.desk.now = min(max(self.desk.now.astimezone(UTC) + by, EARLIEST), LATEST)
        self.quiet = quiet

    @invariant()
    def what_is_read_equals_a_recomputation(self) -> None:
        if self.quiet:
            return
        self.quiet = True
        self.judged = self.recomputed()
        # Each reader comes first in its turn, for it brings up to date what the next ones read.
        readers = (self.report, self.everybody, self.some, self.page)
        self.steps += 1
        for reader in (*readers[self.steps % 4 :], *readers[: self.steps % 4]):
            reader()
            self.session.rollback()

    def teardown(self) -> None:
        self.quiet = False
        self.what_is_read_equals_a_recomputation()
        self.folder.cleanup()

    def report(self) -> None:
        """The gaps of today, as they are told in a terminal."""
        desk = self.desk
        gaps = gaps_today(self.session, LOCAL_USER, desk.today, desk.practice)
        numbers = dict(self.session.execute(select(Client.id, Client.number)).all())
        # A hand-over to offer is kept beside the gaps, and is none of them.
        judged = [(numbers[row[0]], *row[1:6]) for row in self.judged if row[3] != "information"]
        assert sorted(map(tuple, gaps), key=repr) == sorted(judged, key=repr)

    def everybody(self) -> None:
        """Whoever reads the findings of all clients."""
        self.refreshed(self.all())

    def some(self) -> None:
        """Whoever reads those of one client: the page of a client, and its Clinical tab."""
        self.refreshed(self.all()[self.steps % 3 : self.steps % 3 + 1])

    def refreshed(self, clients: list[int]) -> None:
        refresh_due(self.session, self.desk.today, self.desk.practice, clients)
        self.compare(clients)

    def page(self) -> None:
        """The list of clients, which looks itself whether anything is due."""
        desk = self.desk
        page = client_list(self.session, LOCAL_USER, Question(status=""), desk.now, desk.today, desk.practice)
        if page.next is None:
            self.compare(self.all())

    def all(self) -> list[int]:
        return list(self.session.scalars(select(Client.id).order_by(Client.id)))

    def compare(self, clients: list[int]) -> None:
        assert self.kept(clients) == [row for row in self.judged if row[0] in clients]

    def kept(self, clients: list[int]) -> list[Told]:
        found = CoverageFinding
        rows = self.session.execute(
            select(
                found.client_id,
                ServiceLine.code,
                found.code,
                found.severity,
                found.mend_by,
                found.at_risk,
                found.message,
            )
            .join(ServiceLine, ServiceLine.id == found.service_line_id)
            .where(found.client_id.in_(clients))
        )
        return sorted((tuple(row) for row in rows), key=repr)

    def recomputed(self) -> list[Told]:
        facts = load_facts(self.session, self.all())
        return sorted(
            (
                told(client_id, gap)
                for client_id, of in facts.items()
                for gap in findings(of, CoverageDay(self.desk.today, self.desk.practice))
            ),
            key=repr,
        )


def run(session: Session, examples: int, steps: int, rounds: Rounds) -> None:
    machine = type("CoverageHere", (Coverage,), {"session": session})
    for number in rounds(1):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                # The same steps each time; a long run takes new ones.
                derandomize=number == 0,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.generate, Phase.shrink),
            ),
        )


@ONE_DATABASE
def test_findings_equal_a_recomputation_whenever_they_are_read(session: Session, rounds: Rounds) -> None:
    run(session, 30, 30, rounds)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_a_server_findings_equal_a_recomputation(session: Session, rounds: Rounds) -> None:
    run(session, 5, 20, rounds)

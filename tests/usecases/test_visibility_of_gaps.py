"""What of coverage gaps, caseloads and the start page a clinician sees: own clients, on both databases."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.weekly import monday_of
from caseapp.models import CoverageTurn, begin_write
from caseapp.usecases.caseload_cases import cases
from caseapp.usecases.caseload_list import SORTS, caseload_list
from caseapp.usecases.caseload_list import Question as CaseloadQuestion
from caseapp.usecases.coverage_counts import counts, errors
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.coverage_impact import CauseOf, impacts
from caseapp.usecases.coverage_list import Question, all_gaps, gap_page, place_asked
from caseapp.usecases.coverage_on import all_of_day, gaps_of_day
from caseapp.usecases.home import home
from caseapp.usecases.payor_list import payor_list
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY, ask_as
from tests.conftest import NOW
from tests.usecases.test_visibility import PRACTICE, clinician

NOW_UTC = NOW.astimezone(UTC)


class Practice:
    """Priya has Milo, whom Sam has too; June is Sam's, who leaves. Nobody has the clients' ST."""

    def __init__(self, session: Session) -> None:
        aetna = builders.a_payor(session, name="Aetna")
        self.priya = builders.a_clinician(session, ["ABA"], [aetna], first_name="Priya", last_name="N")
        self.sam = builders.a_clinician(
            session, ["ABA"], [aetna], active_to=TODAY + timedelta(days=9), first_name="Sam", last_name="S"
        )
        self.milo, self.june = (self.a_client(session, name, aetna) for name in ("Milo", "June"))
        builders.a_case_manager(session, self.milo, "PT", self.priya)
        for client in (self.milo, self.june):
            builders.a_case_manager(session, client, "ABA", self.sam)
            builders.an_appointment(session, client, NOW + timedelta(hours=26), "ST", self.sam)
        begin_write(session)
        refresh(session, [self.milo.id, self.june.id], TODAY, PRACTICE)
        session.commit()
        self.me = clinician(self.priya)

    @staticmethod
    def a_client(session: Session, name: str, payor: Row) -> Row:
        client = builders.a_client(session, ["ABA", "ST", "PT"], last_name="Harper", first_name=name)
        builders.a_funding_source(session, client, payor)
        return client


@pytest.fixture
def practice(session: Session) -> Practice:
    return Practice(session)


def both(practice: Practice) -> list[tuple[Actor, set[str]]]:
    """(who asks, the clients whom they see)"""
    everybody = {practice.milo.public_id, practice.june.public_id}
    return [
        (LOCAL_USER, everybody),
        (practice.me, {practice.milo.public_id}),
        (clinician(None), set()),
    ]


def test_the_list_of_gaps_and_its_files_hold_to_own_clients(session: Session, practice: Practice) -> None:
    for actor, own in both(practice):
        for asked in (Question(), Question(severity="error"), Question(clinician=practice.sam.public_id)):
            assert {row.client for row in gap_page(session, actor, asked).rows} == own
            assert {row.client for row in all_gaps(session, actor, asked)} == own


def test_a_place_behind_another_client_is_unknown(session: Session, practice: Practice) -> None:
    rows = gap_page(session, LOCAL_USER, Question()).rows
    place = next(row.address_place for row in rows if row.client == practice.june.public_id)

    assert place_asked(session, LOCAL_USER, place)
    assert place_asked(session, practice.me, place) is None


def test_another_day_is_judged_for_own_clients(session: Session, practice: Practice) -> None:
    day = TODAY + timedelta(days=1)
    for actor, own in both(practice):
        found = gaps_of_day(session, actor, day, PRACTICE, Question())
        assert {row.client for row in found.page.rows} == own
        assert {row.client for row in all_of_day(session, actor, day, PRACTICE, Question())} == own
        assert found.counts.by_code.get("no_case_manager", 0) >= len(own)
        assert bool(found.counts.by_code) == bool(own)


def test_the_counts_are_those_of_own_clients(session: Session, practice: Practice) -> None:
    told = {}
    for actor, own in both(practice):
        number = errors(session, actor, TODAY, PRACTICE)
        found = counts(session, actor)
        listed = [row.kept for row in all_gaps(session, actor, Question())]
        assert number == sum(1 for kept in listed if kept.severity == "error")
        assert found.by_code == {
            code: n for code in TITLES if (n := sum(1 for kept in listed if kept.code == code))
        }
        told[len(own)] = number, found.at_risk
    assert told[2] > told[1] > told[0] == (0, 0)


def test_the_client_list_brings_the_number_of_errors_along(session: Session, practice: Practice) -> None:
    for actor, own in both(practice):
        number = errors(session, actor, TODAY, PRACTICE)
        assert ask_as(actor, session, errors=True).errors == (number if own else None)
        assert ask_as(actor, session).errors is None


def test_the_client_list_brings_no_number_where_somebody_is_still_to_be_judged(
    session: Session, practice: Practice
) -> None:
    begin_write(session)
    session.execute(
        update(CoverageTurn).where(CoverageTurn.client_id == practice.june.id).values(next_turn=TODAY)
    )
    session.commit()

    assert ask_as(practice.me, session, errors=True).errors is None


def test_what_a_cause_hits_is_told_of_own_clients(session: Session, practice: Practice) -> None:
    leaving = CauseOf("leaving", practice.sam.public_id)
    hit = [impacts(session, actor, [leaving]).get(leaving) for actor, _ in both(practice)]

    assert [impact.clients if impact else 0 for impact in hit] == [2, 1, 0]


def test_the_start_page_is_that_of_own_clients(session: Session, practice: Practice) -> None:
    for actor, own in both(practice):
        found = home(session, actor, NOW_UTC, PRACTICE)
        assert {row.client for row in found.to_mend} == own
        assert {row.client for row in found.beginnings} == own
        assert {change.clients for change in found.changes} == ({len(own)} if own else set())
        # Whether the practice has any clients is not told to who has none there.
        assert found.anybody


@pytest.mark.parametrize("sort", SORTS)
def test_a_clinician_has_their_own_caseload_alone(session: Session, practice: Practice, sort: str) -> None:
    asked = CaseloadQuestion(monday_of(TODAY), sort=sort)
    all_of_them = caseload_list(session, LOCAL_USER, asked, TODAY, PRACTICE)
    own = caseload_list(session, practice.me, asked, TODAY, PRACTICE)

    assert {row.name for row in all_of_them.rows} == {"N, Priya", "S, Sam"}
    assert [row for row in all_of_them.rows if row.name == "N, Priya"] == list(own.rows)
    assert caseload_list(session, clinician(None), asked, TODAY, PRACTICE).rows == ()


def test_the_list_behind_a_number_has_own_clients(session: Session, practice: Practice) -> None:
    for actor, own in both(practice):
        found = cases(session, actor, practice.sam.id, "clients", TODAY)
        assert {one.client for one in found.clients} == own
    after = practice.june.public_id
    beyond = cases(session, practice.me, practice.sam.id, "clients", TODAY, after)
    assert [one.client for one in beyond.clients] == [practice.milo.public_id]


def test_beside_a_payor_own_clients_are_counted(session: Session, practice: Practice) -> None:
    for actor, own in both(practice):
        (row,) = payor_list(session, actor, TODAY).rows
        assert row.clients == str(len(own))
        assert payor_list(session, actor, TODAY, row.id).rows == ()

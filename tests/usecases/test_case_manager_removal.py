from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.usecases.case_manager_removal import Gone, Removal, plan_removal
from caseapp.usecases.outcome import Refused, UnknownRecord
from tests import builders
from tests.conftest import NOW
from tests.usecases.save_desk import ANN, PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


@pytest.fixture
def since_november(desk: Desk) -> str:
    """The public ID of Mei, ST case manager since 2 November."""
    made = builders.a_case_manager(desk.session, desk.lea, "ST", desk.mei, start_date=date(2026, 11, 2))
    desk.refresh()
    return made.public_id


def plan(desk: Desk, case_manager: str) -> Any:
    return plan_removal(desk.session, LOCAL_USER, NOW, PRACTICE, desk.lea.public_id, case_manager)


def test_before_a_removal_is_told_what_it_leaves_uncovered(desk: Desk, since_november: str) -> None:
    desk.session_on("2026-11-01T09:00")
    desk.session_on("2026-11-03T09:00", status="completed")
    desk.session_on("2026-11-10T09:00", status="no_show")
    desk.session_on("2026-11-11T09:00", status="cancelled")
    desk.session_on("2026-11-12T09:00", billable=False)
    desk.session_on("2026-11-13T09:00", "ABA")
    desk.session_on("2026-11-22T12:00")
    before = desk.stored()
    told = plan(desk, since_november)
    assert [a.starts_at.day for a in told.past] == [3, 10]
    assert [a.starts_at.day for a in told.coming] == [22]
    assert told.last_covered == date(2026, 11, 10)
    assert told.needs_reason
    assert (told.case_manager.id, told.version) == (since_november, 1)
    assert desk.stored() == before


def test_without_past_sessions_no_reason_is_needed(desk: Desk, since_november: str) -> None:
    desk.session_on("2026-11-24T09:00")
    told = plan(desk, since_november)
    assert not told.needs_reason
    assert told.last_covered is None
    assert isinstance(desk.remove(since_november), Removal)
    assert desk.row(since_november).removed_reason is None


def test_what_is_removed_stays_with_who_when_and_why(desk: Desk, since_november: str) -> None:
    desk.session_on("2026-11-03T09:00")
    desk.remove(since_november, reason=" Wrong child. ", actor=ANN, version=1)
    row = desk.row(since_november)
    assert (row.removed_at, row.removed_by, row.removed_reason) == (NOW, "Ann Berg", "Wrong child.")
    assert (row.start_date, row.end_date, row.version) == (date(2026, 11, 2), None, 2)


def test_a_removal_records_the_whole_values(desk: Desk, since_november: str) -> None:
    desk.remove(since_november, reason="Wrong child.", actor=ANN)
    (event,) = desk.events()
    assert (event.action, event.entity, event.entity_id) == ("remove", "case_manager", since_november)
    assert (event.actor, event.at, event.reason) == ("Ann Berg", NOW, "Wrong child.")
    assert event.client_id == desk.lea.id
    assert event.before == {
        "service_line": "ST",
        "clinician": desk.mei.key,
        "start_date": "2026-11-02",
        "end_date": None,
        "for_clinician": None,
        "uncovered_left_at": None,
        "uncovered_left_reason": None,
        "version": 1,
    }
    assert event.after == event.before | {"version": 2, "removed_at": NOW.isoformat()}


def test_where_past_sessions_were_covered_a_reason_is_asked_for(desk: Desk, since_november: str) -> None:
    desk.session_on("2026-11-03T09:00")
    before = desk.stored()
    refused = desk.remove(since_november, reason=" \n ")
    assert isinstance(refused, Refused)
    assert [(f.code, f.field, f.message) for f in refused.errors] == [
        ("required", "reason", "Say why it is removed: it covered sessions that have taken place.")
    ]
    assert refused.version == 1
    assert desk.stored() == before
    assert desk.row(since_november).removed_at is None


def test_removing_again_writes_nothing(desk: Desk, since_november: str) -> None:
    desk.remove(since_november, reason="Wrong child.", actor=ANN)
    before = desk.stored()
    gone = desk.remove(since_november, reason="Another reason.")
    assert isinstance(gone, Gone)
    assert (gone.removed.by, gone.removed.at, gone.removed.reason) == ("Ann Berg", NOW, "Wrong child.")
    assert isinstance(plan(desk, since_november), Gone)
    assert desk.stored() == before


def test_what_was_changed_since_is_not_removed_unseen(desk: Desk, since_november: str) -> None:
    desk.saved(case_manager=since_november, version=1, start_date="2026-11-02", end_date="2027-01-31")
    before = desk.stored()
    refused = desk.remove(since_november, version=1)
    assert isinstance(refused, Refused)
    assert [finding.code for finding in refused.errors] == ["conflict"]
    assert "end date from open to 31 Jan 2027" in refused.errors[0].message
    assert refused.version == 2
    assert desk.stored() == before
    assert isinstance(desk.remove(since_november, version=2), Removal)


def test_the_findings_kept_are_those_without_it(desk: Desk, since_november: str) -> None:
    desk.session_on("2026-11-24T09:00")
    assert ("ST", "no_case_manager") not in [finding[:2] for finding in desk.kept()]
    desk.remove(since_november)
    assert ("ST", "no_case_manager") in [finding[:2] for finding in desk.kept()]
    assert desk.kept() == desk.recomputed()
    turns = desk.turns()
    desk.refresh()
    assert desk.turns() == turns


def test_its_days_are_free_again(desk: Desk, since_november: str) -> None:
    assert desk.refused(desk.jo) == ["overlap"]
    desk.remove(since_november)
    desk.saved(desk.jo)


def test_what_is_not_there_or_anothers_cannot_be_removed(desk: Desk, since_november: str) -> None:
    other = builders.a_client(desk.session, ["ST"])
    stranger = builders.Row(0, "x" * 20)
    before = desk.stored()
    for case_manager, client in (
        ("x" * 20, desk.lea),
        (since_november, other),
        (since_november, stranger),
    ):
        with pytest.raises(UnknownRecord):
            desk.remove(case_manager, client=client)
        with pytest.raises(UnknownRecord):
            plan_removal(desk.session, LOCAL_USER, NOW, PRACTICE, client.public_id, case_manager)
    assert desk.stored() == before

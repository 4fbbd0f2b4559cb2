"""What an accepted save writes: the row, the one that made room, and the whole values on record."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from tests import builders
from tests.conftest import NOW
from tests.usecases.save_desk import ANN, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def test_a_save_records_the_whole_values_and_who_gave_them(desk: Desk) -> None:
    outcome = desk.saved(actor=ANN, form_token="a-token", for_clinician=desk.jo.key)
    (event,) = desk.events()
    assert (event.actor, event.at, event.action, event.entity) == ("Ann Berg", NOW, "add", "case_manager")
    assert (event.entity_id, event.client_id, event.form_token) == (
        outcome.case_manager,
        desk.lea.id,
        "a-token",
    )
    assert event.before is None
    assert event.after == {
        "service_line": "ST",
        "clinician": desk.mei.key,
        "start_date": "2026-11-23",
        "end_date": None,
        "for_clinician": desk.jo.key,
        "version": 1,
    }
    assert desk.rows()[0].for_clinician_id == desk.jo.id


def test_an_edit_stores_the_next_version_and_keeps_what_was(desk: Desk) -> None:
    first = desk.saved().case_manager
    outcome = desk.saved(
        desk.jo, case_manager=first, version=1, end_date="2027-01-31", now=NOW + timedelta(hours=1)
    )
    assert outcome.case_manager == first
    (row,) = desk.rows()
    assert (row.version, row.clinician_id, row.end_date) == (2, desk.jo.id, date(2027, 1, 31))
    assert row.recorded_at == NOW
    event = desk.events()[-1]
    assert event.action == "edit"
    assert event.before == {
        "service_line": "ST",
        "clinician": desk.mei.key,
        "start_date": "2026-11-23",
        "end_date": None,
        "for_clinician": None,
        "uncovered_left_at": None,
        "uncovered_left_reason": None,
        "version": 1,
    }
    assert event.after == event.before | {
        "clinician": desk.jo.key,
        "end_date": "2027-01-31",
        "version": 2,
    }


def test_the_current_one_is_ended_in_the_same_save_with_an_event_of_its_own(desk: Desk) -> None:
    current = builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    desk.refresh()
    assert desk.refused() == ["overlap"]
    outcome = desk.saved(end_current=True, form_token="a-token")
    assert outcome.ended == current.public_id
    assert outcome.message == (
        "Saved: Mei Lindqvist is ST case manager from 23 Nov 2026. Jo Park ends the day before."
    )
    ended = desk.row(current.public_id)
    assert (ended.end_date, ended.version) == (date(2026, 11, 22), 2)
    end, add = desk.events()
    assert (end.action, end.entity_id, end.form_token) == ("end", current.public_id, None)
    assert (end.before["end_date"], end.after["end_date"]) == (None, "2026-11-22")
    assert (end.before["version"], end.after["version"]) == (1, 2)
    assert (add.action, add.entity_id, add.form_token) == ("add", outcome.case_manager, "a-token")
    assert desk.kept() == desk.recomputed()


def test_the_current_one_stays_where_the_save_is_refused(desk: Desk) -> None:
    current = builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    nobody = builders.a_clinician(desk.session, ["ST"], npi=None)
    assert desk.refused(nobody, end_current=True) == ["npi_missing", "not_enrolled"]
    assert desk.row(current.public_id).end_date is None


def test_ending_the_current_one_where_nobody_is_changes_nothing_besides(desk: Desk) -> None:
    outcome = desk.saved(end_current=True)
    assert outcome.ended is None
    assert len(desk.events()) == 1


def test_past_sessions_are_left_with_a_reason_and_the_moment_is_kept(desk: Desk) -> None:
    desk.session_on("2026-11-10T09:00")
    assert desk.refused() == ["starts_too_late"]
    assert desk.refused(leave_uncovered=True) == ["required"]
    saved = desk.saved(leave_uncovered=True, reason=" Entered late. ").case_manager
    row = desk.row(saved)
    assert (row.uncovered_left_at, row.uncovered_left_reason) == (NOW, "Entered late.")
    (event,) = desk.events()
    assert event.reason == "Entered late."
    assert event.after["uncovered_left_at"] == NOW.isoformat()
    assert event.after["uncovered_left_reason"] == "Entered late."
    assert desk.kept() == desk.recomputed()
    desk.saved(case_manager=saved, version=1, end_date="2027-01-31")
    assert desk.row(saved).uncovered_left_at == NOW
    assert desk.kept() == desk.recomputed()


def test_the_actor_of_today_is_the_local_user(desk: Desk) -> None:
    desk.saved()
    assert desk.events()[0].actor == LOCAL_USER.name == "local user"

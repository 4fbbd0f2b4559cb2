from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.client import ClientFacts, ClientServiceLine
from caseapp.usecases.case_manager_facts import Case, load_case
from caseapp.usecases.outcome import UnknownRecord
from tests import builders
from tests.conftest import NOW
from tests.usecases.save_desk import ANN, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def test_a_save_stores_the_row_and_says_so(desk: Desk) -> None:
    outcome = desk.saved(end_date="2027-06-30")
    assert outcome.message == "Saved: Mei Lindqvist is ST case manager from 23 Nov 2026 to 30 Jun 2027."
    (row,) = desk.rows()
    assert (row.public_id, row.client_id, row.clinician_id) == (
        outcome.case_manager,
        desk.lea.id,
        desk.mei.id,
    )
    assert (row.start_date, row.end_date) == (date(2026, 11, 23), date(2027, 6, 30))
    assert (row.version, row.recorded_at, row.for_clinician_id) == (1, NOW, None)
    assert outcome.warnings == ()


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


def test_every_broken_rule_is_told_and_nothing_is_stored(desk: Desk) -> None:
    assert desk.refused(service_line="ABA", clinician="nobody", start_date="") == [
        "required",
        "unknown_choice",
    ]
    desk.session_on("2026-11-23T09:00")
    assert desk.refused(service_line="ST") == ["starts_too_late"]


def test_warnings_come_with_what_was_saved(desk: Desk) -> None:
    builders.a_funding_source(desk.session, desk.lea, priority="secondary")
    assert [finding.code for finding in desk.saved().warnings] == ["secondary_not_enrolled"]


def test_a_full_caseload_counts_the_other_active_clients_of_the_start_date(desk: Desk) -> None:
    session = desk.session
    busy = builders.a_clinician(session, ["ST"], [desk.aetna], caseload_limit=1)
    others: list[dict[str, Any]] = [
        {"client": {"status": "discharged"}},
        {"end_date": date(2026, 11, 22)},
        {"start_date": date(2026, 11, 24)},
        {"removed_at": NOW, "removed_by": "local user"},
    ]
    for other in others:
        client = builders.a_client(session, ["ST"], **other.pop("client", {}))
        builders.a_case_manager(session, client, "ST", busy, **other)
    assert desk.saved(busy, end_date="2026-11-23").warnings == ()
    both = builders.a_client(session, ["ST", "OT"])
    builders.a_case_manager(session, both, "ST", busy)
    builders.a_case_manager(session, both, "OT", busy)
    (finding,) = desk.saved(busy, start_date="2026-11-24").warnings
    assert finding.code == "caseload_full"
    assert "now has 3 clients" in finding.message


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


def test_what_was_imported_wrong_can_be_ended(desk: Desk) -> None:
    wrong = builders.a_clinician(desk.session, ["OT"], npi=None, may_be_case_manager=False)
    stored = builders.a_case_manager(desk.session, desk.lea, "ST", wrong)
    outcome = desk.saved(
        wrong, case_manager=stored.public_id, version=1, start_date="2020-01-01", end_date="2026-11-22"
    )
    assert {finding.severity for finding in outcome.warnings} == {"warning"}
    assert desk.row(stored.public_id).end_date == date(2026, 11, 22)


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


@pytest.mark.parametrize("typed", [{}, {"end_date": "2026-11-30"}, {"start_date": "2026-11-22"}])
def test_the_findings_kept_are_those_of_the_facts_after_it(desk: Desk, typed: dict[str, str]) -> None:
    desk.session_on("2026-12-01T09:00")
    desk.session_on("2026-12-02T09:00", "ABA")
    assert desk.kept() == desk.recomputed()
    saved = desk.saved(**typed).case_manager
    assert desk.kept() == desk.recomputed()
    turns = desk.turns()
    desk.saved(desk.jo, case_manager=saved, version=1, **typed)
    assert desk.kept() == desk.recomputed()
    desk.refresh()
    assert desk.turns() == turns


def test_a_save_tells_which_lines_have_somebody_by_it_today(desk: Desk) -> None:
    today = desk.saved(start_date="2026-11-22")
    assert (set(today.covered), set(today.uncovered)) == ({"ST"}, set())
    moved = desk.saved(case_manager=today.case_manager, version=1, start_date="2026-11-23")
    assert (set(moved.covered), set(moved.uncovered)) == (set(), {"ST"})


def test_an_unknown_client_or_case_manager_is_not_told_apart_from_anothers(desk: Desk) -> None:
    other = builders.a_client(desk.session, ["ST"])
    theirs = builders.a_case_manager(desk.session, other, "ST", desk.jo)
    stranger = builders.Row(0, "x" * 20)
    before = desk.stored()
    for request in (
        {"client": stranger},
        {"case_manager": stranger.public_id, "version": 1},
        {"case_manager": theirs.public_id, "version": 1},
    ):
        with pytest.raises(UnknownRecord):
            desk.save(**request)
    assert desk.stored() == before


def a_stale_first_load(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """The first load sees what another writer has overtaken since."""
    loads: list[Case] = []

    def once_stale(*args: Any, **more: Any) -> Case:
        case = load_case(*args, **more)
        loads.append(case)
        return replace(case, **changes) if len(loads) == 1 else case

    monkeypatch.setattr("caseapp.usecases.case_manager.load_case", once_stale)


def test_where_the_database_refuses_the_days_the_overlap_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.a_case_manager(desk.session, desk.lea, "ST", desk.jo)
    a_stale_first_load(
        monkeypatch,
        facts=ClientFacts(service_lines=(ClientServiceLine(service_line="ST", start=date(2020, 1, 1)),)),
    )
    assert desk.refused() == ["overlap"]


def test_what_the_database_refuses_otherwise_is_not_hidden(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.stored()
    a_stale_first_load(monkeypatch, clinician_ids={desk.mei.key: 10**6})
    with pytest.raises(IntegrityError):
        desk.save()
    assert desk.stored() == before


def test_the_actor_of_today_is_the_local_user(desk: Desk) -> None:
    desk.saved()
    assert desk.events()[0].actor == LOCAL_USER.name == "local user"

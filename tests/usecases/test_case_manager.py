from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain.client import ClientFacts, ClientServiceLine
from caseapp.usecases.case_manager_facts import Case, load_case
from caseapp.usecases.outcome import UnknownRecord
from tests import builders
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.save_desk import Desk, a_desk


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


def test_what_was_imported_wrong_can_be_ended(desk: Desk) -> None:
    wrong = builders.a_clinician(desk.session, ["OT"], npi=None, may_be_case_manager=False)
    stored = builders.a_case_manager(desk.session, desk.lea, "ST", wrong)
    outcome = desk.saved(
        wrong, case_manager=stored.public_id, version=1, start_date="2020-01-01", end_date="2026-11-22"
    )
    assert {finding.severity for finding in outcome.warnings} == {"warning"}
    assert desk.row(stored.public_id).end_date == date(2026, 11, 22)


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
    a_stale_first_load(monkeypatch, clinician_ids={desk.mei.key: None})
    with pytest.raises(IntegrityError):
        desk.save()
    assert desk.stored() == before


def test_a_save_takes_as_many_statements_with_much_to_read_as_with_little(desk: Desk, engine: Engine) -> None:
    with counted(engine) as little:
        saved = desk.saved(form_token="a-token").case_manager
    for day in range(10, 20):
        desk.session_on(f"2026-12-{day}T09:00", "ABA")
    for n in range(5):
        builders.a_clinician(desk.session, ["ST"], [desk.aetna])
        builders.a_case_manager(
            desk.session, desk.lea, "ST", start_date=date(2020, 1, 1 + n), removed_at=NOW, removed_by="Ann"
        )
    desk.saved(case_manager=saved, version=1, end_date="2026-12-31")
    with counted(engine) as much:
        desk.saved(desk.jo, start_date="2027-01-01")
    # Five to read, the row, its event, and three to keep the findings.
    assert len(little) == len(much) == 10

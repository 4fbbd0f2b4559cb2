"""Adding, editing, ending and removing a client's service lines."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.client_service_line_entry import ServiceLineEntry
from caseapp.models import CaseManager, ClientServiceLine
from caseapp.usecases.client_service_line import SaveRequest, remove_service_line, save_service_line
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.client_lists import listed
from tests.conftest import NOW
from tests.statements import counted
from tests.usecases.client_desk import errors, events, everything, last_values, refused, rows, saved, terms
from tests.usecases.save_desk import ANN, PRACTICE, Desk, a_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    desk = a_desk(session)
    builders.a_service_line(session, "OT")
    listed(session, desk.lea)
    return desk


def send(desk: Desk, line: str | None = None, version: int | None = None, **typed: Any) -> Saved | Refused:
    flags = {
        name: typed.pop(name)
        for name in ("end_case_manager", "leave_sessions", "form_token")
        if name in typed
    }
    entry = ServiceLineEntry(**{"service_line": "OT", "start_date": "2026-11-01"} | typed)
    request = SaveRequest(client=desk.lea.public_id, entry=entry, service_line=line, version=version, **flags)
    return save_service_line(desk.session, ANN, NOW, PRACTICE, request)


def st_of(desk: Desk) -> Any:
    """The client's ST, which is open since long ago."""
    line = builders.a_service_line(desk.session, "ST")
    return rows(desk, ClientServiceLine, client_id=desk.lea.id, service_line_id=line.id)[0]


def end_st(desk: Desk, end: str = "2026-11-30", **more: Any) -> Saved | Refused:
    st = st_of(desk)
    typed = {"service_line": "ST", "start_date": st.start_date.isoformat(), "end_date": end}
    return send(desk, st.public_id, st.version, **typed | more)


def test_a_line_is_added_with_its_event_term_and_findings(desk: Desk) -> None:
    outcome = saved(send(desk))

    assert outcome.message == "Saved: OT from 1 Nov 2026."
    assert events(desk, desk.lea.id)[-1] == ("add", "client_service_line")
    assert last_values(desk) == {
        "service_line": "OT",
        "start_date": "2026-11-01",
        "end_date": None,
        "version": 1,
    }
    assert "#OT" in terms(desk, desk.lea.id)
    assert desk.kept() == desk.recomputed()
    assert ("OT", "no_case_manager") in [finding[:2] for finding in desk.kept()]


def test_the_same_line_on_the_same_day_is_told_in_one_sentence(desk: Desk) -> None:
    before = everything(desk)

    assert refused(send(desk, service_line="ST")) == [("start_date", "overlap")]
    assert everything(desk) == before


def test_ending_a_line_ends_its_case_manager_that_day_where_it_is_ticked(desk: Desk) -> None:
    cm = desk.saved().case_manager

    outcome = saved(end_st(desk, end_case_manager=True))

    assert [finding.code for finding in outcome.warnings] == ["case_manager_ended"]
    assert desk.row(cm).end_date == date(2026, 11, 30)
    assert events(desk, desk.lea.id)[-2:] == [("edit", "client_service_line"), ("end", "case_manager")]
    assert desk.kept() == desk.recomputed()


def test_without_the_tick_the_case_manager_stays(desk: Desk) -> None:
    cm = desk.saved().case_manager

    saved(end_st(desk))

    assert desk.row(cm).end_date is None


def test_an_end_before_the_last_session_names_it_and_is_kept_only_when_said(desk: Desk) -> None:
    desk.session_on("2026-12-03T09:00")
    before = everything(desk)

    outcome = end_st(desk)

    (finding,) = errors(outcome)
    assert (finding.field, finding.code) == ("end_date", "sessions_after")
    assert "ST on Thu 3 Dec, 9:00 am" in finding.message
    assert everything(desk) == before
    saved(end_st(desk, leave_sessions=True))
    assert st_of(desk).end_date == date(2026, 11, 30)
    assert desk.kept() == desk.recomputed()


def test_the_second_of_two_editors_is_told_what_the_first_changed(desk: Desk) -> None:
    saved(end_st(desk))

    outcome = send(
        desk, st_of(desk).public_id, 1, service_line="ST", start_date="2020-01-01", end_date="2026-12-31"
    )

    (finding,) = errors(outcome)
    assert finding.code == "conflict"
    assert "Ann Berg changed this service line" in finding.message
    assert "end date from open to 30 Nov 2026" in finding.message


def test_a_form_sent_twice_saves_once(desk: Desk) -> None:
    first = saved(send(desk, form_token="token-1"))
    before = everything(desk)

    assert send(desk, form_token="token-1") == first
    assert everything(desk) == before
    assert refused(send(desk, form_token="token-1", start_date="2026-11-02")) == [(None, "conflict")]


def test_a_line_entered_in_error_is_removed_and_stays_in_history(desk: Desk) -> None:
    line = saved(send(desk)).public_id

    outcome = saved(remove(desk, line, 1, reason="Typed twice"))

    assert outcome.message == "Removed: OT from 1 Nov 2026. It stays in History."
    assert rows(desk, ClientServiceLine, public_id=line) == []
    assert events(desk, desk.lea.id)[-1] == ("remove", "client_service_line")
    assert "#OT" not in terms(desk, desk.lea.id)
    assert desk.kept() == desk.recomputed()
    assert "removed before" in saved(remove(desk, line, 1)).message
    assert refused(send(desk, line, 1)) == [(None, "conflict")]


def remove(desk: Desk, line: str, version: int | None, **more: Any) -> Saved | Refused:
    return remove_service_line(
        desk.session, ANN, NOW, PRACTICE, desk.lea.public_id, line, version=version, **more
    )


def test_a_line_with_a_case_manager_or_sessions_is_not_removed(desk: Desk) -> None:
    desk.saved()
    desk.session_on("2026-12-03T09:00", "ABA")
    aba = next(
        row for row in rows(desk, ClientServiceLine, client_id=desk.lea.id) if row.id != st_of(desk).id
    )

    (held,) = errors(remove(desk, st_of(desk).public_id, None))
    (met,) = errors(remove(desk, aba.public_id, None))

    assert held.code == met.code == "in_use"
    assert "Mei Lindqvist is ST case manager" in held.message
    assert "1 ABA session lies within these days" in met.message
    assert len(rows(desk, CaseManager, removed_at=None)) == 1


def test_a_line_of_another_client_is_unknown(desk: Desk) -> None:
    other = builders.a_client(desk.session)
    line = builders.a_client_service_line(desk.session, other, "ABA")

    with pytest.raises(UnknownRecord):
        send(desk, line.public_id, 1)
    with pytest.raises(UnknownRecord):
        remove(desk, line.public_id, 1)


def test_an_edit_takes_at_most_twelve_statements(desk: Desk, engine: Engine) -> None:
    desk.saved()
    line = st_of(desk).public_id
    with counted(engine) as sent:
        saved(send(desk, line, 1, service_line="ST", start_date="2020-01-02"))

    assert len(sent) <= 12, sent

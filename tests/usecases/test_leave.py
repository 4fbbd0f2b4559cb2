from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.leave_entry import LeaveEntry
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, Leave
from caseapp.usecases.done import done_by
from caseapp.usecases.leave import LeaveRequest, LeavesOf, leaves_of, remove_leave, save_leave
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from tests import builders
from tests.builders import Row
from tests.conftest import NOW, ZONE

PRACTICE = Practice(ZONE)
VACATION = LeaveEntry(start_date="2026-12-07", end_date="2026-12-18", note="Vacation\r\nin Lisbon")


@pytest.fixture
def ada(session: Session) -> Row:
    return builders.a_clinician(session, number="K-1")


def save(session: Session, clinician: Row, entry: LeaveEntry = VACATION, **more: Any) -> Saved | Refused:
    request = LeaveRequest(clinician=clinician.public_id, entry=entry, **more)
    return save_leave(session, LOCAL_USER, NOW, PRACTICE, request)


def saved(session: Session, clinician: Row, entry: LeaveEntry = VACATION, **more: Any) -> Saved:
    outcome = save(session, clinician, entry, **more)
    assert isinstance(outcome, Saved), outcome
    return outcome


def refused(session: Session, clinician: Row, entry: LeaveEntry, **more: Any) -> list[tuple[str, str | None]]:
    outcome = save(session, clinician, entry, **more)
    assert isinstance(outcome, Refused), outcome
    return [(finding.code, finding.field) for finding in outcome.errors]


def remove(session: Session, clinician: Row, leave: str, version: int | None = None) -> Saved | Refused:
    return remove_leave(session, LOCAL_USER, NOW, PRACTICE, clinician.public_id, leave, version)


def count(session: Session, model: type[Leave] | type[AuditEvent]) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_leave_stands_with_its_note_and_is_on_record(session: Session, ada: Row) -> None:
    outcome = saved(session, ada)

    assert outcome.message == "Saved: Ada Okafor is on leave 7–18 Dec."
    (leave,) = leaves_of(session, ada.public_id).leaves.values()
    assert leave.values.note == "Vacation\nin Lisbon"
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.entity, event.subject_id) == ("add", "leave", ada.public_id)
    assert event.after == {
        "clinician": "K-1",
        "start_date": "2026-12-07",
        "end_date": "2026-12-18",
        "note": "Vacation\nin Lisbon",
        "version": 1,
    }


def test_all_that_is_wrong_is_told_at_once(session: Session, ada: Row) -> None:
    assert refused(session, ada, LeaveEntry(end_date="soon", note="x" * 10_001)) == [
        ("required", "start_date"),
        ("invalid_date", "end_date"),
        ("too_long", "note"),
    ]
    assert refused(session, ada, replace(VACATION, end_date="2026-12-06")) == [
        ("end_before_start", "end_date")
    ]
    assert refused(session, ada, replace(VACATION, note="a\x00b")) == [("not_text", "note")]


def test_leaves_may_overlap_and_that_is_told(session: Session, ada: Row) -> None:
    saved(session, ada)

    outcome = saved(session, ada, LeaveEntry(start_date="2026-12-18"))

    assert [(f.code, f.severity) for f in outcome.warnings] == [("leave_overlaps", "information")]
    assert outcome.warnings[0].message == "It overlaps another leave, 7–18 Dec. Both are kept."


def test_two_leaves_do_not_begin_on_one_day(session: Session, ada: Row) -> None:
    saved(session, ada)

    assert refused(session, ada, LeaveEntry(start_date="2026-12-07")) == [("taken", "start_date")]


def test_a_form_sent_twice_saves_once(session: Session, ada: Row) -> None:
    first = saved(session, ada, form_token="once")

    assert saved(session, ada, form_token="once") == first
    assert count(session, Leave) == count(session, AuditEvent) == 1
    assert refused(session, ada, replace(VACATION, note=""), form_token="once") == [("conflict", None)]
    assert refused(session, builders.a_clinician(session), VACATION, form_token="once") == [
        ("conflict", None)
    ]


def test_two_presses_at_the_same_moment_save_once(
    session: Session, ada: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = saved(session, ada, form_token="once")
    answers = [True]

    def blind(*given: Any, **more: Any) -> LeavesOf:
        of = leaves_of(*given, **more)
        return replace(of, leaves={}) if answers else of

    monkeypatch.setattr("caseapp.usecases.leave.leaves_of", blind)
    monkeypatch.setattr(
        "caseapp.usecases.leave.done_by",
        lambda *given: None if answers and answers.pop() else done_by(*given),
    )

    assert saved(session, ada, form_token="once") == first
    assert count(session, Leave) == count(session, AuditEvent) == 1


def test_an_edit_takes_the_next_version_and_an_old_one_is_told(session: Session, ada: Row) -> None:
    leave = saved(session, ada).public_id
    longer = replace(VACATION, end_date="2026-12-31")

    saved(session, ada, longer, leave=leave, version=1)

    outcome = save(session, ada, replace(VACATION, note=""), leave=leave, version=1)
    assert isinstance(outcome, Refused)
    assert outcome.version == 2
    assert "end date from 18 Dec 2026 to 31 Dec 2026" in outcome.errors[0].message
    assert saved(session, ada, longer, leave=leave, version=1).public_id == leave
    assert count(session, AuditEvent) == 2


def test_a_removed_leave_stays_in_the_history_alone(session: Session, ada: Row) -> None:
    leave = saved(session, ada).public_id

    first, second = remove(session, ada, leave, 1), remove(session, ada, leave, 1)

    assert isinstance(first, Saved)
    assert first.message == "Removed: the leave 7–18 Dec of Ada Okafor. It stays in the history."
    assert isinstance(second, Saved)
    assert count(session, Leave) == 0
    assert count(session, AuditEvent) == 2
    assert refused(session, ada, VACATION, leave=leave, version=1) == [("conflict", None)]


def test_a_leave_that_was_changed_is_not_removed(session: Session, ada: Row) -> None:
    leave = saved(session, ada).public_id
    saved(session, ada, replace(VACATION, note="Longer"), leave=leave, version=1)

    outcome = remove(session, ada, leave, 1)

    assert isinstance(outcome, Refused)
    assert outcome.errors[0].code == "conflict"
    assert count(session, Leave) == 1


def test_what_is_not_there_is_unknown(session: Session, ada: Row) -> None:
    other = builders.a_clinician(session)
    leave = saved(session, ada).public_id

    for clinician, unknown in ((other, leave), (ada, "a" * 20), (Row(0, "b" * 20), leave)):
        with pytest.raises(UnknownRecord):
            save(session, clinician, leave=unknown, version=1)
        with pytest.raises(UnknownRecord):
            remove(session, clinician, unknown)
    assert leaves_of(session, ada.public_id).leaves[leave].values.start_date == date(2026, 12, 7)

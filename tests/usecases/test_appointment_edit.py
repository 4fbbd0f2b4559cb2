from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.usecases.outcome import Refused, UnknownRecord
from tests import builders
from tests.builders import Row
from tests.conftest import NOW
from tests.usecases.saving_appointments import (
    a_covered_client,
    coverage,
    events,
    recomputed,
    rows,
    save,
    saved,
)


@pytest.fixture
def milo(session: Session) -> Row:
    return a_covered_client(session)


@pytest.fixture(autouse=True)
def kept_true(session: Session) -> Iterator[None]:
    """Whatever a test saves: what is kept of the coverage is then what a recomputation would keep."""
    yield
    kept = coverage(session)
    assert recomputed(session) == kept


def test_an_edited_session_is_not_in_its_own_way(session: Session, milo: Row) -> None:
    priya = builders.a_clinician(session)
    first = saved(session, milo, clinician=priya.key)

    moved = saved(session, milo, first.public_id, 1, clinician=priya.key, start_time="09:30")

    assert moved.warnings == ()
    assert [row.version for row in rows(session)] == [2]


def test_an_edit_tells_what_it_was_and_what_it_is(session: Session, milo: Row) -> None:
    first = saved(session, milo)

    saved(session, milo, first.public_id, 1, start_date="2026-11-25", status="completed", billable=False)

    event = events(session)[-1]
    before, after = event.before or {}, event.after or {}
    assert event.action == "edit"
    changed = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    assert changed == {
        "starts_at": ("2026-11-24T14:00:00+00:00", "2026-11-25T14:00:00+00:00"),
        "status": ("scheduled", "completed"),
        "billable": (True, False),
        "version": (1, 2),
    }


def test_an_edit_that_changes_nothing_writes_nothing(session: Session, milo: Row) -> None:
    first = saved(session, milo)

    saved(session, milo, first.public_id, 1)

    assert len(events(session)) == 1


def test_the_second_of_two_editors_is_told_what_the_first_changed(session: Session, milo: Row) -> None:
    priya = builders.a_clinician(session, first_name="Priya", last_name="Natarajan")
    first = saved(session, milo)
    saved(session, milo, first.public_id, 1, actor=Actor("Bo"), start_time="10:00", clinician=priya.key)

    outcome = save(session, milo, first.public_id, 1, minutes="45")

    assert isinstance(outcome, Refused)
    assert outcome.version == 2
    (error,) = outcome.errors
    assert error.code == "conflict"
    assert "Bo changed this appointment" in error.message
    assert "clinician from nobody to Priya Natarajan" in error.message
    assert "start from 24 Nov 2026, 9:00 am to 24 Nov 2026, 10:00 am" in error.message
    saved(session, milo, first.public_id, outcome.version, minutes="45")
    assert rows(session)[0].minutes == 45


def test_another_clients_appointment_is_not_found(session: Session, milo: Row) -> None:
    other = builders.a_client(session)
    theirs = builders.an_appointment(session, other, NOW)

    with pytest.raises(UnknownRecord):
        save(session, milo, theirs.public_id, 1)
    with pytest.raises(UnknownRecord):
        save(session, Row(0, "x" * 20))

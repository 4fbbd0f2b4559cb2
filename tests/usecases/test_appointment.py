from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.usecases.saving_appointments import (
    a_covered_client,
    coverage,
    events,
    recomputed,
    refused,
    rows,
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


def test_a_session_is_stored_with_a_number_of_its_own(session: Session, milo: Row) -> None:
    outcome = saved(session, milo)

    (row,) = rows(session)
    assert (row.public_id, row.client_id, row.minutes) == (outcome.public_id, milo.id, 60)
    assert (row.status, row.billable, row.clinician_id) == ("scheduled", True, None)
    assert row.starts_at.astimezone(ZONE) == datetime(2026, 11, 24, 9, tzinfo=ZONE)
    assert outcome.message == f"Saved: ABA session on Tue 24 Nov, 9:00 am, number {row.number}."
    assert row.number.startswith("A-")
    assert len(row.number) == 10
    (event,) = events(session)
    assert (event.action, event.entity, event.entity_id, event.client_id) == (
        "add",
        "appointment",
        row.public_id,
        milo.id,
    )
    assert event.before is None
    assert event.after == {
        "number": row.number,
        "service_line": "ABA",
        "clinician": None,
        "starts_at": "2026-11-24T14:00:00+00:00",
        "minutes": 60,
        "status": "scheduled",
        "billable": True,
        "version": 1,
    }


def test_a_series_is_stored_whole_with_an_event_for_each(session: Session, milo: Row) -> None:
    outcome = saved(session, milo, start_date="2027-03-01", until="2027-03-29", token="t")

    made = rows(session)
    assert [row.starts_at.astimezone(ZONE).strftime("%d %H:%M") for row in made] == [
        "01 09:00",
        "08 09:00",
        "15 09:00",
        "22 09:00",
        "29 09:00",
    ]
    assert made[1].starts_at.hour - made[2].starts_at.hour == 1
    assert len({row.number for row in made}) == 5
    told = events(session)
    assert [event.entity_id for event in told] == [row.public_id for row in made]
    assert [event.form_token for event in told] == ["t", None, None, None, None]
    assert {event.reason for event in told} == {"Repeated weekly until 29 Mar 2027: 5 sessions."}
    assert outcome.public_id == made[0].public_id
    assert outcome.message == "Saved: 5 ABA sessions, weekly from Mon 1 Mar, 9:00 am, to Mon 29 Mar."


def test_a_series_over_a_skipped_hour_stores_nothing(session: Session, milo: Row) -> None:
    found = refused(session, milo, start_date="2027-03-07", start_time="02:30", until="2027-03-21")

    assert found == [("start_time", "no_such_time")]
    assert rows(session) == []
    assert events(session) == []


def test_a_form_sent_twice_saves_once_and_answers_the_same(session: Session, milo: Row) -> None:
    priya = builders.a_clinician(session)
    first = saved(session, milo, until="2026-12-08", token="t", clinician=priya.key)

    again = saved(session, milo, until="2026-12-08", token="t", clinician=priya.key)

    assert again.public_id == first.public_id
    assert (again.message, again.warnings) == (first.message, first.warnings)
    assert len(rows(session)) == 3
    assert len(events(session)) == 3


@pytest.mark.parametrize("changed", [{"minutes": "30"}, {"until": "2026-12-15"}, {"billable": False}])
def test_a_spent_form_with_other_values_is_told(session: Session, milo: Row, changed: dict[str, Any]) -> None:
    saved(session, milo, until="2026-12-08", token="t")

    assert refused(session, milo, **({"until": "2026-12-08", "token": "t"} | changed)) == [(None, "conflict")]
    assert len(rows(session)) == 3


def test_a_form_without_token_saves_each_time(session: Session, milo: Row) -> None:
    first, second = saved(session, milo), saved(session, milo)

    assert first.public_id != second.public_id


def test_warnings_do_not_forbid_the_save(session: Session) -> None:
    clinician = builders.a_clinician(session, first_name="Ana", last_name="Ruiz", active_to=date(2026, 11, 1))
    client = builders.a_client(session, status="on_hold")

    outcome = saved(session, client, clinician=clinician.key)

    assert [warning.code for warning in outcome.warnings] == [
        "client_on_hold",
        "session_clinician_inactive",
        "service_line_not_open",
    ]
    assert len(rows(session)) == 1


def test_a_clinician_seen_elsewhere_at_that_time_is_told(session: Session, milo: Row) -> None:
    priya, other = builders.a_clinician(session), builders.a_client(session)
    at = datetime(2026, 12, 1, 9, 30, tzinfo=ZONE)
    builders.an_appointment(session, other, at, clinician=priya)
    builders.an_appointment(session, other, at + timedelta(days=7), clinician=priya, status="cancelled")

    outcome = saved(session, milo, clinician=priya.key, until="2026-12-08")

    assert [(warning.code, warning.message[:20]) for warning in outcome.warnings] == [
        ("double_booked", "1 of 3 sessions: Ada")
    ]


def test_a_session_of_a_line_not_received_begins_a_turn_of_that_line(session: Session, milo: Row) -> None:
    builders.a_service_line(session, "OT")

    outcome = saved(session, milo, service_line="OT")

    assert [warning.code for warning in outcome.warnings] == ["service_line_not_open"]
    findings, turns = coverage(session)
    assert len(turns) == 2
    assert len(findings) == 1

    moved = saved(session, milo, outcome.public_id, 1, service_line="ABA")

    assert moved.warnings == ()
    findings, turns = coverage(session)
    assert (len(findings), len(turns)) == (0, 1)


def test_an_edit_makes_no_series_and_counts_none(session: Session, milo: Row) -> None:
    builders.a_service_line(session, "ST")
    public_id = saved(session, milo).public_id

    outcome = saved(session, milo, public_id, 1, service_line="ST", until="2027-03-02")

    assert len(rows(session)) == 1
    assert outcome.message.startswith("Saved: ST session on Tue 24 Nov")
    assert coverage(session) == recomputed(session)


def test_the_statements_of_a_save_are_few_and_do_not_grow(
    session: Session, engine: Engine, milo: Row
) -> None:
    priya = builders.a_clinician(session)

    def sent(**typed: Any) -> int:
        with counted(engine) as statements:
            saved(session, milo, clinician=priya.key, **typed)
        return len(statements)

    one = sent(start_date="2027-11-24", token="one")
    builders.a_service_line(session, "OT")
    series = sent(start_date="2027-11-26", until="2028-12-20", token="two")
    edit = sent(appointment=rows(session)[0].public_id, version=1, start_time="16:00")
    other_line = sent(service_line="OT", token="three")
    assert max(one, series, edit, other_line) <= 12, (one, series, edit, other_line)
    assert one == series

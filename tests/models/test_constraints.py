"""Guarantees of the database that are not about overlapping days; those stand in test_overlap.py."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent, Client, ClinicianServiceLine, broken_constraint
from tests import builders
from tests.builders import Row

Build = Callable[[Session], Row]


def refused(session: Session, build: Build) -> str | None:
    """The guarantee that `build` breaks."""
    with pytest.raises(IntegrityError) as error:
        build(session)
    session.rollback()
    return broken_constraint(error.value)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda s: builders.a_client(s, number="C1"), id="client number"),
        pytest.param(lambda s: builders.a_client(s, external_id="E1"), id="external id"),
        pytest.param(lambda s: builders.a_clinician(s, number="S1"), id="clinician number"),
        pytest.param(lambda s: builders.a_clinician(s, npi="1234567893"), id="npi"),
        pytest.param(lambda s: builders.a_payor(s, code="P1"), id="payor code"),
    ],
)
def test_a_number_is_given_once(session: Session, build: Build) -> None:
    build(session)
    assert refused(session, build) == "unique"


def test_an_empty_npi_and_an_empty_external_id_may_repeat(session: Session) -> None:
    for _ in range(2):
        builders.a_clinician(session, npi=None)
        builders.a_client(session, external_id=None)


def test_an_appointment_number_is_given_once(session: Session) -> None:
    client = builders.a_client(session)

    def build(session: Session) -> Row:
        return builders.an_appointment(session, client, builders.RECORDED_AT, number="A1")

    build(session)
    assert refused(session, build) == "unique"


@pytest.mark.parametrize("start", [date(2026, 1, 1), None], ids=["dated", "undated"])
def test_an_enrollment_has_one_row_for_clinician_payor_and_start(
    session: Session, start: date | None
) -> None:
    clinician, payor = builders.a_clinician(session), builders.a_payor(session)

    def build(session: Session) -> Row:
        return builders.an_enrollment(session, clinician, payor, status="in_process", start_date=start)

    build(session)
    assert refused(session, build) == "unique"


def test_enrollments_with_one_payor_may_overlap(session: Session) -> None:
    clinician, payor = builders.a_clinician(session), builders.a_payor(session)
    builders.an_enrollment(session, clinician, payor, start_date=date(2025, 1, 1))
    builders.an_enrollment(session, clinician, payor, start_date=date(2026, 1, 1))


@pytest.mark.parametrize("missing", ["start_date", "end_date"])
def test_a_terminated_enrollment_has_both_dates(session: Session, missing: str) -> None:
    clinician, payor = builders.a_clinician(session), builders.a_payor(session)
    dates: dict[str, Any] = {"start_date": date(2025, 1, 1), "end_date": date(2025, 2, 1)}

    def build(session: Session) -> Row:
        return builders.an_enrollment(session, clinician, payor, **dates, status="terminated")

    build(session)
    dates[missing] = None
    assert refused(session, build) is None


BACKWARDS: dict[str, Any] = {"start_date": date(2026, 3, 2), "end_date": date(2026, 3, 1)}
ONE_DAY: dict[str, Any] = {"start_date": date(2026, 3, 1), "end_date": date(2026, 3, 1)}

PERIODS: dict[str, Callable[[Session, dict[str, Any]], Row]] = {
    "case_manager": lambda s, dates: builders.a_case_manager(s, builders.a_client(s), **dates),
    "client_service_line": lambda s, dates: builders.a_client_service_line(s, builders.a_client(s), **dates),
    "enrollment": lambda s, dates: builders.an_enrollment(
        s, builders.a_clinician(s), builders.a_payor(s), **dates
    ),
    "funding_source": lambda s, dates: builders.a_funding_source(s, builders.a_client(s), **dates),
    "leave": lambda s, dates: builders.a_leave(s, builders.a_clinician(s), **dates),
    "clinician": lambda s, dates: builders.a_clinician(
        s, active_from=dates["start_date"], active_to=dates["end_date"]
    ),
}


@pytest.mark.parametrize("table", PERIODS)
def test_a_period_does_not_end_before_it_starts(session: Session, table: str) -> None:
    assert PERIODS[table](session, ONE_DAY).id
    assert refused(session, lambda session: PERIODS[table](session, BACKWARDS)) is None


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda s: builders.a_client(s, status="gone"), id="client status"),
        pytest.param(lambda s: builders.a_payor(s, type="friend"), id="payor type"),
        pytest.param(
            lambda s: builders.a_funding_source(s, builders.a_client(s), priority="last"), id="priority"
        ),
        pytest.param(
            lambda s: builders.an_appointment(s, builders.a_client(s), builders.RECORDED_AT, status="late"),
            id="appointment status",
        ),
        pytest.param(
            lambda s: builders.an_appointment(s, builders.a_client(s), builders.RECORDED_AT, minutes=0),
            id="no minutes",
        ),
        pytest.param(lambda s: builders.a_client(s, last_name=None, sort_key=""), id="no name"),
    ],
)
def test_an_unknown_word_or_a_missing_value_is_refused(session: Session, build: Build) -> None:
    assert refused(session, build) is None


def test_foreign_keys_hold_in_both_directions(session: Session) -> None:
    client = builders.a_client(session, service_lines=["ABA"])
    clinician = builders.a_clinician(session)
    assert (
        refused(session, lambda s: builders.a_case_manager(s, Row(999_999), clinician=clinician))
        == "foreign_key"
    )
    assert refused(session, lambda s: builders.a_leave(s, Row(999_999))) == "foreign_key"
    with pytest.raises(IntegrityError):
        session.execute(delete(Client).where(Client.id == client.id))


def test_a_clinician_practises_a_service_line_once(session: Session) -> None:
    clinician = builders.a_clinician(session, service_lines=["ST"])
    line = builders.a_service_line(session, "ST")
    with pytest.raises(IntegrityError) as error:
        session.execute(
            insert(ClinicianServiceLine).values(clinician_id=clinician.id, service_line_id=line.id)
        )
    assert broken_constraint(error.value) == "unique"


def test_a_form_token_is_used_once_and_a_missing_state_is_an_empty_column(session: Session) -> None:
    event = {
        "at": builders.RECORDED_AT,
        "actor": "local user",
        "action": "add",
        "entity": "case_manager",
        "before": None,
        "after": {"name": "Léa", "end_date": None},
    }
    session.execute(insert(AuditEvent).values(**event, form_token="once"))
    session.execute(insert(AuditEvent).values(**event))
    session.execute(insert(AuditEvent).values(**event))
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM audit_event WHERE before IS NULL")) == 3
    assert session.scalars(select(AuditEvent.after)).all() == [event["after"]] * 3
    with pytest.raises(IntegrityError) as error:
        session.execute(insert(AuditEvent).values(**event, form_token="once"))
    assert broken_constraint(error.value) == "unique"

"""The demonstration practice shows every kind of gap on whatever day it is loaded, and is mostly well."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.coverage_judging import coverage_gaps
from caseapp.domain.dates import day_of
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.practice import Practice
from caseapp.models import (
    Appointment,
    CaseManager,
    Client,
    Clinician,
    CoverageFinding,
    CoverageTurn,
    Enrollment,
    FundingSource,
    Leave,
    Payor,
)
from caseapp.usecases.demo import demo_practice, load_demo
from caseapp.usecases.facts import load_facts
from tests.conftest import ZONE
from tests.databases import ONE_DATABASE

# Ends of months, clock changes, a leap day, and days on which a session has been and is still to come.
MOMENTS = [
    "2026-11-22T20:00:00+00:00",
    "2026-11-23T05:00:00+00:00",
    "2027-01-01T04:59:00+00:00",
    "2027-03-14T07:00:00+00:00",
    "2027-06-30T15:00:00+00:00",
    "2028-02-29T18:00:00+00:00",
    "2028-11-05T05:30:00+00:00",
]


def load(session: Session, moment: str = MOMENTS[0], zone: ZoneInfo = ZONE) -> tuple[date, datetime]:
    now = datetime.fromisoformat(moment)
    today = day_of(now, zone)
    load_demo(session, today, Practice(zone), now)
    return today, now


@ONE_DATABASE
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_kind_of_gap_occurs_and_most_lines_are_well(session: Session, moment: str) -> None:
    today, _now = load(session, moment)

    facts = load_facts(session, session.scalars(select(Client.id)).all())
    gaps = {number: coverage_gaps(facts[number], today, Practice(ZONE)) for number in facts}

    # That a hand-over is possible is no gap.
    assert {gap.code for found in gaps.values() for gap in found} == set(TITLES) - {"hand_over"}
    broken = {(number, gap.service_line) for number, found in gaps.items() for gap in found}
    lines = session.execute(select(func.count()).select_from(CoverageTurn)).scalar_one()
    assert 0.1 < len(broken) / lines < 0.25


def test_it_looks_like_a_practice(session: Session) -> None:
    today, _now = load(session)

    def count(model: type[object]) -> int:
        return session.execute(select(func.count()).select_from(model)).scalar_one()

    assert 55 <= count(Client) <= 65
    assert 12 <= count(Clinician) <= 16
    assert count(Appointment) >= 1_000
    assert {kind for (kind,) in session.execute(select(Payor.type))} == {
        "insurance",
        "regional_center",
        "school_district",
        "private_pay",
    }
    assert len({status for (status,) in session.execute(select(Enrollment.status))}) == 5
    assert len({priority for (priority,) in session.execute(select(FundingSource.priority))}) == 3
    assert {status for (status,) in session.execute(select(Client.status))} == {
        "active",
        "on_hold",
        "discharged",
    }
    born = session.scalars(select(Client.date_of_birth)).all()
    assert all(day is not None and 2 < (today - day).days / 365 < 18 for day in born)
    assert all(
        npi_is_valid(npi) for npi in session.scalars(select(Clinician.npi).where(Clinician.npi.is_not(None)))
    )
    assert session.scalars(select(Leave.start_date).where(Leave.start_date > today)).first()
    assert session.scalars(select(CaseManager.id).where(CaseManager.for_clinician_id.is_not(None))).first()
    names = set(session.execute(select(Client.last_name, Client.first_name)))
    assert {("Harper", "Milo"), ("Hartmann", "Léa"), ("O'Hara", "Wren")} <= names
    assert len(names) == count(Client)


def test_sessions_lie_at_plausible_hours_and_none_is_over_before_it_was(session: Session) -> None:
    _today, now = load(session)

    for starts_at, status in session.execute(select(Appointment.starts_at, Appointment.status)):
        assert 8 <= starts_at.astimezone(ZONE).hour < 18
        assert (starts_at >= now) == (status == "scheduled") or status == "cancelled"
        assert timedelta(days=-92) < starts_at - now < timedelta(days=30)


@ONE_DATABASE
def test_the_kept_findings_are_those_of_the_day(session: Session) -> None:
    today, _now = load(session)

    facts = load_facts(session, session.scalars(select(Client.id)).all())
    judged = {(n, gap.code) for n, one in facts.items() for gap in coverage_gaps(one, today, Practice(ZONE))}
    assert set(session.execute(select(CoverageFinding.client_id, CoverageFinding.code))) == judged


def test_it_is_the_same_each_time() -> None:
    now = datetime.fromisoformat(MOMENTS[0])

    def rows() -> list[object]:
        found: list[object] = []
        for sheet in demo_practice(day_of(now, ZONE), ZONE, now).sheets:
            with sheet.open() as opened:
                found += list(opened)
        return found

    assert rows() == rows()


@ONE_DATABASE
@pytest.mark.parametrize("zone", ["America/Phoenix", "Australia/Lord_Howe", "UTC"])
def test_it_can_be_loaded_in_any_zone(session: Session, zone: str) -> None:
    load(session, MOMENTS[3], ZoneInfo(zone))

    assert session.execute(select(func.count()).select_from(CoverageFinding)).scalar_one() > 10

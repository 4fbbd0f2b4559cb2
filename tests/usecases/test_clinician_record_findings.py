from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from caseapp.models import Clinician, CoverageFinding, begin_write
from tests import builders
from tests.client_lists import TODAY
from tests.conftest import ZONE
from tests.statements import counted
from tests.usecases.clinician_saves import (
    client_of,
    codes,
    entry_of,
    saved,
)


@pytest.fixture(autouse=True)
def _lines(session: Session) -> None:
    builders.a_service_line(session, "ABA")
    builders.a_service_line(session, "ST")
    builders.a_taxonomy_code(session)


def test_the_findings_of_the_clients_are_judged_anew(session: Session) -> None:
    ada = builders.a_clinician(session)
    client = client_of(session, ada)
    assert codes(session, client) == []
    entry = entry_of(session, ada.public_id)

    saved(session, replace(entry, npi=""), clinician=ada.public_id, version=1)
    assert codes(session, client) == ["npi_missing"]

    saved(session, replace(entry, active_to="2026-12-01"), clinician=ada.public_id, version=2)
    assert codes(session, client) == ["clinician_leaves"]


def test_a_name_is_told_anew_where_somebody_stands_in(session: Session) -> None:
    ada, ben = builders.a_clinician(session), builders.a_clinician(session)
    client = client_of(session, ben, for_clinician_id=ada.id)
    begin_write(session)
    session.execute(update(CoverageFinding).values(message="old"))
    session.commit()
    entry = entry_of(session, ada.public_id)

    saved(session, replace(entry, last_name="New"), clinician=ada.public_id, version=1)

    session.rollback()
    told = session.scalars(
        select(CoverageFinding.message).where(CoverageFinding.client_id == client.id)
    ).all()
    assert all("New" in words for words in told)
    assert "old" not in told


def test_a_last_day_stands_and_says_what_comes_next(session: Session) -> None:
    ada = builders.a_clinician(session)
    client = client_of(session, ada)
    builders.an_appointment(session, client, datetime(2026, 12, 3, 9, tzinfo=ZONE))
    entry = replace(entry_of(session, ada.public_id), active_to="2026-11-30")

    outcome = saved(session, entry, clinician=ada.public_id, version=1)

    (told,) = outcome.warnings
    assert told.code == "clinician_leaves"
    assert told.message == (
        "The last day stands. Hand-over comes next: 1 service line needs a successor from 1 Dec 2026, "
        "listed below. Nobody was taken off a client."
    )
    session.rollback()
    assert session.scalars(select(Clinician.active_to).where(Clinician.id == ada.id)).one() == date(
        2026, 11, 30
    )


def test_a_save_sends_as_many_statements_however_many_clients(session: Session, engine: Engine) -> None:
    ada = builders.a_clinician(session)
    client_of(session, ada)
    entry = entry_of(session, ada.public_id)
    with counted(engine) as few:
        saved(session, replace(entry, last_name="A"), clinician=ada.public_id, version=1, form_token="a")
    for _ in range(4):
        client_of(session, ada)
    with counted(engine) as many:
        saved(session, replace(entry, last_name="B"), clinician=ada.public_id, version=2, form_token="b")

    assert len(few) == len(many) <= 14


def test_a_case_manager_who_ended_long_ago_is_left_alone(session: Session) -> None:
    ada = builders.a_clinician(session)
    client = client_of(session, ada, end_date=TODAY - timedelta(days=91))
    begin_write(session)
    session.execute(update(CoverageFinding).values(message="as it was"))
    session.commit()
    entry = entry_of(session, ada.public_id)

    saved(session, replace(entry, npi=""), clinician=ada.public_id, version=1)

    session.rollback()
    told = session.scalars(select(CoverageFinding.message).where(CoverageFinding.client_id == client.id))
    assert set(told) == {"as it was"}

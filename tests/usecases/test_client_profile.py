"""What the tabs Profile and Funding source show."""

from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.usecases.client_profile import funding_rows, profile
from tests.builders import (
    a_case_manager,
    a_client,
    a_client_service_line,
    a_clinician,
    a_funding_source,
    a_payor,
)
from tests.client_lists import TODAY
from tests.statements import counted

YESTERDAY = TODAY - timedelta(days=1)


def test_service_lines_that_are_open_stand_first_with_their_case_manager(session: Session) -> None:
    client = a_client(session, external_id="E-1")
    a_client_service_line(session, client, "OT", start_date=date(2025, 1, 1), end_date=YESTERDAY)
    a_client_service_line(session, client, "ABA", start_date=date(2024, 1, 1))
    a_client_service_line(session, client, "ST", start_date=date(2023, 1, 1), end_date=TODAY)
    ada = a_clinician(session, first_name="Ada", last_name="Okafor", credential="BCBA")
    a_case_manager(session, client, "ABA", ada)
    a_case_manager(session, client, "OT", ada)

    shown = profile(session, client.id, TODAY)

    assert [(line.code, line.state, line.beside) for line in shown.lines] == [
        ("ABA", "present", "Ada Okafor, BCBA"),
        ("ST", "present", "no case manager"),
        ("OT", "past", "not open today"),
    ]
    assert [line.ends_on for line in shown.lines] == [TODAY, None, None]
    assert shown.external_id == "E-1"
    assert shown.row("x" * 20) is None


def test_funding_sources_stand_by_priority_and_what_is_over_last(session: Session) -> None:
    client = a_client(session)
    a_funding_source(session, client, priority="inactive")
    a_funding_source(session, client, a_payor(session, name="Old"), end_date=YESTERDAY)
    a_funding_source(session, client, a_payor(session, name="New"), start_date=TODAY, member_id="W1")
    a_funding_source(
        session, client, a_payor(session, name="Second", type="school_district"), priority="secondary"
    )

    rows = funding_rows(session, client.id, TODAY)

    assert [row.priority for row in rows] == ["primary", "secondary", "inactive", "primary"]
    assert [(row.payor, row.payor_type) for row in rows[:2]] == [
        ("New", "insurance"),
        ("Second", "school district"),
    ]
    assert rows[0].member_id == "W1"
    assert rows[-1].state == "past"


def test_the_profile_takes_two_statements(session: Session, engine: Engine) -> None:
    client = a_client(session, ["ABA", "ST", "OT"])
    with counted(engine) as sent:
        profile(session, client.id, TODAY)

    assert len(sent) == 2

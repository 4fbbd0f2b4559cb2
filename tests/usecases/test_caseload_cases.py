from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.usecases import caseload_cases as module
from caseapp.usecases.caseload_cases import Case, Cases, Kind, cases
from tests import builders
from tests.builders import LONG_AGO, Row
from tests.client_lists import TODAY
from tests.conftest import ZONE
from tests.statements import counted


def ask(session: Session, clinician: Row, kind: Kind, after: str = "") -> Cases:
    session.rollback()
    return cases(session, LOCAL_USER, clinician.id, kind, TODAY, after)


@pytest.fixture
def ada(session: Session) -> Row:
    return builders.a_clinician(session, ["ST", "ABA"])


@pytest.fixture
def ben(session: Session) -> Row:
    return builders.a_clinician(session, first_name="Ben", last_name="Birch")


def test_clients_are_listed_once_with_each_line(session: Session, ada: Row, ben: Row) -> None:
    zoe = builders.a_client(session, last_name="Zeller", first_name="Zoë", number="C-2")
    milo = builders.a_client(session, last_name="Harper", first_name="Milo", number="C-1")
    for client in (zoe, milo):
        builders.a_case_manager(session, client, "ST", ada, end_date=date(2027, 3, 31))
    builders.a_case_manager(session, milo, "ABA", ada, for_clinician_id=ben.id)
    for values in (
        {"end_date": TODAY - timedelta(days=1)},
        {"start_date": TODAY + timedelta(days=1)},
        {"removed_at": datetime(2026, 1, 1, tzinfo=ZONE)},
    ):
        builders.a_case_manager(session, builders.a_client(session), "ST", ada, **values)
    builders.a_case_manager(session, builders.a_client(session, status="on_hold"), "ST", ada)

    found = ask(session, ada, "clients")

    assert [(one.client, one.name, one.number) for one in found.clients] == [
        (milo.public_id, "Harper, Milo", "C-1"),
        (zoe.public_id, "Zeller, Zoë", "C-2"),
    ]
    assert found.clients[0].cases == (
        Case("ABA", LONG_AGO, None, "Ben Birch"),
        Case("ST", LONG_AGO, date(2027, 3, 31), ""),
    )
    assert found.next is None


def test_interim_cases_are_told_from_both_sides(session: Session, ada: Row, ben: Row) -> None:
    milo = builders.a_client(session)
    builders.a_case_manager(session, milo, "ABA", ada, for_clinician_id=ben.id)
    builders.a_case_manager(session, milo, "ST", ada)

    (interim,) = ask(session, ada, "interim").clients
    (held,) = ask(session, ben, "held").clients

    assert interim.cases == (Case("ABA", LONG_AGO, None, "Ben Birch"),)
    assert held.cases == (Case("ABA", LONG_AGO, None, "Ada Okafor"),)
    assert ask(session, ada, "held") == ask(session, ben, "interim") == Cases((), None)


def test_a_long_list_goes_on_behind_its_last_client(
    session: Session, engine: Engine, ada: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    module._statement.cache_clear()
    for number in range(3):
        client = builders.a_client(session, last_name=f"N{number}")
        for line in ("ABA", "ST"):
            builders.a_case_manager(session, client, line, ada)

    first = ask(session, ada, "clients")
    assert first.next is not None
    session.rollback()
    with counted(engine) as sent:
        second = cases(session, LOCAL_USER, ada.id, "clients", TODAY, first.next)
    module._statement.cache_clear()

    assert [one.name for one in first.clients] == ["N0, Léa", "N1, Léa"]
    assert [(one.name, len(one.cases)) for one in second.clients] == [("N2, Léa", 2)]
    assert second.next is None
    assert len(sent) == 2


def test_an_unknown_place_begins_anew(session: Session, ada: Row) -> None:
    builders.a_case_manager(session, builders.a_client(session), "ST", ada)

    assert ask(session, ada, "clients", "x" * 20) == ask(session, ada, "clients")

"""What is said of a row that the database refuses, where the blocks before could not know it."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import CaseManager, Client
from caseapp.models.constraints import CASE_MANAGER_OVERLAP, UNIQUE
from caseapp.usecases.import_practice_clashes import DOUBLED, sentence_for
from caseapp.usecases.import_practice_tables import STORED
from tests import builders


def test_a_changed_row_clashes_with_others_and_not_with_itself(session: Session) -> None:
    mine = builders.a_client(session, external_id="E1")
    builders.a_client(session, external_id="E2")
    clients = STORED["clients"]
    old = session.execute(select(Client.__table__).where(Client.id == mine.id)).one()
    connection = session.connection()

    def said(external_id: str) -> tuple[str | None, str]:
        return sentence_for(connection, clients, {"external_id": external_id}, old, UNIQUE)

    assert said("E2") == ("external_id", "'E2' belongs to another row already.")
    assert said("E1") == (None, DOUBLED)


def test_a_changed_case_manager_is_told_who_is_in_the_way(session: Session) -> None:
    lea, ada = builders.a_client(session, ["ST"]), builders.a_clinician(session, ["ST"])
    first = builders.a_case_manager(
        session, lea, "ST", ada, start_date=date(2026, 1, 1), end_date=date(2026, 3, 31)
    )
    builders.a_case_manager(session, lea, "ST", ada, start_date=date(2026, 6, 1))
    old = session.execute(select(CaseManager.__table__).where(CaseManager.id == first.id)).one()
    row = dict(old._mapping)
    managers = STORED["case_managers"]
    connection = session.connection()

    def said(end: date) -> tuple[str | None, str]:
        return sentence_for(connection, managers, row | {"end_date": end}, old, CASE_MANAGER_OVERLAP)

    field, sentence = said(date(2026, 6, 30))
    assert field == "start_date"
    assert sentence.endswith(f": {ada.key}, from 1 Jun 2026 with an open end.")
    # Whoever was in the way has gone meanwhile.
    assert said(date(2026, 5, 31))[1] == "Another case manager of this line shares a day with this one."


@pytest.mark.parametrize("constraint", [None, "ck_client_status_known"])
def test_what_has_no_words_of_its_own_contradicts_what_is_stored(
    session: Session, constraint: str | None
) -> None:
    told = sentence_for(session.connection(), STORED["clients"], {}, None, constraint)

    assert told == (None, "Contradicts what is stored already.")

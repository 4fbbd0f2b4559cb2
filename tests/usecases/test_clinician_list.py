from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.caseload import MOST_COUNTED, Caseload
from caseapp.usecases.clinician_list import PAGE_SIZE, ClinicianList, Question, clinician_list
from tests import builders
from tests.client_lists import TODAY
from tests.statements import counted

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def ask(session: Session, question: Question) -> ClinicianList:
    session.rollback()
    return clinician_list(session, LOCAL_USER, question, TODAY)


def found(session: Session, typed: str = "", standing: str = "active", service_line: str = "") -> list[str]:
    return [row.name for row in ask(session, Question(typed, standing, service_line)).rows]


def test_a_row_shows_the_clinician_as_recorded(session: Session) -> None:
    ada = builders.a_clinician(
        session,
        ["ST", "ABA"],
        number="K-1",
        npi="1234567893",
        active_from=date(2020, 1, 1),
        active_to=date(2026, 12, 31),
        caseload_limit=12,
    )

    (row,) = ask(session, Question()).rows

    assert (row.public_id, row.name, row.number, row.credential) == (
        ada.public_id,
        "Okafor, Ada",
        "K-1",
        "BCBA",
    )
    assert (row.npi, row.npi_is_wrong, row.service_lines) == ("1234567893", False, "ABA, ST")
    assert (row.active_from, row.active_to, row.standing) == ("1 Jan 2020", "31 Dec 2026", "")
    assert row.caseload == Caseload(0, 12)


def test_an_npi_that_is_none_is_marked(session: Session) -> None:
    builders.a_clinician(session, npi="1234567890")
    builders.a_clinician(session, npi=None, first_name="Ben")

    assert [(row.npi, row.npi_is_wrong) for row in ask(session, Question()).rows] == [
        ("1234567890", True),
        ("", False),
    ]


def test_who_has_left_is_shown_where_asked_for(session: Session) -> None:
    builders.a_clinician(session, last_name="Gone", active_to=YESTERDAY)
    builders.a_clinician(session, last_name="Last", active_to=TODAY)
    builders.a_clinician(session, last_name="Soon", active_from=TOMORROW)

    assert found(session) == ["Last, Ada", "Soon, Ada"]
    assert found(session, standing="left") == ["Gone, Ada"]
    assert found(session, standing="") == ["Gone, Ada", "Last, Ada", "Soon, Ada"]
    standings = [row.standing for row in ask(session, Question(standing="")).rows]
    assert standings == ["left", "", "begins later"]


def test_a_service_line_is_asked_for_by_its_code(session: Session) -> None:
    builders.a_clinician(session, ["ABA"], last_name="A")
    builders.a_clinician(session, ["ABA", "ST"], last_name="B")

    assert found(session, service_line="ST") == ["B, Ada"]
    assert found(session, service_line="none") == []


@pytest.mark.parametrize(
    "typed", ["ohara", "hara", "O'H", "zoe o'hara", "ZOË", "reyes", "holt", "k-77", "K77", "77", "zo re"]
)
def test_each_word_is_the_beginning_of_a_part_of_the_name_or_number(session: Session, typed: str) -> None:
    builders.a_clinician(session, last_name="O'Hara Reyes-Holt", first_name="Zoë", number="K-77")
    builders.a_clinician(session, number="S-1")

    assert found(session, typed) == ["O'Hara Reyes-Holt, Zoë"]


@pytest.mark.parametrize("typed", ["okafor zoe", "kafor", "x" * 500, "%", "ada\x00zz"])
def test_what_nobody_is_called_finds_nobody(session: Session, typed: str) -> None:
    builders.a_clinician(session)

    answer = ask(session, Question(typed))

    assert answer.rows == ()
    assert answer.anybody
    assert answer.previous is answer.next is None


def test_a_practice_without_clinicians_says_so(session: Session) -> None:
    assert not ask(session, Question()).anybody


def test_the_caseload_counts_distinct_active_clients_of_today(session: Session) -> None:
    ada = builders.a_clinician(session, ["ABA", "ST"], caseload_limit=1)
    both, held, over, coming, removed = (
        builders.a_client(session, ["ABA"], status=status)
        for status in ("active", "on_hold", "active", "active", "active")
    )
    builders.a_case_manager(session, both, "ABA", ada)
    builders.a_case_manager(session, both, "ST", ada)
    builders.a_case_manager(session, held, "ABA", ada)
    builders.a_case_manager(session, over, "ABA", ada, end_date=YESTERDAY)
    builders.a_case_manager(session, coming, "ABA", ada, start_date=TOMORROW)
    builders.a_case_manager(
        session, removed, "ABA", ada, removed_at=builders.RECORDED_AT, removed_by="somebody"
    )

    (row,) = ask(session, Question()).rows

    assert row.caseload == Caseload(1, 1)


def test_a_caseload_is_told_in_words() -> None:
    assert (Caseload(7, None).words, Caseload(7, None).badge) == ("7", None)
    assert (Caseload(7, 12).words, Caseload(7, 12).badge) == ("7 of 12", None)
    assert Caseload(12, 12).badge == ("neutral", "full")
    assert Caseload(13, 12).badge == ("warning", "over the limit")
    assert Caseload(MOST_COUNTED, None).words == "100 or more"


def test_pages_follow_each_other_both_ways(session: Session) -> None:
    names = [f"Same, F{number:03}" for number in range(2 * PAGE_SIZE + 3)]
    for name in reversed(names):
        builders.a_clinician(session, [], last_name="Same", first_name=name[6:])
    question = Question()

    first = ask(session, question)
    second = ask(session, replace(question, after=first.next))
    third = ask(session, replace(question, after=second.next))
    back = ask(session, replace(question, before=third.previous))

    assert [row.name for page in (first, second, third) for row in page.rows] == names
    assert (first.previous, third.next) == (None, None)
    assert back.rows == second.rows
    assert back.previous
    assert back.next
    assert ask(session, replace(question, before=back.previous)).previous is None


def test_a_page_sends_two_statements_however_many_there_are(session: Session, engine: Engine) -> None:
    with counted(engine) as none:
        ask(session, Question())
    for _ in range(3):
        client = builders.a_client(session, ["ABA"])
        builders.a_case_manager(session, client, "ABA")
    with counted(engine) as some:
        ask(session, Question("ad"))

    assert len(none) == 2
    assert len(some) == 2

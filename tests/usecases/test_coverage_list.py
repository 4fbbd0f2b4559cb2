"""The list of coverage gaps, its counts and what causes hit; kept today, judged anew on another day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import ColumnElement, Engine, text
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import Client, begin_write
from caseapp.usecases import coverage_counts, coverage_kept, coverage_list, coverage_on
from caseapp.usecases.coverage_counts import counts, errors, errors_of_today
from caseapp.usecases.coverage_filters import clinician_asked, filters
from caseapp.usecases.coverage_gap import refresh
from caseapp.usecases.coverage_impact import CauseOf, Impact, cause_of, impacts
from caseapp.usecases.coverage_list import (
    GapPage,
    ListedGap,
    Place,
    Question,
    all_gaps,
    gap_page,
    place_asked,
)
from caseapp.usecases.coverage_on import TooManyClients, all_of_day, gaps_of_day
from caseapp.usecases.gap_report import gaps_on, gaps_today
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.usecases.save_desk import PRACTICE, TODAY

LEAVES = date(2026, 12, 31)


@dataclass(frozen=True)
class Practice:
    """Ten clients: four have nobody, three have Ana, who is not enrolled, three have Bo, who leaves."""

    session: Session
    clients: list[Row]
    aetna: Row
    ana: Row
    bo: Row

    def numbers(self, page: GapPage) -> list[str]:
        return [row.client_number for row in page.rows]


@pytest.fixture
def practice(session: Session) -> Practice:
    aetna = builders.a_payor(session, code="AET", name="Aetna")
    ana = builders.a_clinician(session, ["ST"], number="ana", first_name="Ana")
    bo = builders.a_clinician(session, ["OT"], [aetna], number="bo", first_name="Bo", active_to=LEAVES)
    clients = []
    for number in range(10):
        line = "ST" if number < 7 else "OT"
        client = builders.a_client(session, [line], number=f"C-{number}", last_name=f"Name{number}")
        builders.a_funding_source(session, client, aetna)
        if number >= 4:
            builders.a_case_manager(session, client, line, ana if number < 7 else bo)
        for day in range(24, 26 + number % 3):
            session_at = datetime(2026, 11, day, 9, tzinfo=ZONE).astimezone(UTC)
            builders.an_appointment(session, client, session_at, line)
        new_year = datetime(2027, 1, 4, 9, tzinfo=ZONE).astimezone(UTC)
        builders.an_appointment(session, client, new_year, line)
        clients.append(client)
    begin_write(session)
    refresh(session, [client.id for client in clients], TODAY, PRACTICE)
    session.commit()
    return Practice(session, clients, aetna, ana, bo)


def listed(practice: Practice, **asked: str) -> list[ListedGap]:
    return gap_page(practice.session, LOCAL_USER, Question(**asked)).rows


def test_the_list_is_that_of_the_command_in_its_order(practice: Practice) -> None:
    rows = listed(practice)
    reported = gaps_today(practice.session, LOCAL_USER, TODAY, PRACTICE)
    assert [(row.client_number, row.kept.code, row.kept.mend_by, row.kept.at_risk) for row in rows] == [
        (gap.client_number, gap.code, gap.mend_by, gap.at_risk) for gap in reported
    ]
    assert len(rows) == 10


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "not_enrolled"}, {"C-4", "C-5", "C-6"}),
        ({"severity": "warning"}, {"C-7", "C-8", "C-9"}),
        ({"severity": "error", "service_line": "OT"}, set()),
        ({"severity": "information"}, set()),
        ({"service_line": "OT"}, {"C-7", "C-8", "C-9"}),
        ({"payor": "AET", "kind": "no_case_manager"}, {"C-0", "C-1", "C-2", "C-3"}),
        ({"payor": "NONE"}, set()),
    ],
)
def test_each_filter_leaves_what_it_asks_for(
    practice: Practice, asked: dict[str, str], found: set[str]
) -> None:
    assert {row.client_number for row in listed(practice, **asked)} == found
    on_day = gaps_of_day(practice.session, LOCAL_USER, TODAY, PRACTICE, Question(**asked))
    assert on_day.page.rows == listed(practice, **asked)


def test_the_clinician_filter_finds_whom_gaps_are_about(practice: Practice) -> None:
    who = clinician_asked(practice.session, "bo")
    assert who == practice.bo.public_id
    assert {row.client_number for row in listed(practice, clinician=who)} == {"C-7", "C-8", "C-9"}
    assert clinician_asked(practice.session, "nobody") is None


def test_pages_follow_each_other_there_and_back_also_on_another_day(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [row.client_number for row in listed(practice)]
    monkeypatch.setattr(coverage_list, "PAGE_SIZE", 4)
    monkeypatch.setattr(coverage_on, "PAGE_SIZE", 4)

    def page(question: Question, kept: bool) -> GapPage:
        if kept:
            return gap_page(practice.session, LOCAL_USER, question)
        return gaps_of_day(practice.session, LOCAL_USER, TODAY, PRACTICE, question).page

    for kept in (True, False):
        first = page(Question(), kept)
        assert (practice.numbers(first), first.previous) == (whole[:4], None)
        second = page(Question(after=first.rows[-1].place), kept)
        assert practice.numbers(second) == whole[4:8]
        last = page(Question(after=second.rows[-1].place), kept)
        assert (practice.numbers(last), last.next) == (whole[8:], None)
        back = page(Question(before=last.rows[0].place), kept)
        assert practice.numbers(back) == whole[4:8]
        assert back.previous is not None
        assert page(Question(before=back.rows[0].place), kept).previous is None


def test_a_place_stands_also_where_its_gap_is_mended(practice: Practice) -> None:
    row = listed(practice)[3]
    assert place_asked(practice.session, LOCAL_USER, row.address_place) == row.place
    begin_write(practice.session)
    practice.session.execute(text("DELETE FROM coverage_finding"))
    practice.session.commit()
    assert place_asked(practice.session, LOCAL_USER, row.address_place) == row.place
    unknown = Place("error", None, 0, "0" * 20, "no_case_manager", "ST")
    assert place_asked(practice.session, LOCAL_USER, unknown) is None


def test_a_file_has_all_pages(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_list, "IN_A_FILE", 3)
    rows = list(all_gaps(practice.session, LOCAL_USER, Question(kind="no_case_manager")))
    assert [row.client_number for row in rows] == practice.numbers(
        gap_page(practice.session, LOCAL_USER, Question(kind="no_case_manager"))
    )
    assert all_of_day(practice.session, LOCAL_USER, TODAY, PRACTICE, Question(kind="no_case_manager")) == [
        row._replace(client_first="", client_last="") for row in rows
    ]


def test_a_page_takes_one_statement_however_many_gaps_there_are(practice: Practice, engine: Engine) -> None:
    for question in (Question(), Question(kind="not_enrolled", payor="AET", after="0")):
        with counted(engine) as sent:
            gap_page(practice.session, LOCAL_USER, question)
        assert len(sent) == 1


def test_another_day_is_judged_anew_and_is_that_of_the_command(practice: Practice) -> None:
    for on in (date(2026, 11, 25), date(2027, 1, 1), date(2026, 6, 1)):
        found = gaps_of_day(practice.session, LOCAL_USER, on, PRACTICE, Question())
        reported = gaps_on(practice.session, LOCAL_USER, on, PRACTICE)
        assert [(row.client_number, row.kept.code) for row in found.page.rows] == [
            (gap.client_number, gap.code) for gap in reported
        ]
        assert sum(found.counts.by_code.values()) == len(reported)


def test_another_day_of_too_many_clients_is_refused(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_on, "MOST_CLIENTS", 9)
    for asking in (gaps_of_day, all_of_day):
        with pytest.raises(TooManyClients):
            asking(practice.session, LOCAL_USER, date(2027, 1, 1), PRACTICE, Question())


def test_another_day_without_a_gap_is_an_empty_page(session: Session) -> None:
    found = gaps_of_day(session, LOCAL_USER, date(2027, 1, 1), PRACTICE, Question())
    assert (found.page, found.counts.by_code) == (GapPage([], None, None), {})


def test_everything_is_counted_by_kind_and_each_session_once(practice: Practice) -> None:
    found = counts(practice.session, LOCAL_USER)
    assert found.by_code == {"no_case_manager": 4, "not_enrolled": 3, "clinician_leaves": 3}
    at_risk = sum(row.kept.at_risk for row in listed(practice))
    assert (found.at_risk, found.many) == (at_risk, set())
    on_day = gaps_of_day(practice.session, LOCAL_USER, TODAY, PRACTICE, Question()).counts
    assert (on_day.by_code, on_day.at_risk) == (found.by_code, at_risk)


def test_nothing_is_counted_to_the_end(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_counts, "MOST", 4)
    monkeypatch.setattr(coverage_counts, "MOST_IN_MENU", 5)
    for statement in (coverage_counts._counts_statement, coverage_counts._errors_statement):
        statement.cache_clear()
    try:
        assert counts(practice.session, LOCAL_USER).many == {"no_case_manager", None}
        assert errors(practice.session, LOCAL_USER, TODAY, PRACTICE) == 5
    finally:
        for statement in (coverage_counts._counts_statement, coverage_counts._errors_statement):
            statement.cache_clear()


def test_the_menu_counts_errors_in_one_statement(practice: Practice, engine: Engine) -> None:
    with counted(engine) as sent:
        assert errors(practice.session, LOCAL_USER, TODAY, PRACTICE) == 7
    assert len(sent) == 1


def test_the_menu_counts_anew_where_a_turn_has_come(practice: Practice) -> None:
    on = LEAVES.replace(year=2027, month=1, day=1)
    assert errors(practice.session, LOCAL_USER, on, PRACTICE) == 10


def test_a_reader_brings_everybody_up_to_date_or_says_that_it_could_not(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = date(2027, 1, 1)
    monkeypatch.setattr(coverage_counts, "refresh_due", lambda *_: 0)
    assert errors_of_today(practice.session, LOCAL_USER, on, PRACTICE)[1] is False
    monkeypatch.undo()
    assert errors_of_today(practice.session, LOCAL_USER, on, PRACTICE) == (10, True)


def test_what_a_leaving_hits_is_told_in_clients_and_sessions(practice: Practice) -> None:
    leaving = CauseOf("leaving", practice.bo.public_id)
    enrollment = CauseOf("enrollment", practice.ana.public_id, "AET")
    found = impacts(practice.session, LOCAL_USER, [leaving, enrollment, CauseOf("leaving", "x")])
    at_risk = sum(row.kept.at_risk for row in listed(practice, kind="not_enrolled"))
    assert found == {leaving: Impact(3, 3), enrollment: Impact(3, at_risk)}
    assert found[leaving].words == "3 clients, 3 sessions in 14 days"
    on_day = gaps_of_day(practice.session, LOCAL_USER, TODAY, PRACTICE, Question())
    assert on_day.impacts == found


def test_a_client_with_two_lines_is_hit_once(practice: Practice) -> None:
    client = practice.clients[7]
    builders.a_client_service_line(practice.session, client, "PT")
    builders.a_case_manager(practice.session, client, "PT", practice.bo)
    begin_write(practice.session)
    refresh(practice.session, [client.id], TODAY, PRACTICE)
    practice.session.commit()
    leaving = CauseOf("leaving", practice.bo.public_id)
    assert impacts(practice.session, LOCAL_USER, [leaving]) == {leaving: Impact(3, 3)}


def test_causes_are_those_of_leaving_and_of_enrollment(session: Session) -> None:
    assert impacts(session, LOCAL_USER, []) == {}
    assert cause_of("clinician_inactive", "bo", "AET") == CauseOf("leaving", "bo")
    assert cause_of("payor_changes", "bo", "AET") == CauseOf("enrollment", "bo", "AET")
    assert cause_of("no_case_manager", None, "AET") is None
    assert cause_of("not_enrolled", None, "AET") is None


def test_the_filters_offer_what_the_practice_has(practice: Practice, engine: Engine) -> None:
    offered = filters(practice.session)
    assert offered.payors == [("AET", "Aetna")]
    assert [code for code, _ in offered.service_lines] == ["OT", "ST"]
    with counted(engine) as sent:
        assert filters(practice.session) is offered
    assert len(sent) == 1
    builders.a_payor(practice.session, code="BLU", name="Blue")
    assert [code for code, _ in filters(practice.session).payors] == ["AET", "BLU"]


def test_an_actor_who_may_not_see_the_clients_sees_none_of_their_gaps(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_one(_actor: object) -> ColumnElement[bool]:
        return Client.number == "C-0"

    monkeypatch.setattr(coverage_kept, "visible_to", only_one)
    statements = (
        coverage_list._statement,
        coverage_counts._counts_statement,
        coverage_counts._errors_statement,
    )
    for statement in statements:
        statement.cache_clear()
    try:
        assert [row.client_number for row in listed(practice)] == ["C-0"]
        assert counts(practice.session, LOCAL_USER).by_code == {"no_case_manager": 1}
        assert errors(practice.session, LOCAL_USER, TODAY, PRACTICE) == 1
    finally:
        for statement in statements:
            statement.cache_clear()

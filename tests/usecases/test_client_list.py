from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session

from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.practice import Practice
from caseapp.models import CoverageFinding, CoverageTurn, begin_write
from caseapp.usecases.client_list import MOST_CHOICES, PAGE_SIZE, Line, choices
from caseapp.usecases.coverage_gap import refresh
from tests.builders import (
    Row,
    a_case_manager,
    a_client,
    a_client_service_line,
    a_clinician,
    a_funding_source,
    a_payor,
    a_service_line,
    an_appointment,
)
from tests.client_lists import TODAY, ask, found, listed
from tests.conftest import ZONE
from tests.statements import counted

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def a_finding(session: Session, client: Row, code: str, severity: str, mend_by: date | None = None) -> None:
    line = a_service_line(session)
    begin_write(session)
    session.execute(
        insert(CoverageFinding).values(
            client_id=client.id,
            service_line_id=line.id,
            code=code,
            severity=severity,
            mend_by=mend_by,
            at_risk=0,
            message="",
            place="",
        )
    )
    session.commit()


def many_clients(session: Session, number: int) -> list[str]:
    """Clients of the same name but two, so that the order needs its tie-breaker; their names in order."""
    clients = [a_client(session, first_name=f"F{place // 3:03}", last_name="Same") for place in range(number)]
    listed(session, *clients)
    return [f"Same, F{place // 3:03}" for place in range(number)]


def test_a_row_shows_who_the_client_is(session: Session) -> None:
    a_client(session, number="C-1", preferred_name="Mimi", date_of_birth=date(2019, 3, 14))

    (row,) = ask(session).rows

    assert (row.name, row.number, row.about) == ("Hartmann, Léa", "C-1", "called Mimi · born 14 Mar 2019")
    assert row.status == ""


def test_only_active_clients_are_shown_unless_others_are_asked_for(session: Session) -> None:
    for status in ("active", "on_hold", "discharged"):
        listed(session, a_client(session, last_name=status.title(), status=status))

    assert found(session) == ["Active, Léa"]
    assert found(session, status="on_hold") == ["On_Hold, Léa"]
    assert len(found(session, status="")) == 3
    assert found(session, "lea", status="discharged") == ["Discharged, Léa"]
    assert {row.status for row in ask(session, status="").rows} == {"", "On hold", "Discharged"}


def test_a_row_shows_each_open_line_with_the_case_manager_of_today(session: Session) -> None:
    client = a_client(session, ["ABA", "ST"])
    a_client_service_line(session, client, "OT", end_date=YESTERDAY)
    a_client_service_line(session, client, "PT", start_date=TOMORROW)
    ada = a_clinician(session, first_name="Ada", last_name="Okafor", credential="BCBA")
    past = a_clinician(session, last_name="Past")
    a_case_manager(session, client, "ABA", past, end_date=YESTERDAY)
    a_case_manager(session, client, "ABA", ada, start_date=TODAY)
    a_case_manager(session, client, "ST", past, removed_at=datetime(2026, 1, 1, tzinfo=UTC))

    (row,) = ask(session).rows

    assert row.lines == [
        Line("ABA · Ada Okafor, BCBA", "", ""),
        Line("ST · no case manager today", "", ""),
    ]


@pytest.mark.parametrize(
    ("code", "severity", "mend_by", "kind", "badge"),
    [
        ("no_case_manager", "error", date(2026, 11, 23), "error", "no case manager"),
        ("enrollment_ends", "warning", date(2026, 11, 30), "warning", "enrollment ends 30 Nov"),
        ("payor_changes", "warning", date(2026, 11, 30), "warning", "payor changes 1 Dec"),
        ("clinician_leaves", "warning", None, "warning", "clinician leaves"),
        ("monthly_care_missed", "warning", None, "warning", "monthly care missed"),
    ],
)
def test_a_finding_becomes_a_badge(
    session: Session, code: str, severity: str, mend_by: date | None, kind: str, badge: str
) -> None:
    a_finding(session, a_client(session, ["ABA"]), code, severity, mend_by)

    (row,) = ask(session).rows

    assert row.lines == [Line("ABA · ", kind, badge)]


def test_the_worst_finding_of_a_line_is_its_badge(session: Session) -> None:
    client = a_client(session, ["ABA"])
    a_finding(session, client, "secondary_not_enrolled", "warning", TODAY)
    a_finding(session, client, "not_enrolled", "error", TOMORROW)
    a_finding(session, client, "no_primary_payor", "error")

    (row,) = ask(session).rows

    assert row.lines == [Line("ABA · ", "error", TITLES["not_enrolled"])]


def test_a_line_that_is_not_open_is_shown_where_it_has_a_finding(session: Session) -> None:
    a_finding(session, a_client(session), "service_line_not_open", "error")

    (row,) = ask(session).rows

    assert row.lines == [Line("ABA · ", "error", "service line not open")]


def test_findings_whose_turn_has_come_are_judged_anew(session: Session) -> None:
    client = a_client(session, ["ABA"])
    listed(session, client)
    begin_write(session)
    refresh(session, [client.id], TODAY - timedelta(days=400), Practice(ZONE))
    session.execute(update(CoverageTurn).values(next_turn=TODAY))
    session.commit()
    a_case_manager(session, client, "ABA")

    (row,) = ask(session).rows

    assert row.lines[0].badge != "no case manager"


def test_a_row_shows_the_primary_payor_of_today(session: Session) -> None:
    client = a_client(session)
    a_funding_source(session, client, a_payor(session, name="Before"), end_date=YESTERDAY)
    a_funding_source(session, client, a_payor(session, name="Aetna"), start_date=TODAY)
    a_funding_source(session, client, a_payor(session, name="Second"), priority="secondary")

    assert ask(session).rows[0].payor == "Aetna"


def test_a_row_shows_the_next_scheduled_appointment(session: Session) -> None:
    client = a_client(session)
    for day_of_month, status in ((21, "scheduled"), (23, "cancelled"), (24, "scheduled"), (25, "scheduled")):
        an_appointment(session, client, datetime(2026, 11, day_of_month, 9, tzinfo=ZONE), status=status)

    assert ask(session).rows[0].next_visit == "Tue 24 Nov, 9:00 am"


def test_the_list_is_narrowed_by_a_line_that_is_open_today(session: Session) -> None:
    listed(
        session, a_client(session, ["ABA"], last_name="Aba"), a_client(session, ["ST"], last_name="Speech")
    )
    past = a_client(session, last_name="Past")
    a_client_service_line(session, past, "ABA", end_date=YESTERDAY)
    listed(session, past)

    assert found(session, service_line="ABA") == ["Aba, Léa"]
    assert found(session, "a", service_line="ABA") == ["Aba, Léa"]
    assert found(session, service_line="none") == []


def test_the_list_is_narrowed_by_the_case_manager_of_today(session: Session) -> None:
    ada, bo = a_clinician(session), a_clinician(session)
    clients = [a_client(session, ["ABA", "ST"], last_name=name) for name in ("Zoe", "Mia", "Ann")]
    a_case_manager(session, clients[0], "ABA", ada)
    a_case_manager(session, clients[0], "ST", ada)
    a_case_manager(session, clients[1], "ABA", bo)
    a_case_manager(session, clients[2], "ABA", ada, end_date=YESTERDAY)
    listed(session, *clients)

    assert found(session, clinician=ada.key) == ["Zoe, Léa"]
    assert found(session, "zo", clinician=ada.key, service_line="ST") == ["Zoe, Léa"]
    assert found(session, "mi", clinician=ada.key) == []
    assert found(session, clinician="nobody") == []


def test_pages_follow_each_other_without_a_gap_or_a_double_and_lead_back(session: Session) -> None:
    names = many_clients(session, PAGE_SIZE * 2 + 7)
    pages = [ask(session)]
    while pages[-1].next:
        pages.append(ask(session, after=pages[-1].next))

    assert [len(page.rows) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 7]
    assert [row.name for page in pages for row in page.rows] == names
    assert len({row.public_id for page in pages for row in page.rows}) == len(names)
    assert pages[0].previous is None

    back = ask(session, before=pages[2].previous)
    assert back.rows == pages[1].rows
    first = ask(session, before=back.previous)
    assert first.rows == pages[0].rows
    assert first.previous is None
    assert first.next


@pytest.mark.parametrize("filters", [{}, {"service_line": "ABA"}, {"status": ""}])
def test_pages_of_a_search_follow_each_other_too(session: Session, filters: dict[str, str]) -> None:
    clients = [a_client(session, ["ABA"], last_name=f"Same{place:02}") for place in range(PAGE_SIZE + 2)]
    listed(session, *clients)
    first = ask(session, "sam", **filters)
    second = ask(session, "sam", after=first.next, **filters)

    assert [len(first.rows), len(second.rows)] == [PAGE_SIZE, 2]
    assert ask(session, "sam", before=second.previous, **filters).rows == first.rows
    assert second.next is None


def test_a_place_that_nobody_stands_at_is_still_a_place(session: Session) -> None:
    listed(session, a_client(session, last_name="Adams"), a_client(session, last_name="Young"))

    assert found(session, after=("m", 0)) == ["Young, Léa"]


def test_a_page_takes_the_same_statements_however_long_the_list(session: Session, engine: Engine) -> None:
    many_clients(session, 3)
    with counted(engine) as few:
        ask(session)
    many_clients(session, PAGE_SIZE * 2)
    with counted(engine) as many:
        page = ask(session)
        ask(session, after=page.next)

    assert len(few) == 2
    assert len(many) == 4


def test_an_empty_list_says_whether_there_is_anybody_at_all(session: Session) -> None:
    assert not ask(session).anybody
    a_client(session, status="discharged")
    assert ask(session).anybody


def test_the_filters_offer_all_lines_and_everybody_who_may_be_case_manager(session: Session) -> None:
    a_service_line(session, "ST", name="Speech therapy")
    bo = a_clinician(session, ["ABA"], last_name="Bo", first_name="Al", credential="")
    an = a_clinician(session, ["ABA"], last_name="an", first_name="Al", credential="BCBA")
    a_clinician(session, ["ABA"], last_name="Helper", may_be_case_manager=False)

    offered = choices(session)

    assert offered.service_lines == [("ABA", "ABA"), ("ST", "Speech therapy")]
    assert offered.clinicians == [(an.key, "an, Al, BCBA"), (bo.key, "Bo, Al")]


def test_too_many_clinicians_are_not_offered(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_CHOICES == 300
    monkeypatch.setattr("caseapp.usecases.client_list.MOST_CHOICES", 1)
    for _ in range(2):
        a_clinician(session)

    assert choices(session).clinicians is None

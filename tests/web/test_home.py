"""The start page: its cards, what they lead to, and what they say where there is nothing."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.usecases import home as usecase
from caseapp.usecases.coverage_gap import BATCH
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.audit import audit
from tests.web.clinician_pages import texts
from tests.web.desk import Scene, judged
from tests.web.page import Page


def start(client: FlaskClient) -> Page:
    html = client.get("/").text
    audit(html)
    return Page(html)


def cards(page: Page) -> dict[str, list[str]]:
    """The rows of each card by the id of its heading; in place of rows the words of an empty one."""
    found = {}
    for card in page.elements:
        if card.tag == "section" and card.attributes.get("class") == "card":
            rows = [e.text for e in card.all() if e.tag == "tr"][1:]
            empty = [e.text for e in card.all() if e.attributes.get("class") == "empty"]
            found[card.attributes["aria-labelledby"]] = rows or empty
    return found


def addresses(page: Page) -> list[str]:
    return [e.attributes["href"] for e in page.elements if e.tag == "a" and "href" in e.attributes]


@pytest.mark.settings(now=datetime(2026, 11, 23, 8, tzinfo=ZONE))
def test_errors_of_the_week_lead_to_the_clinical_tab(client: FlaskClient, scene: Scene) -> None:
    page = start(client)

    (row,) = cards(page)["mend-heading"]
    assert row == (
        "Mon 23 Nov Harper, Milo ST No case manager. First session at risk Tue 24 Nov, 9:00 am: "
        "start by Mon 23 Nov. 1 session"
    )
    assert scene.tab in addresses(page)
    assert {"/coverage?severity=error", "/coverage?severity=warning"} <= set(addresses(page))


@pytest.mark.settings(now=datetime(2026, 11, 24, 8, tzinfo=ZONE))
def test_what_is_overdue_says_since_when(client: FlaskClient, scene: Scene) -> None:
    (row,) = cards(start(client))["mend-heading"]

    assert row.startswith("overdue since Mon 23 Nov Harper, Milo ST")


def test_changes_lead_to_the_gaps_of_their_kind(client: FlaskClient, session: Session, scene: Scene) -> None:
    other = builders.a_client(session, ["ABA"], last_name="Zeller")
    builders.a_funding_source(session, other, scene.aetna)
    builders.a_case_manager(session, other, "ABA", scene.priya, end_date=date(2026, 12, 14))
    judged(session, other)

    page = start(client)

    assert cards(page)["changes-heading"] == [
        "Mon 14 Dec The case manager ends on Mon 14 Dec, and nobody follows. 1 client"
    ]
    assert "/coverage?kind=case_manager_ends&severity=warning" in addresses(page)


def a_beginner(session: Session, scene: Scene, last_name: str, day: int) -> Row:
    client = builders.a_client(session, ["ST"], last_name=last_name, first_name="Zoë")
    builders.a_funding_source(session, client, scene.aetna)
    builders.an_appointment(session, client, datetime(2026, 11, day, 9, tzinfo=ZONE), "ST")
    return client


def test_first_sessions_say_who_covers_them(client: FlaskClient, session: Session, scene: Scene) -> None:
    covered, late = (a_beginner(session, scene, name, 26) for name in ("Covered", "Late"))
    builders.a_case_manager(session, covered, "ST", scene.mei, start_date=date(2026, 11, 23))
    builders.a_case_manager(session, late, "ST", scene.mei, start_date=date(2026, 11, 26))
    judged(session, covered, late)

    assert cards(start(client))["first-heading"] == [
        "Tue 24 Nov, 9:00 am Harper, Milo ST no case manager",
        "Thu 26 Nov, 9:00 am Covered, Zoë ST Mei Lindqvist covered in time",
        "Thu 26 Nov, 9:00 am Late, Zoë ST Mei Lindqvist starts too late",
    ]


def test_with_nothing_to_do_each_card_says_so(client: FlaskClient, session: Session) -> None:
    builders.a_client(session)

    assert cards(start(client)) == {
        "mend-heading": ["Nothing has to be mended this week."],
        "changes-heading": ["Nothing ends or changes within 60 days."],
        "first-heading": ["No client begins with a service line within 14 days."],
    }


def test_without_clients_it_says_how_to_begin(client: FlaskClient) -> None:
    page = start(client)

    assert cards(page) == {}
    assert "/clients/new" in addresses(page)
    assert "No clients yet" in texts(page, "main")


@pytest.mark.settings(now=datetime(2026, 11, 23, 8, tzinfo=ZONE))
def test_more_than_a_card_holds_is_said(
    client: FlaskClient, session: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecase, "SHOWN", 1)
    clients = [a_beginner(session, scene, name, 26) for name in ("One", "Two")]
    for number, one in enumerate(clients):
        builders.a_case_manager(session, one, "ST", scene.mei, end_date=date(2026, 12, 14 + number))
    judged(session, *clients)

    page = start(client)

    assert [len(rows) for rows in cards(page).values()] == [1, 1, 1]
    assert "There are later changes, too." in texts(page, "main")
    assert "More first sessions follow after these." in texts(page, "main")
    monkeypatch.setattr("caseapp.usecases.home_query.MOST_COUNTED", 1)
    monkeypatch.setattr("caseapp.usecases.home_query.MOST_CHANGES", 1)
    assert "There are more changes than could be put together here." in texts(start(client), "main")
    assert "or more" in texts(start(client), "mend-heading")


def test_a_batch_that_is_still_going_on_is_told(
    client: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecase, "refresh_due", lambda *_: BATCH)

    assert "Some clients are still being looked over for today." in texts(start(client), "main")


def test_only_get_is_answered_and_the_brand_leads_here(client: FlaskClient) -> None:
    assert client.post("/").status_code == 405
    page = Page(client.get("/clients").text)
    (brand,) = (e for e in page.elements if e.attributes.get("class") == "brand")
    assert brand.attributes["href"] == "/"
    assert client.get("/?week=%01&x=" + "9" * 4000).status_code == 200


def test_a_fixed_number_of_statements_is_sent(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    def sent() -> int:
        with app.app_context():
            engine = db.engine
        with counted(engine) as statements:
            assert client.get("/").status_code == 200
        return len(statements)

    before = sent()
    judged(session, *(a_beginner(session, scene, name, 26) for name in ("One", "Two")))

    assert sent() == before <= 6

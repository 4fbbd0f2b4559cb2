"""The caseloads and the lists behind their numbers, as pages and as parts; and what misuse answers."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.usecases import caseload_cases, caseload_list
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.clinician_pages import focused, names, texts
from tests.web.desk import HTMX, Desk
from tests.web.page import Element, Page

LISTS = ("clients", "interim", "held", "enrollments")


@pytest.fixture
def ben(session: Session) -> Row:
    return builders.a_clinician(session, ["ST"], first_name="Ben", last_name="Birch", number="K-2")


@pytest.fixture
def milo(session: Session, ada: Row, ben: Row) -> Row:
    """Ada holds his ABA for Ben, and sees him twice in the week of Mon 16 Nov; once it was cancelled."""
    milo = builders.a_client(session, ["ABA"], first_name="Milo", last_name="Harper", number="C-1")
    builders.a_case_manager(session, milo, "ABA", ada, for_clinician_id=ben.id)
    for day, status in ((18, "completed"), (20, "cancelled")):
        when = datetime(2026, 11, day, 9, tzinfo=ZONE)
        builders.an_appointment(session, milo, when, "ABA", ada, minutes=90, status=status)
    builders.an_enrollment(session, ada, builders.a_payor(session, name="Aetna"), end_date=date(2026, 12, 17))
    return milo


def link(page: Page, label: str) -> Element:
    return next(e for e in page.elements if e.tag == "a" and e.attributes.get("aria-label") == label)


def link_of(page: Page, words: str) -> str:
    return next(e.attributes["href"] for e in page.elements if e.tag == "a" and e.text == words)


def row_of(page: Page, name: str) -> str:
    return next(e.text for e in page.elements if e.tag == "tr" and e.text.startswith(name))


def test_a_row_says_everything_in_words(desk: Desk, milo: Row) -> None:
    page = desk.get("/caseloads")

    assert names(page) == ["Birch, Ben", "Okafor, Ada"]
    assert row_of(page, "Okafor") == (
        "Okafor, Ada BCBA · ABA 1 no limit 1 h 30 min 1 Aetna on 17 Dec 1 for Ben Birch none"
    )
    assert row_of(page, "Birch") == "Birch, Ben BCBA · ST 0 no limit 0 h none none 1 by Ada Okafor"
    heading = "As of Sun 22 Nov; hours of the week 16 Nov 2026 to 22 Nov 2026"
    assert texts(page, "results-heading") == heading


def test_it_stands_in_the_menu(desk: Desk, ada: Row) -> None:
    for path, current in (("/caseloads", "page"), (f"/caseloads/{ada.public_id}/clients", "true")):
        menu = [e for e in desk.whole(path).elements if e.attributes.get("href") == "/caseloads"]
        assert menu[0].attributes["aria-current"] == current


def test_the_bars_are_on_one_scale_and_silent(desk: Desk, session: Session) -> None:
    full = builders.a_clinician(session, last_name="Full", caseload_limit=1)
    builders.a_clinician(session, last_name="Room", caseload_limit=2)
    for _ in range(2):
        builders.a_case_manager(session, builders.a_client(session), "ABA", full)

    page = desk.get("/caseloads")

    pictures = [e for e in page.elements if e.attributes.get("class") == "load"]
    assert [p.attributes["aria-hidden"] for p in pictures] == ["true", "true"]
    kinds = [[part.attributes["class"] for part in p.all()[1:]] for p in pictures]
    assert kinds == [["room", "within", "over", "limit"], ["room", "limit"]]
    assert "of 1 2 1 over the limit" in row_of(page, "Full")
    assert "of 2 0 room for 2" in row_of(page, "Room")


def test_each_number_leads_to_exactly_what_it_counts(desk: Desk, milo: Row, ada: Row, ben: Row) -> None:
    page = desk.get("/caseloads")
    told = {}
    for label in (
        "Clients of Okafor, Ada: 1",
        "Interim cases of Okafor, Ada: 1",
        "Cases held for Birch, Ben: 1",
        "Enrollments of Okafor, Ada that end soon: 1",
    ):
        href = link(page, label).attributes["href"]
        assert link(page, label).attributes["hx-get"] == href
        listed = desk.get(href)
        told[label.split(" of ")[0]] = [e.text for e in listed.elements if e.tag == "tr"][1:]

    assert told == {
        "Clients": ["Harper, Milo C-1 ABA since 1 Jan 2020, for Ben Birch"],
        "Interim cases": ["Harper, Milo C-1 ABA since 1 Jan 2020, for Ben Birch"],
        "Cases held for Birch, Ben: 1": ["Harper, Milo C-1 ABA since 1 Jan 2020, by Ada Okafor"],
        "Enrollments": ["Aetna Thu 17 Dec"],
    }
    week = desk.get(link(page, "Sessions of Okafor, Ada: 1 h 30 min").attributes["href"])
    rows = [e.text for e in week.elements if e.tag == "tr" and "min" in e.text]
    assert len(rows) == 1
    assert "90 min" in rows[0]


def test_a_list_opens_in_a_dialog_with_scripts_and_as_a_page_without(
    client: FlaskClient, milo: Row, ada: Row
) -> None:
    address = f"/caseloads/{ada.public_id}/clients"

    part, page = Page(client.get(address, headers=HTMX).text), Page(client.get(address).text)

    assert part.elements[1].tag == "dialog"
    assert focused(part) == ["behind-title"]
    assert link_of(part, "Harper, Milo") == link_of(page, "Harper, Milo")
    assert link_of(page, "Harper, Milo") == f"/clients/{milo.public_id}/clinical"
    assert [e.text for e in page.elements if e.tag == "h1"] == ["Clients of Ada Okafor"]


def test_a_list_with_nobody_says_so(desk: Desk, ada: Row) -> None:
    for name in ("clients", "interim", "held"):
        assert any(
            "Nobody today." in e.texts for e in desk.get(f"/caseloads/{ada.public_id}/{name}").elements
        )
    ending = desk.get(f"/caseloads/{ada.public_id}/enrollments")
    assert any("No enrollment ends within 60 days." in e.text for e in ending.elements)


def test_a_long_list_goes_on_behind_its_last_client(
    desk: Desk, session: Session, ada: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload_cases, "PAGE_SIZE", 1)
    caseload_cases._statement.cache_clear()
    for number in range(2):
        client = builders.a_client(session, last_name=f"N{number}")
        builders.a_case_manager(session, client, "ABA", ada)

    first = desk.get(f"/caseloads/{ada.public_id}/clients")
    second = desk.get(link_of(first, "Next"))
    caseload_cases._statement.cache_clear()

    assert "N0" not in link_of(first, "Next")
    assert any(e.text == "N1, Léa" for e in second.elements)
    assert link_of(second, "From the beginning") == f"/caseloads/{ada.public_id}/clients"


def test_filters_and_sorting_stay_in_the_addresses_around(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload_list, "PART", 1)
    for number in range(3):
        builders.a_clinician(session, ["ST"], last_name=f"N{number}", active_to=date(2026, 1, 1))
    asked = "/caseloads?week=2026-11-25&standing=left&service_line=ST&sort=hours"

    first = desk.get(asked)
    kept = "week=2026-11-23&standing=left&service_line=ST&sort=hours"
    assert kept in link_of(first, "Next")
    second = desk.get(link_of(first, "Next"))
    third = desk.get(link_of(second, "Next"))
    whole = desk.get(link_of(second, "Whole list, to print"))

    assert [names(page) for page in (first, second, third)] == [["N0, Ada"], ["N1, Ada"], ["N2, Ada"]]
    assert focused(second) == ["results-heading"]
    assert names(desk.get(link_of(third, "Previous"))) == ["N1, Ada"]
    assert names(desk.get(link_of(second, "Previous"))) == ["N0, Ada"]
    assert len(names(whole)) == 3
    assert "Only ST; who has left" in texts(whole, "caseload-results")
    for words, week in (
        ("Previous week", "2026-11-16"),
        ("Next week", "2026-11-30"),
        ("This week", "2026-11-16"),
    ):
        assert f"week={week}&standing=left" in link_of(second, words)


def test_many_others_are_named_up_to_three(desk: Desk, session: Session, ada: Row) -> None:
    for number in range(5):
        other = builders.a_clinician(session, first_name="Cy", last_name=f"N{number}")
        builders.a_case_manager(session, builders.a_client(session), "ABA", ada, for_clinician_id=other.id)
        builders.an_enrollment(
            session, ada, builders.a_payor(session, name=f"P{number}"), end_date=date(2026, 12, 17 + number)
        )

    row = row_of(desk.get("/caseloads"), "Okafor")

    assert "5 for 1 Cy N0, 1 Cy N1, 1 Cy N2 and 2 others" in row
    assert "5 first P0 on 17 Dec" in row


def test_nobody_found_and_no_clinicians_yet_say_what_to_do(desk: Desk, session: Session) -> None:
    assert "Add the first one" in texts(desk.get("/caseloads"), "caseload-results")
    builders.a_clinician(session)
    assert "No clinician found" in texts(desk.get("/caseloads?service_line=YOGA"), "caseload-results")
    assert "Only YOGA" in texts(desk.get("/caseloads?service_line=YOGA"), "caseload-results")


@pytest.mark.parametrize("field", ["week", "standing", "service_line", "sort", "after", "whole"])
@pytest.mark.parametrize(
    "value",
    ["9" * 30, "2026-02-30", "9999-12-31", "1900-01-01", "x" * 5000, "' OR 1=1 --", "🙂", "%01", "n&{0}=m"],
)
def test_odd_values_of_an_address_are_answered(desk: Desk, ada: Row, field: str, value: str) -> None:
    desk.get(f"/caseloads?{field}={value.format(field)}")
    desk.get(f"/caseloads/{ada.public_id}/clients?{field}={value.format(field)}")


def test_at_the_ends_of_time_there_is_no_further_week(desk: Desk, ada: Row) -> None:
    first, last = desk.get("/caseloads?week=1900-01-01"), desk.get("/caseloads?week=2100-12-31")

    assert not any(e.text == "Previous week" for e in first.elements)
    assert not any(e.text == "Next week" for e in last.elements)


def test_unknown_addresses_and_wrong_methods(client: FlaskClient, ada: Row) -> None:
    for name in LISTS:
        assert client.get(f"/caseloads/{'a' * 20}/{name}").status_code == 404
        assert client.post(f"/caseloads/{ada.public_id}/{name}").status_code == 405
    for path in ("/caseloads/1/clients", f"/caseloads/{ada.public_id}", f"/caseloads/{ada.public_id}/all"):
        assert client.get(path).status_code == 404
    assert client.post("/caseloads").status_code == 405


def test_a_fixed_number_of_statements_is_sent(
    app: Flask, client: FlaskClient, session: Session, milo: Row, ada: Row
) -> None:
    paths = ("/caseloads", "/caseloads?sort=room", *(f"/caseloads/{ada.public_id}/{name}" for name in LISTS))

    def sent(path: str) -> int:
        with app.app_context():
            engine = db.engine
        with counted(engine) as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    before = [sent(path) for path in paths]
    for _ in range(3):
        clinician = builders.a_clinician(session)
        builders.a_case_manager(session, builders.a_client(session), "ABA", ada)
        builders.a_case_manager(
            session, builders.a_client(session), "ABA", clinician, for_clinician_id=ada.id
        )

    assert [sent(path) for path in paths] == before == [5, 5, 3, 3, 3, 3]

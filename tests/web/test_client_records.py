"""Editing, holding, discharging and readmitting a client through the forms of the tab Profile."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.extensions import db
from tests import builders
from tests.statements import counted
from tests.web.desk import HTMX, Desk, Scene, last_event, message, message_codes
from tests.web.page import Page

FORM = "record-form"


@pytest.fixture
def address(scene: Scene) -> str:
    return f"/clients/{scene.milo.public_id}"


def changed(desk: Desk, address: str, **fields: str) -> Page:
    """Open the form, change these fields, save."""
    return desk.told(desk.send(address, desk.get(address).values(FORM) | fields))


def focused(page: Page) -> list[str]:
    return [e.attributes.get("id", "") for e in page.elements if "data-focus" in e.attributes]


def test_an_edit_shows_on_the_tab_and_in_the_heading(desk: Desk, address: str) -> None:
    page = changed(desk, f"{address}/edit", last_name="O'Hara", preferred_name="Bee", external_id="E-1")

    assert message(page).startswith("Saved: Milo O'Hara")
    person, line = page.by_id("person"), page.by_id("client-line")
    assert person is not None
    assert "O'Hara" in person.text
    assert "E-1" in person.text
    assert line is not None
    assert "called Bee" in line.text
    if desk.fragments:
        assert focused(page) == ["edit-client"]
    event = last_event(desk.session)
    assert (event.action, event.entity) == ("edit", "client")
    assert ((event.before or {})["last_name"], (event.after or {})["version"]) == ("Harper", 2)


def test_every_broken_rule_of_a_person_is_told_at_once(desk: Desk, address: str, session: Session) -> None:
    other = builders.a_client(session, first_name="Ann", last_name="Berg")
    values = desk.get(f"{address}/edit").values(FORM)

    page = desk.refused(
        f"{address}/edit",
        values | {"number": other.key, "first_name": "", "date_of_birth": "2026-11-23"},
    )

    assert page.errors() == [["number", "taken"], ["first_name", "required"], ["date_of_birth", "in_future"]]
    assert page.values(FORM)["date_of_birth"] == "2026-11-23"
    told = page.by_id("number-error")
    assert told is not None
    assert "is the number of Ann Berg" in told.text


def test_the_second_of_two_editors_is_told_and_saves_again(desk: Desk, address: str) -> None:
    values = desk.get(f"{address}/edit").values(FORM)
    changed(desk, f"{address}/edit", preferred_name="Bee")

    page = desk.refused(f"{address}/edit", values | {"preferred_name": "Bo"})

    told = page.by_id("form-error")
    assert told is not None
    assert "preferred name from empty to Bee" in told.text
    page = desk.told(desk.send(f"{address}/edit", page.values(FORM)))
    assert message(page).startswith("Saved")


def test_hold_says_what_stays_scheduled_and_readmission_ends_it(desk: Desk, address: str) -> None:
    form = desk.get(f"{address}/hold").by_id(FORM)
    assert form is not None
    assert "2 sessions stay scheduled, the next on Tue 24 Nov, 9:00 am" in form.text

    page = changed(desk, f"{address}/hold", reason="Travels")

    assert message(page) == "Milo Harper is on hold."
    buttons = [e.text for e in (page.by_id("person") or page.elements[0]).all() if e.tag == "a"]
    assert buttons == ["Edit", "Discharge", "Readmit"]
    assert last_event(desk.session).reason == "Travels"
    page = changed(desk, f"{address}/readmit")
    assert message(page) == "Milo Harper is active again."


def test_a_discharge_proposes_to_end_the_lines_and_their_case_managers(desk: Desk, address: str) -> None:
    page = desk.get(f"{address}/discharge")

    boxes = [e for e in page.elements if e.attributes.get("name") == "service_lines"]
    assert [(box.attributes["value"], "checked" in box.attributes) for box in boxes] == [
        ("ABA", True),
        ("ST", True),
    ]
    form = page.by_id(FORM)
    assert form is not None
    assert "ABA, and Priya Natarajan as its case manager" in form.text
    assert "2 sessions lie after today, the last on Fri 27 Nov, 9:00 am (ABA)." in form.text
    assert page.values(FORM)["last_day"] == "2026-11-22"


def test_a_discharge_before_the_last_session_needs_its_tick(desk: Desk, address: str) -> None:
    values = desk.get(f"{address}/discharge").values(FORM) | {"service_lines": "ABA"}

    page = desk.refused(f"{address}/discharge", values)

    assert page.errors() == [["last_day", "sessions_after"]]
    told = page.by_id("last_day-error")
    assert told is not None
    assert told.text.startswith("2 sessions lie after this day, the last one ABA on Fri 27 Nov, 9:00 am.")
    again = page.values(FORM)
    assert again["service_lines"] == "ABA"
    page = desk.told(desk.send(f"{address}/discharge", again | {"leave_sessions": "y"}))
    assert message(page).startswith("Milo Harper is discharged. The last day was 22 Nov 2026.")
    assert message_codes(page) == ["case_manager_ended"]


def test_a_discharge_without_a_date_is_asked_for_one(desk: Desk, address: str) -> None:
    page = desk.refused(f"{address}/discharge", {"version": "1", "last_day": ""})

    assert page.errors() == [["last_day", "required"]]


@pytest.mark.parametrize("part", ["edit", "hold", "discharge", "readmit"])
def test_unknown_clients_and_other_methods_are_refused(client: FlaskClient, address: str, part: str) -> None:
    assert client.get(f"/clients/{'x' * 20}/{part}").status_code == 404
    assert client.put(f"{address}/{part}").status_code == 405


def test_a_post_without_a_token_changes_nothing(client: FlaskClient, address: str, session: Session) -> None:
    desk = Desk(client, session, fragments=False)

    for part in ("edit", "hold", "discharge", "readmit"):
        page = desk.refused(f"{address}/{part}", {"csrf_token": "stale"})
        assert page.codes("form-error") == ["csrf"]


@pytest.mark.parametrize("part", ["", "/funding", "/hold", "/discharge", "/readmit", "/service-lines/new"])
def test_a_page_asks_as_much_however_much_the_client_has(
    app: Flask, client: FlaskClient, scene: Scene, session: Session, address: str, part: str
) -> None:
    with app.app_context():
        engine = db.engine
    client.get(f"{address}{part}")
    with counted(engine) as few:
        assert client.get(f"{address}{part}").status_code == 200
    for code in ("OT", "PT", "MH"):
        builders.a_client_service_line(session, scene.milo, code)
        builders.a_case_manager(session, scene.milo, code)
        builders.a_funding_source(session, scene.milo, priority="tertiary")
    with counted(engine) as many:
        assert client.get(f"{address}{part}", headers=HTMX).status_code == 200

    # A whole page also counts the errors for its menu.
    assert len(many) + 1 == len(few) <= 12

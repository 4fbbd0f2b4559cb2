"""The week list of all appointments: as a page, and as the part that a filter changes."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.usecases import appointment_week
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.desk import HTMX, Desk
from tests.web.page import Element, Page


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


@pytest.fixture
def priya(session: Session) -> Row:
    return builders.a_clinician(session, first_name="Priya", last_name="Natarajan")


@pytest.fixture
def milo(session: Session, priya: Row) -> Row:
    """Has a session of ABA with Priya on Tue 24, one of ST with nobody on Thu 26, one a week later."""
    milo = builders.a_client(session, last_name="Harper", first_name="Milo")
    builders.an_appointment(session, milo, at(24), "ABA", priya)
    builders.an_appointment(session, milo, at(26), "ST", status="cancelled", billable=False)
    builders.an_appointment(session, milo, at(30), "ABA")
    return milo


def rows(page: Page) -> list[str]:
    found = page.by_id("appointment-week")
    assert found is not None
    return [
        e.text
        for e in found.all()
        if e.tag == "tr" and any(c.attributes.get("scope") == "row" for c in e.all())
    ]


def link(page: Page, words: str) -> Element:
    return next(e for e in page.elements if e.tag == "a" and e.text == words)


def test_a_week_is_told_day_by_day(desk: Desk, milo: Row) -> None:
    page = desk.get("/appointments?week=2026-11-25")

    heading = page.by_id("week-heading")
    assert heading is not None
    assert heading.text == "23 Nov 2026 to 29 Nov 2026"
    days = [e.text for e in page.elements if e.tag == "h3"]
    assert days[:2] == ["Mon 23 Nov", "Tue 24 Nov"]
    assert len(days) == 7
    assert len(rows(page)) == 2
    name = link(page, "Harper, Milo")
    assert name.attributes["href"] == f"/clients/{milo.public_id}/appointments"
    assert "cancelled" in rows(page)[1]
    assert "not billable" in rows(page)[1]
    assert "nobody named" in rows(page)[1]


def test_what_was_cancelled_can_be_left_out(desk: Desk, milo: Row) -> None:
    page = desk.get("/appointments?week=2026-11-23&cancelled=n")

    assert len(rows(page)) == 1
    heading = page.by_id("week-heading")
    assert heading is not None
    assert heading.text.endswith("without cancelled sessions")
    assert "cancelled=n" in link(page, "Next week").attributes["href"]


def test_without_a_week_it_is_this_one(client: FlaskClient, milo: Row) -> None:
    for asked in ("", "?week=", "?week=soon", "?week=2026-02-30", "?week=9999-12-31", "?week=%00"):
        answer = client.get(f"/appointments{asked}")
        if answer.status_code == 200:
            heading = Page(answer.text).by_id("week-heading")
            assert heading is not None
            assert heading.text == "16 Nov 2026 to 22 Nov 2026", asked
        else:
            assert answer.status_code == 400, asked


def test_the_weeks_around_are_links_that_keep_the_filters(desk: Desk, milo: Row, priya: Row) -> None:
    page = desk.get(f"/appointments?week=2026-11-23&clinician={priya.key}&service_line=ABA")

    assert len(rows(page)) == 1
    heading = page.by_id("week-heading")
    assert heading is not None
    assert heading.text.endswith("29 Nov 2026 · ABA · Priya Natarajan, BCBA")
    for words, week in (
        ("Previous week", "2026-11-16"),
        ("Next week", "2026-11-30"),
        ("This week", "2026-11-16"),
    ):
        href = link(page, words).attributes["href"]
        assert f"week={week}" in href
        assert f"clinician={priya.key}" in href
        assert "service_line=ABA" in href


def test_the_ends_of_time_have_no_further_week(client: FlaskClient) -> None:
    first, last = (
        Page(client.get(f"/appointments?week={week}").text) for week in ("1900-01-01", "2100-12-31")
    )

    assert "Previous week" not in [e.text for e in first.elements if e.tag == "a"]
    assert "Next week" not in [e.text for e in last.elements if e.tag == "a"]


@pytest.mark.parametrize(
    "asked", ["service_line=none", "clinician=none", "clinician=%3Cb%3E", "after=0-0", "after=x"]
)
def test_what_nobody_offers_is_answered_too(desk: Desk, milo: Row, asked: str) -> None:
    desk.get(f"/appointments?week=2026-11-23&{asked}")


def test_a_filter_swaps_the_week_alone(client: FlaskClient, milo: Row) -> None:
    fragment = client.get("/appointments?week=2026-11-23&service_line=ST", headers=HTMX)

    page = Page(fragment.text)
    assert page.elements[1].attributes["id"] == "appointment-week"
    assert len(rows(page)) == 1
    whole = Page(client.get("/appointments?week=2026-11-23&service_line=ST").text)
    assert rows(whole) == rows(page)
    form = whole.by_id("week-filters")
    assert form is not None
    assert whole.values("week-filters")["service_line"] == "ST"
    assert form.attributes["hx-target"] == "#appointment-week"


def test_a_long_week_goes_on_and_each_day_can_be_jumped_to(
    desk: Desk, session: Session, milo: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointment_week, "PART", 3)
    for number in range(4):
        builders.an_appointment(session, milo, at(25) + timedelta(minutes=number))

    first = desk.get("/appointments?week=2026-11-23")
    assert len(rows(first)) == 3
    assert [e.text for e in first.elements if e.tag == "h3"] == ["Tue 24 Nov", "Wed 25 Nov"]
    second = desk.get(link(first, "More of this week").attributes["href"])
    assert len(rows(second)) == 3
    assert set(rows(first)).isdisjoint(rows(second))
    thursday = desk.get(link(first, "Thu 26 Nov").attributes["href"])
    assert [e.text for e in thursday.elements if e.tag == "h3"] == ["Thu 26 Nov"]
    assert link(thursday, "Mon 23 Nov").attributes["href"] == "/appointments?week=2026-11-23"
    whole = desk.get(link(second, "Whole week, to print").attributes["href"])
    assert rows(whole) == [*rows(first), *rows(second)]


def test_many_clinicians_are_typed_by_number(
    client: FlaskClient, milo: Row, priya: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.usecases.appointment_form.MOST_CLINICIANS", 0)

    page = Page(client.get(f"/appointments?week=2026-11-23&clinician={priya.key}").text)
    assert page.values("week-filters")["clinician"] == priya.key
    assert len(rows(page)) == 1
    form = Page(client.get(f"/clients/{milo.public_id}/appointments/new?clinician={priya.key}").text)
    assert form.values("appointment-form")["clinician"] == priya.key


def test_the_week_takes_two_statements_and_the_menu_one(app: Flask, client: FlaskClient, milo: Row) -> None:
    with app.app_context():
        engine = db.engine
    with counted(engine) as statements:
        assert client.get("/appointments?week=2026-11-23").status_code == 200
    assert len(statements) == 3


@pytest.mark.settings(url_prefix="/desk")
def test_rows_lead_to_the_place_where_the_application_is_mounted(client: FlaskClient, milo: Row) -> None:
    page = Page(client.get("/desk/appointments?week=2026-11-25").text)

    names = [e.attributes["href"] for e in page.elements if e.attributes.get("class") == "name"]
    assert set(names) == {f"/desk/clients/{milo.public_id}/appointments"}

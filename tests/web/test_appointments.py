"""A client's appointments on screen, and adding: each thing as a page and as a fragment."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp.extensions import db
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.appointments import FORM, a_visit, rows, session_of, tab_of
from tests.web.desk import Desk, Scene, last_event, message, message_codes


@pytest.fixture
def visit(session: Session, scene: Scene) -> Row:
    return a_visit(session, scene)


def test_the_tab_offers_to_add_and_a_menu_for_each_row(desk: Desk, scene: Scene, visit: Row) -> None:
    page = desk.whole(tab_of(scene))

    assert page.by_id("add-appointment") is not None
    menu = page.by_id(f"appointment-{visit.public_id}-menu")
    assert menu is not None
    assert [e.text for e in menu.all() if e.attributes.get("role") == "menuitem"] == [
        "Edit",
        "Complete",
        "No-show",
        "Cancel appointment",
    ]
    button = page.by_id(f"appointment-{visit.public_id}-button")
    assert button is not None
    assert button.attributes["aria-label"] == "Actions for ABA, Tue 1 Dec, 9:00 am"


def test_the_form_opens_with_what_is_usual(desk: Desk, scene: Scene) -> None:
    page = desk.get(f"{tab_of(scene)}/new")

    values = page.values(FORM)
    assert (values["minutes"], values["status"], values["billable"]) == ("60", "scheduled", "y")
    assert values["service_line"] == ""
    required = [e.attributes["name"] for e in page.elements if "required" in e.attributes]
    assert sorted(required) == ["minutes", "service_line", "start_date", "start_time", "status"]


def test_an_address_may_propose_what_stands_in_the_form(desk: Desk, scene: Scene) -> None:
    page = desk.get(f"{tab_of(scene)}/new?service_line=ST&start_date=2026-12-01&start_time=10:15")

    values = page.values(FORM)
    assert (values["service_line"], values["start_date"], values["start_time"]) == (
        "ST",
        "2026-12-01",
        "10:15",
    )


def test_an_added_session_stands_in_the_tab(desk: Desk, scene: Scene) -> None:
    answer = desk.send(tab_of(scene), session_of(clinician=scene.priya.key))

    page = desk.told(answer)
    assert message(page).startswith("Saved: ABA session on Tue 1 Dec, 9:00 am, number A-")
    added = rows(desk.session)[-1]
    row = page.by_id(f"appointment-{added.public_id}")
    assert row is not None
    assert "Priya Natarajan, BCBA" in row.text
    assert added.number in row.text
    event = last_event(desk.session)
    assert (event.action, event.entity, event.actor) == ("add", "appointment", "local user")
    if desk.fragments:
        assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#appointments", "outerHTML")
        focused = [e.attributes.get("id") for e in page.elements if "data-focus" in e.attributes]
        assert focused == [f"appointment-{added.public_id}-button"]
    else:
        assert answer.headers["Location"] == tab_of(scene)


def test_the_fields_alone_without_the_hidden_ones_are_a_whole_addition(desk: Desk, scene: Scene) -> None:
    fields = session_of()
    del fields["until"], fields["clinician"], fields["billable"]

    desk.send(tab_of(scene), fields)

    assert rows(desk.session)[-1].billable is False


def test_a_series_is_added_whole_across_the_change_of_the_clocks(desk: Desk, scene: Scene) -> None:
    before = len(rows(desk.session))

    page = desk.told(desk.send(tab_of(scene), session_of(start_date="2027-03-02", until="2027-03-23")))

    made = rows(desk.session)[before:]
    assert {row.starts_at.astimezone(ZONE).strftime("%a %H:%M") for row in made} == {"Tue 09:00"}
    assert len(made) == 4
    assert "Saved: 4 ABA sessions, weekly from Tue 2 Mar, 9:00 am, to Tue 23 Mar." in message(page)


def test_everything_wrong_is_told_at_once_and_nothing_typed_is_lost(desk: Desk, scene: Scene) -> None:
    typed = session_of(
        service_line="nope",
        start_date="2026-13-01",
        start_time="lunch",
        minutes="0",
        status="",
        until="later",
    )
    del typed["billable"]

    page = desk.refused(tab_of(scene), typed)

    assert sorted(map(tuple, page.errors())) == [
        ("minutes", "invalid_minutes"),
        ("service_line", "unknown_choice"),
        ("start_date", "invalid_date"),
        ("start_time", "invalid_time"),
        ("status", "required"),
        ("until", "invalid_date"),
    ]
    values = page.values(FORM)
    assert {name: values.get(name) for name in typed} == typed
    assert "billable" not in values
    summary = page.by_id("error-summary")
    assert summary is not None
    assert summary.text.startswith("Six things keep this from being saved")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"until": "2026-11-30"}, ["until", "end_before_start"]),
        ({"until": "2028-06-01"}, ["until", "too_many_sessions"]),
        ({"start_date": "2027-03-14", "start_time": "02:30"}, ["start_time", "no_such_time"]),
        (
            {"start_date": "2027-03-07", "start_time": "02:30", "until": "2027-03-21"},
            ["start_time", "no_such_time"],
        ),
        ({"clinician": "Nobody & <b>"}, ["clinician", "unknown_choice"]),
        ({"status": "lost"}, ["status", "unknown_choice"]),
        ({"minutes": "x" * 10_000}, ["minutes", "too_long"]),
        ({"number": "A-1"}, [None, "unknown_field"]),
        ({"csrf_token": "wrong"}, [None, "csrf"]),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    desk: Desk, scene: Scene, typed: dict[str, str], error: list[str | None]
) -> None:
    page = desk.refused(tab_of(scene), session_of(**typed))

    assert error in page.errors()
    values = page.values(FORM)
    sent = session_of(**typed)
    for name in typed.keys() - {"csrf_token", "number"}:
        assert values[name] == sent[name]


def test_warnings_are_told_after_the_save_of_a_client_on_hold(desk: Desk, session: Session) -> None:
    held = builders.a_client(session, ["ABA"], first_name="Nia", status="on_hold")

    page = desk.told(desk.send(f"/clients/{held.public_id}/appointments", session_of()))

    assert message_codes(page) == ["client_on_hold", "no_primary_payor", "no_case_manager"]
    assert "Nia is on hold. Readmit the client if care goes on." in message(page)
    assert len(rows(session)) >= 1


def test_a_session_stands_without_a_case_manager_24_hours_before_it(desk: Desk, scene: Scene) -> None:
    st = session_of(service_line="ST", start_date="2026-11-25")

    page = desk.told(desk.send(tab_of(scene), st))

    assert message_codes(page) == ["no_case_manager"]
    mending = next(e for e in page.elements if e.tag == "a" and e.text == "Assign ST case manager")
    assert mending.attributes["href"] == f"{scene.post}/new?service_line=ST"

    desk.send(scene.post, scene.mei_for_st())
    assert message_codes(desk.told(desk.send(tab_of(scene), st))) == []


def test_save_pressed_twice_saves_once(desk: Desk, scene: Scene) -> None:
    before = len(rows(desk.session))
    opened = desk.get(f"{tab_of(scene)}/new").values(FORM)
    fields = opened | session_of(until="2026-12-15")

    first, again = (desk.told(desk.send(tab_of(scene), fields)) for _ in range(2))

    assert message(first) == message(again)
    assert len(rows(desk.session)) == before + 3


def test_the_statements_do_not_grow_with_the_rows(
    app: Flask, client: FlaskClient, scene: Scene, session: Session
) -> None:
    with app.app_context():
        engine: Engine = db.engine

    def sent(address: str) -> int:
        with counted(engine) as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    before = [sent(address) for address in (tab_of(scene), f"{tab_of(scene)}/new")]
    for day in range(1, 20):
        builders.an_appointment(
            session, scene.milo, datetime(2026, 12, day, 9, tzinfo=ZONE), clinician=scene.priya
        )
    assert [sent(address) for address in (tab_of(scene), f"{tab_of(scene)}/new")] == before == [4, 3]


def test_a_save_answers_in_twelve_statements(
    app: Flask, client: FlaskClient, scene: Scene, session: Session
) -> None:
    with app.app_context():
        engine: Engine = db.engine
    desk = Desk(client, session, fragments=False)
    fields = {"csrf_token": desk.token()} | session_of(service_line="ST", clinician=scene.mei.key)

    with counted(engine) as statements:
        assert client.post(tab_of(scene), data=fields).status_code == 303

    assert len(statements) <= 12

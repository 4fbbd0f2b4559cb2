"""A client's appointments on screen: each thing as a page and as a fragment."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.models import Appointment
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene, a_scene, judged, last_event, message, message_codes
from tests.web.page import Page

FORM = "appointment-form"


def tab_of(scene: Scene) -> str:
    return f"/clients/{scene.milo.public_id}/appointments"


def one(scene: Scene, appointment: Row, verb: str = "") -> str:
    return f"{tab_of(scene)}/{appointment.public_id}{'/' if verb else ''}{verb}"


def session_of(**fields: str) -> dict[str, str]:
    values = {
        "service_line": "ABA",
        "clinician": "",
        "start_date": "2026-12-01",
        "start_time": "09:00",
        "minutes": "60",
        "status": "scheduled",
        "until": "",
        "billable": "y",
    }
    return values | fields


@pytest.fixture
def visit(session: Session, scene: Scene) -> Row:
    """An ABA session of Milo's on Tue 1 Dec, 9:00 am."""
    made = builders.an_appointment(session, scene.milo, datetime(2026, 12, 1, 9, tzinfo=ZONE), "ABA")
    judged(session, scene.milo)
    return made


def rows(session: Session) -> list[Any]:
    session.rollback()
    return list(session.execute(select(Appointment.__table__).order_by(Appointment.id)))


def row_of(session: Session, appointment: Row) -> Any:
    return next(row for row in rows(session) if row.id == appointment.id)


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

    assert message_codes(desk.told(desk.send(tab_of(scene), st))) == ["no_case_manager"]

    desk.send(scene.post, scene.mei_for_st())
    assert message_codes(desk.told(desk.send(tab_of(scene), st))) == []


def test_an_edit_opens_with_what_is_stored_and_swaps_its_row(desk: Desk, scene: Scene, visit: Row) -> None:
    values = desk.get(one(scene, visit, "edit")).values(FORM)
    assert (values["start_date"], values["start_time"], values["minutes"]) == ("2026-12-01", "09:00", "60")
    assert "until" not in values

    answer = desk.send(one(scene, visit, "edit"), values | {"minutes": "90", "clinician": scene.priya.key})

    page = desk.told(answer)
    row = page.by_id(f"appointment-{visit.public_id}")
    assert row is not None
    assert "90 min" in row.text
    event = last_event(desk.session)
    assert (event.action, (event.before or {})["minutes"], (event.after or {})["minutes"]) == ("edit", 60, 90)
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == f"#appointment-{visit.public_id}"
        audit(answer.text, page=False, inside=desk.client.get(tab_of(scene)).text)


def test_a_moved_session_is_shown_where_it_stands_now(desk: Desk, scene: Scene, visit: Row) -> None:
    values = desk.get(one(scene, visit, "edit")).values(FORM)

    answer = desk.send(one(scene, visit, "edit"), values | {"start_date": "2026-11-23"})

    page = desk.told(answer)
    ids = [e.attributes.get("id", "") for e in page.elements if e.tag == "tr"]
    assert next(name for name in ids if name) == f"appointment-{visit.public_id}"
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == "#appointments"


def test_the_second_editor_is_told_and_may_save_over_it(desk: Desk, scene: Scene, visit: Row) -> None:
    first = desk.get(one(scene, visit, "edit")).values(FORM)
    second = desk.get(one(scene, visit, "edit")).values(FORM)
    desk.send(one(scene, visit, "edit"), first | {"minutes": "45"})

    page = desk.refused(one(scene, visit, "edit"), second | {"start_time": "10:00"})

    assert page.errors() == [[None, "conflict"]]
    again = page.values(FORM)
    assert (again["start_time"], again["minutes"]) == ("10:00", "60")
    desk.send(one(scene, visit, "edit"), again)
    assert row_of(desk.session, visit).minutes == 60


def test_save_pressed_twice_saves_once(desk: Desk, scene: Scene) -> None:
    before = len(rows(desk.session))
    opened = desk.get(f"{tab_of(scene)}/new").values(FORM)
    fields = opened | session_of(until="2026-12-15")

    first, again = (desk.told(desk.send(tab_of(scene), fields)) for _ in range(2))

    assert message(first) == message(again)
    assert len(rows(desk.session)) == before + 3


@pytest.mark.parametrize(
    ("verb", "status", "action", "words"),
    [
        ("complete", "completed", "complete", "Completed: ABA session on Tue 1 Dec, 9:00 am."),
        ("no-show", "no_show", "no_show", "Marked as no-show: ABA session on Tue 1 Dec, 9:00 am."),
        ("cancel", "cancelled", "cancel", "Cancelled: ABA session on Tue 1 Dec, 9:00 am."),
    ],
)
def test_a_button_of_the_menu_gives_the_status(
    desk: Desk, scene: Scene, visit: Row, verb: str, status: str, action: str, words: str
) -> None:
    answer = desk.send(one(scene, visit, verb), {"version": "1"})

    page = desk.told(answer)
    assert message(page) == words
    row = page.by_id(f"appointment-{visit.public_id}")
    assert row is not None
    assert status.replace("_", "-") in row.text
    event = last_event(desk.session)
    assert (event.action, (event.before or {})["status"], (event.after or {})["status"]) == (
        action,
        "scheduled",
        status,
    )
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == f"#appointment-{visit.public_id}"
        focused = [e.attributes.get("id") for e in page.elements if "data-focus" in e.attributes]
        assert focused == [f"appointment-{visit.public_id}-button"]
        audit(answer.text, page=False, inside=desk.client.get(tab_of(scene)).text)


def test_a_button_pressed_twice_writes_once(desk: Desk, scene: Scene, visit: Row) -> None:
    for _ in range(2):
        desk.send(one(scene, visit, "cancel"), {"version": "1"})

    assert row_of(desk.session, visit).version == 2


def test_a_button_on_what_was_changed_meanwhile_changes_nothing(desk: Desk, scene: Scene, visit: Row) -> None:
    desk.send(one(scene, visit, "cancel"), {"version": "1"})

    page = Page(desk.send(one(scene, visit, "complete"), {"version": "1"}, 422).text)

    assert message_codes(page) == ["conflict"]
    assert row_of(desk.session, visit).status == "cancelled"
    row = page.by_id(f"appointment-{visit.public_id}")
    assert row is not None
    assert "cancelled" in row.text


def test_a_button_without_its_token_changes_nothing(desk: Desk, scene: Scene, visit: Row) -> None:
    page = Page(desk.send(one(scene, visit, "cancel"), {"csrf_token": "stale"}, 422).text)

    assert message_codes(page) == ["csrf"]
    assert row_of(desk.session, visit).status == "scheduled"


def test_what_stands_again_is_judged_again(desk: Desk, scene: Scene, session: Session) -> None:
    at = datetime(2026, 12, 2, 9, tzinfo=ZONE)
    cancelled = builders.an_appointment(session, scene.milo, at, "ST", status="cancelled")

    page = desk.told(desk.send(one(scene, cancelled, "complete"), {}))

    assert message_codes(page) == ["no_case_manager"]


def test_cancelling_the_session_at_risk_mends_the_gap(desk: Desk, session: Session) -> None:
    scene = a_scene(session)
    at_risk = next(row for row in rows(session) if row.starts_at.astimezone(ZONE).day == 24)
    tab = desk.whole(scene.tab)
    banner = next(e for e in tab.elements if e.attributes.get("data-code") == "no_case_manager")
    assert "Tue 24 Nov" in banner.text

    desk.send(f"{tab_of(scene)}/{at_risk.public_id}/cancel", {})

    tab = desk.whole(scene.tab)
    banner = next(e for e in tab.elements if e.attributes.get("data-code") == "no_case_manager")
    assert "Tue 24 Nov" not in banner.text


def test_cancel_leads_back_to_the_row(client: FlaskClient, scene: Scene, visit: Row) -> None:
    row = client.get(one(scene, visit), headers=HTMX)
    assert row.text.strip().endswith("</tr>")
    audit(row.text, page=False, inside=client.get(tab_of(scene)).text)

    assert client.get(one(scene, visit)).headers["Location"] == tab_of(scene)


def test_what_is_not_there_is_not_found(
    client: FlaskClient, scene: Scene, visit: Row, session: Session
) -> None:
    other = builders.a_client(session)
    token = Desk(client, session, fragments=False).token()
    nobody, theirs = "x" * 20, f"/clients/{other.public_id}/appointments/{visit.public_id}"

    for address in (
        theirs,
        f"{theirs}/edit",
        f"{tab_of(scene)}/{nobody}/edit",
        f"/clients/{nobody}/appointments/new",
    ):
        for headers in ({}, HTMX):
            assert client.get(address, headers=headers).status_code == 404, address
    for verb in ("edit", "complete", "no-show", "cancel"):
        fields = session_of() if verb == "edit" else {}
        fields.pop("until", None)
        assert client.post(f"{theirs}/{verb}", data={"csrf_token": token} | fields).status_code == 404, verb
    assert (
        client.post(f"/clients/{nobody}/appointments", data={"csrf_token": token} | session_of()).status_code
        == 404
    )
    assert row_of(session, visit).status == "scheduled"


def test_other_methods_are_refused(client: FlaskClient, scene: Scene, visit: Row) -> None:
    for verb in ("complete", "no-show", "cancel"):
        assert client.get(one(scene, visit, verb)).status_code == 405
    assert client.post(one(scene, visit)).status_code == 405
    assert client.post("/appointments").status_code == 405
    assert client.delete(tab_of(scene)).status_code == 405


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
    assert [sent(address) for address in (tab_of(scene), f"{tab_of(scene)}/new")] == before == [3, 2]

"""A client's service lines on the tab Profile: rows, three dots, forms, and what a save answers."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Row
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene, last_event, message, message_codes
from tests.web.page import Page

FORM = "record-form"


@pytest.fixture
def profile(scene: Scene) -> str:
    return f"/clients/{scene.milo.public_id}"


@pytest.fixture
def lines(profile: str) -> str:
    return f"{profile}/service-lines"


@pytest.fixture
def pt(scene: Scene, session: Session) -> Row:
    """A line that nobody uses."""
    return builders.a_client_service_line(session, scene.milo, "PT", start_date=date(2026, 11, 1))


def of(desk: Desk, profile: str, code: str) -> str:
    """The address of the row of a service line."""
    for element in desk.whole(profile).elements:
        if element.tag == "tr" and element.text.startswith(code):
            return f"{profile}/service-lines/{element.attributes['id'].removeprefix('service-line-')}"
    raise AssertionError(code)


def test_a_line_is_added_and_its_row_takes_the_focus(
    desk: Desk, profile: str, lines: str, session: Session
) -> None:
    builders.a_service_line(session, "OT", name="Occupational Therapy")
    values = desk.get(f"{lines}/new").values(FORM)

    page = desk.told(desk.send(lines, values | {"service_line": "OT", "start_date": "2026-11-01"}))

    assert message(page) == "Saved: OT from 1 Nov 2026."
    section = page.by_id("service-lines")
    assert section is not None
    assert "OT · Occupational Therapy 1 Nov 2026 open no case manager: assign" in section.text
    if desk.fragments:
        focused = [e.attributes["id"] for e in page.elements if "data-focus" in e.attributes]
        assert [name.endswith("-button") for name in focused] == [True]


def test_a_fragment_carries_the_tab_the_heading_and_the_message(
    client: FlaskClient, scene: Scene, session: Session, profile: str
) -> None:
    desk = Desk(client, session, fragments=True)
    row = of(desk, profile, "ABA")
    values = desk.get(f"{row}/edit").values(FORM)

    answer = desk.send(f"{row}/edit", values | {"start_date": "2020-02-01"})

    audit(answer.text, page=False, inside=client.get(profile).text)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#profile", "outerHTML")
    oob = {e.attributes.get("id", "") for e in Page(answer.text).elements if "hx-swap-oob" in e.attributes}
    assert oob == {"client-head", "dialog-place", "menu-coverage", ""}


def test_the_address_fills_the_form(desk: Desk, lines: str) -> None:
    values = desk.get(f"{lines}/new?service_line=ST&start_date=2026-11-24").values(FORM)

    assert (values["service_line"], values["start_date"]) == ("ST", "2026-11-24")


def test_all_errors_of_a_line_are_told_at_once(desk: Desk, lines: str) -> None:
    page = desk.refused(lines, {"service_line": "YOGA", "start_date": "", "end_date": "2026-02-30"})

    assert page.errors() == [
        ["service_line", "unknown_choice"],
        ["start_date", "required"],
        ["end_date", "invalid_date"],
    ]
    assert page.values(FORM)["service_line"] == "YOGA"


def test_discharging_a_line_proposes_to_end_its_case_manager(desk: Desk, profile: str, scene: Scene) -> None:
    row = of(desk, profile, "ABA")
    page = desk.get(f"{row}/edit?end_date=2026-11-27")
    values = page.values(FORM)
    assert (values["end_date"], values["end_case_manager"]) == ("2026-11-27", "y")
    form = page.by_id(FORM)
    assert form is not None
    assert "Where it ends, end Priya Natarajan as case manager that day" in form.text

    page = desk.told(desk.send(f"{row}/edit", values))

    assert message_codes(page) == ["case_manager_ended"]
    event = last_event(desk.session)
    assert (event.action, event.entity, (event.after or {})["end_date"]) == (
        "end",
        "case_manager",
        "2026-11-27",
    )


def test_an_end_before_the_last_session_needs_its_tick(desk: Desk, profile: str) -> None:
    row = of(desk, profile, "ABA")
    values = desk.get(f"{row}/edit").values(FORM)
    assert "leave_sessions" not in values

    page = desk.refused(f"{row}/edit", values | {"end_date": "2026-11-23"})

    assert page.errors() == [["end_date", "sessions_after"]]
    saved = desk.told(desk.send(f"{row}/edit", page.values(FORM) | {"leave_sessions": "y"}))
    assert message(saved).startswith("Saved: ABA from 1 Jan 2020 to 23 Nov 2026.")


def test_the_three_dots_hold_edit_discharge_and_remove(desk: Desk, profile: str) -> None:
    page = desk.whole(profile)

    menus = [e for e in page.elements if e.attributes.get("role") == "menu"]
    items = [[item.text for item in menu.all() if item.tag == "a"] for menu in menus]
    assert items == [["Edit", "Discharge", "Remove"]] * 2
    assert menus[0].attributes["aria-label"] == "Actions for ABA, from 1 Jan 2020"


def test_a_line_entered_in_error_is_removed(desk: Desk, profile: str, lines: str, pt: Row) -> None:
    address = f"{lines}/{pt.public_id}/remove"
    page = desk.get(address)
    form = page.by_id(FORM)
    assert form is not None
    assert "entered in error" in form.text

    page = desk.told(desk.send(address, page.values(FORM) | {"reason": "Typed twice"}))

    assert message(page) == "Removed: PT from 1 Nov 2026. It stays in History."
    assert page.by_id(f"service-line-{pt.public_id}") is None
    if desk.fragments:
        focused = [e.attributes["id"] for e in page.elements if "data-focus" in e.attributes]
        assert focused == ["service-lines-heading"]
    event = last_event(desk.session)
    assert (event.action, event.reason) == ("remove", "Typed twice")
    again = desk.told(desk.send(address, {}))
    assert "removed before" in message(again)
    assert "removed before" in message(desk.told(desk.client.get(address, headers=desk.headers)))


def test_a_line_in_use_says_what_stands_in_it(desk: Desk, profile: str) -> None:
    row = of(desk, profile, "ABA")

    page = desk.refused(f"{row}/remove", desk.get(f"{row}/remove").values(FORM))

    assert page.codes("form-error") == ["in_use"]
    told = page.by_id("form-error")
    assert told is not None
    assert "is ABA case manager from" in told.text


def test_what_was_typed_into_a_removed_line_is_not_lost(desk: Desk, lines: str, pt: Row) -> None:
    edit = f"{lines}/{pt.public_id}/edit"
    values = desk.get(edit).values(FORM)
    desk.send(f"{lines}/{pt.public_id}/remove", {"version": "1"})

    page = desk.refused(edit, values | {"end_date": "2026-12-01"})

    assert page.codes("form-error") == ["conflict"]
    assert page.values(FORM)["end_date"] == "2026-12-01"


def test_one_row_is_answered_where_cancel_leads(
    client: FlaskClient, profile: str, lines: str, pt: Row
) -> None:
    page = Page(client.get(f"{lines}/{pt.public_id}", headers=HTMX).text)

    assert page.elements[1].attributes["id"] == f"service-line-{pt.public_id}"
    assert client.get(f"{lines}/{pt.public_id}").headers["Location"] == profile


def test_a_form_sent_twice_saves_once(desk: Desk, lines: str, session: Session) -> None:
    builders.a_service_line(session, "OT")
    values = desk.get(f"{lines}/new").values(FORM) | {"service_line": "OT", "start_date": "2026-11-01"}
    first = desk.told(desk.send(lines, values))
    event = last_event(session).id

    assert message(desk.told(desk.send(lines, values))) == message(first)
    assert last_event(session).id == event


def test_lines_of_other_clients_are_not_found(client: FlaskClient, lines: str, session: Session) -> None:
    other = builders.a_client_service_line(session, builders.a_client(session), "ABA")

    for part in ("", "/edit", "/remove"):
        assert client.get(f"{lines}/{other.public_id}{part}").status_code == 404
    assert client.put(lines).status_code == 405
    assert client.get(lines).status_code == 405

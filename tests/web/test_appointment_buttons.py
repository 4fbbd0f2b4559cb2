"""Complete, No-show and Cancel appointment: as a page and as a fragment."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.web.appointments import a_visit, one, row_of, rows, tab_of
from tests.web.audit import audit
from tests.web.desk import Desk, Scene, a_scene, last_event, message, message_codes
from tests.web.page import Page


@pytest.fixture
def visit(session: Session, scene: Scene) -> Row:
    return a_visit(session, scene)


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

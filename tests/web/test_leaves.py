"""A clinician's leaves on their page: as pages and as fragments, and what misuse answers."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent, Leave
from tests import builders
from tests.builders import Row
from tests.web.desk import HTMX, Desk, count, last_event, message, message_codes
from tests.web.page import Element, Page

VACATION = {"start_date": "2026-12-07", "end_date": "2026-12-18", "note": "Lisbon"}


@pytest.fixture
def ada(session: Session) -> Row:
    return builders.a_clinician(session)


@pytest.fixture
def leave(session: Session, ada: Row) -> Row:
    return builders.a_leave(
        session, ada, start_date=date(2026, 11, 20), end_date=date(2026, 11, 30), note="Rest"
    )


def of(clinician: Row, leave: Row | None = None, verb: str = "") -> str:
    own = f"/{leave.public_id}" if leave else ""
    return f"/clinicians/{clinician.public_id}/leaves{own}{'/' if verb else ''}{verb}"


def section(page: Page, name: str = "leaves") -> Element:
    found = page.by_id(name)
    assert found is not None
    return found


def focused(page: Page) -> list[str]:
    return [e.attributes.get("id") or e.text for e in page.elements if "data-focus" in e.attributes]


def test_the_page_shows_each_leave_with_its_menu(desk: Desk, ada: Row, leave: Row) -> None:
    shown = section(desk.get(f"/clinicians/{ada.public_id}"))

    assert "20 Nov 2026 on leave 30 Nov 2026 Rest" in shown.text
    (button,) = (e for e in shown.all() if e.tag == "button")
    assert button.attributes["aria-label"] == "Actions for the leave from 20 Nov 2026"
    items = [e for e in shown.all() if e.attributes.get("role") == "menuitem"]
    assert [(item.text, item.attributes["href"]) for item in items] == [
        ("Edit", of(ada, leave, "edit")),
        ("Remove", of(ada, leave, "remove")),
    ]


def test_a_leave_is_added(desk: Desk, ada: Row, leave: Row, session: Session) -> None:
    form = desk.get(of(ada, verb="new")).values("leave-form")

    answer = desk.send(of(ada), form | VACATION)

    told = desk.told(answer)
    assert message(told) == "Saved: Ada Okafor is on leave 7–18 Dec."
    assert "7 Dec 2026 18 Dec 2026 Lisbon" in section(told).text
    assert "Added leave" in told.text_of("history")
    if desk.fragments:
        assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#leaves", "outerHTML")
        assert focused(told) == [f"leave-{last_event(session).entity_id}-button"]
    again = desk.send(of(ada), form | VACATION)
    assert message(desk.told(again)) == "Saved: Ada Okafor is on leave 7–18 Dec."
    assert count(session, Leave) == 2


def test_an_overlap_is_told_and_saved(desk: Desk, ada: Row, leave: Row) -> None:
    answer = desk.send(of(ada), VACATION | {"start_date": "2026-11-30"})

    assert message_codes(desk.told(answer)) == ["leave_overlaps"]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"start_date": ""}, [["start_date", "required"]]),
        ({"start_date": "2026-12-19"}, [["end_date", "end_before_start"]]),
        (
            {"start_date": "1800-01-01", "end_date": "x"},
            [["start_date", "invalid_date"], ["end_date", "invalid_date"]],
        ),
        ({"start_date": "2026-11-20"}, [["start_date", "taken"]]),
        ({"note": "x" * 10_001}, [["note", "too_long"]]),
        ({"note": "x" * 20_001}, [["note", "too_long"]]),
    ],
)
def test_a_refused_leave_keeps_what_was_typed(
    desk: Desk, ada: Row, leave: Row, fields: dict[str, str], errors: list[list[str]]
) -> None:
    page = desk.refused(of(ada), VACATION | fields)

    assert page.errors() == errors
    values = page.values("leave-form")
    assert {name: values[name] for name in VACATION} == VACATION | fields
    assert focused(page) == ["error-summary"]


def test_a_leave_is_edited_in_its_place(desk: Desk, ada: Row, leave: Row, session: Session) -> None:
    page = desk.get(of(ada, leave, "edit"))
    form = page.values("leave-form")
    assert (form["start_date"], form["note"], form["version"]) == ("2026-11-20", "Rest", "1")
    assert (page.by_id(f"leave-{leave.public_id}") is not None) == desk.fragments

    desk.send(of(ada, leave, "edit"), form | {"end_date": "2026-12-01"})

    event = last_event(session)
    assert ((event.before or {})["end_date"], (event.after or {})["end_date"]) == ("2026-11-30", "2026-12-01")
    stale = desk.refused(of(ada, leave, "edit"), form | {"note": "Mine", "form_token": ""})
    assert stale.errors() == [[None, "conflict"]]
    assert stale.values("leave-form")["note"] == "Mine"


def test_cancel_returns_to_the_row(client: FlaskClient, ada: Row, leave: Row) -> None:
    row = client.get(of(ada, leave), headers=HTMX)

    assert row.text.lstrip().startswith("<tr")
    assert focused(Page(row.text)) == [f"leave-{leave.public_id}-button"]
    assert client.get(of(ada, leave)).status_code == 303


def test_a_removal_asks_first_and_stays_in_the_history(
    desk: Desk, ada: Row, leave: Row, session: Session
) -> None:
    page = desk.get(of(ada, leave, "remove"))
    assert "entered in error" in page.text_of("leave-removal")
    form = page.values("leave-removal")

    answer = desk.send(of(ada, leave, "remove"), form)

    told = desk.told(answer)
    assert message(told).startswith("Removed: the leave 20–30 Nov of Ada Okafor.")
    assert "No leave is recorded." in section(told).text
    assert "Removed leave" in desk.whole(f"/clinicians/{ada.public_id}").text_of("history")
    if desk.fragments:
        assert focused(told) == ["leaves-heading"]
    again = desk.send(of(ada, leave, "remove"), form)
    assert "has been removed" in message(desk.told(again))
    assert (count(session, Leave), count(session, AuditEvent)) == (0, 1)


def test_a_changed_leave_is_not_removed(desk: Desk, ada: Row, leave: Row, session: Session) -> None:
    form = desk.get(of(ada, leave, "remove")).values("leave-removal")
    desk.send(of(ada, leave, "edit"), desk.get(of(ada, leave, "edit")).values("leave-form") | {"note": "New"})

    page = desk.refused(of(ada, leave, "remove"), form)

    assert page.errors() == [[None, "conflict"]]
    desk.send(of(ada, leave, "remove"), page.values("leave-removal"))
    assert count(session, Leave) == 0


def test_unknown_addresses_and_wrong_methods(
    client: FlaskClient, ada: Row, leave: Row, session: Session
) -> None:
    other = builders.a_clinician(session)
    nothing = Row(0, "a" * 20)
    token = Page(client.get("/clinicians").text).values("clinician-search")["csrf_token"]
    for path in (of(nothing, verb="new"), of(other, leave, "edit"), of(ada, nothing, "remove")):
        assert client.get(path).status_code == 404
    for path in (of(nothing), of(other, leave, "edit"), of(ada, nothing, "remove")):
        assert client.post(path, data={"csrf_token": token, **VACATION}).status_code == 404
    assert client.get(of(other, leave), headers=HTMX).status_code == 404
    assert client.get(of(ada)).status_code == 405
    assert client.post(of(ada, leave)).status_code == 405
    assert client.put(of(ada, leave, "edit")).status_code == 405
    assert client.post(of(ada), data=VACATION).status_code == 422
    assert count(session, Leave) == 1

"""Editing an appointment, and what is not there: as a page and as a fragment."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Row
from tests.web.appointments import FORM, a_visit, one, row_of, session_of, tab_of
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene, last_event


@pytest.fixture
def visit(session: Session, scene: Scene) -> Row:
    return a_visit(session, scene)


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

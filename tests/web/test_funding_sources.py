"""A client's funding sources: rows, forms, the primary in the way, and who must change."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Row
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene, last_event, message
from tests.web.page import Page

FORM = "record-form"


@pytest.fixture
def tab(scene: Scene) -> str:
    return f"/clients/{scene.milo.public_id}/funding"


@pytest.fixture
def sources(scene: Scene) -> str:
    return f"/clients/{scene.milo.public_id}/funding-sources"


@pytest.fixture
def cigna(session: Session) -> Row:
    return builders.a_payor(session, name="Cigna")


def of(desk: Desk, tab: str, payor: str) -> str:
    """The address of the row of a payor."""
    for element in desk.whole(tab).elements:
        if element.tag == "tr" and element.text.startswith(payor):
            return tab.removesuffix("/funding") + "/funding-sources/" + element.attributes["id"][15:]
    raise AssertionError(payor)


def primary(payor: Row, **fields: str) -> dict[str, str]:
    return {"payor": payor.key, "priority": "primary", "start_date": "2026-12-01"} | fields


def test_the_tab_shows_who_pays_and_since_when(desk: Desk, tab: str) -> None:
    page = desk.get(tab)

    section = page.by_id("funding")
    assert section is not None
    assert "Aetna Insurance Primary none 1 Jan 2020 open in force" in section.text
    menus = [e.attributes["aria-label"] for e in page.elements if e.attributes.get("role") == "menu"]
    assert menus[0] == "Actions for Aetna, primary, from 1 Jan 2020"


def test_a_source_is_added_with_member_id(desk: Desk, sources: str, cigna: Row) -> None:
    values = desk.get(f"{sources}/new").values(FORM)

    answer = desk.send(sources, values | primary(cigna, priority="tertiary", member_id="W-1"))

    page = desk.told(answer)
    assert message(page) == "Saved: Cigna is tertiary from 1 Dec 2026."
    assert (last_event(desk.session).after or {})["member_id"] == "W-1"
    if desk.fragments:
        audit(answer.text, page=False, inside=desk.client.get(sources.removesuffix("-sources")).text)
        assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#funding", "outerHTML")


def test_the_address_fills_the_form(desk: Desk, sources: str) -> None:
    values = desk.get(f"{sources}/new?priority=primary&start_date=2026-11-24").values(FORM)

    assert (values["priority"], values["start_date"]) == ("primary", "2026-11-24")


def test_a_second_primary_is_refused_with_the_offer_to_end_the_first(
    desk: Desk, sources: str, cigna: Row
) -> None:
    page = desk.refused(sources, primary(cigna))

    assert page.errors() == [["start_date", "overlap"]]
    told, form = page.by_id("start_date-error"), page.by_id(FORM)
    assert told is not None
    assert told.text.startswith("Aetna is the primary payor from 1 Jan 2020 with an open end")
    assert form is not None
    assert "End Aetna on Mon 30 Nov and start this one" in form.text
    page = desk.told(desk.send(sources, page.values(FORM) | {"end_current": "y"}))
    assert message(page).startswith("Saved: Cigna is primary from 1 Dec 2026. Aetna ends on 30 Nov 2026.")


def test_after_a_change_of_payor_the_message_leads_to_who_must_change(
    desk: Desk, scene: Scene, sources: str, cigna: Row
) -> None:
    page = desk.told(desk.send(sources, primary(cigna, end_current="y")))

    links = [e.attributes["href"] for e in page.elements if e.tag == "a" and e.text == "Who must change?"]
    address = f"/clients/{scene.milo.public_id}/payor-change"
    assert links == [address]
    change = desk.whole(address)
    section = change.by_id("payor-change")
    assert section is not None
    assert "Priya Natarajan is not enrolled with Cigna on Tue 1 Dec" in section.text
    hrefs = [e.attributes["href"] for e in section.all() if e.tag == "a"]
    assert f"{scene.post}/new?service_line=ABA&start_date=2026-12-01" in hrefs
    assert f"/clinicians/{scene.priya.public_id}/enrollments/new?payor={cigna.key}" in hrefs
    for href in hrefs:
        assert desk.client.get(href).status_code == 200


def test_where_nobody_must_change_the_page_says_so(desk: Desk, scene: Scene) -> None:
    page = desk.get(f"/clients/{scene.milo.public_id}/payor-change")

    section = page.by_id("payor-change")
    assert section is not None
    assert "Nobody must change" in section.text


def test_all_errors_of_a_source_are_told_at_once(desk: Desk, sources: str) -> None:
    page = desk.refused(
        sources, {"payor": "", "priority": "best", "start_date": "soon", "member_id": "x" * 10_000}
    )

    assert page.errors() == [
        ["payor", "required"],
        ["priority", "unknown_choice"],
        ["start_date", "invalid_date"],
        ["member_id", "too_long"],
    ]
    assert page.values(FORM)["priority"] == "best"


def test_an_edit_keeps_to_the_version_that_it_was_opened_on(desk: Desk, tab: str) -> None:
    row = of(desk, tab, "Aetna")
    values = desk.get(f"{row}/edit").values(FORM)
    others = desk.get(f"{row}/edit").values(FORM)
    desk.send(f"{row}/edit", others | {"member_id": "W-1"})

    page = desk.refused(f"{row}/edit", values | {"member_id": "W-2"})

    told = page.by_id("form-error")
    assert told is not None
    assert "member ID from empty to W-1" in told.text
    assert page.values(FORM)["member_id"] == "W-2"
    page = desk.told(desk.send(f"{row}/edit", page.values(FORM)))
    assert "W-2" in (page.by_id("funding") or page.elements[0]).text


def test_a_source_entered_in_error_is_removed(desk: Desk, tab: str) -> None:
    address = f"{of(desk, tab, 'Medicaid')}/remove"

    page = desk.told(desk.send(address, desk.get(address).values(FORM) | {"reason": "Wrong client"}))

    assert message(page) == "Removed: Medicaid, secondary, from 1 Jan 2020. It stays in History."
    assert last_event(desk.session).reason == "Wrong client"
    assert "removed before" in message(desk.told(desk.send(address, {})))
    assert "removed before" in message(desk.told(desk.client.get(address, headers=desk.headers)))


def test_a_client_whom_nobody_pays_for_is_told_what_to_do(client: FlaskClient, session: Session) -> None:
    nobody = builders.a_client(session, first_name="Ann")

    html = client.get(f"/clients/{nobody.public_id}/funding").text

    audit(html)
    assert "Nobody is recorded who pays for Ann. Add the primary payor first." in html


def test_one_row_is_answered_where_cancel_leads(desk: Desk, client: FlaskClient, tab: str) -> None:
    row = of(desk, tab, "Aetna")

    assert Page(client.get(row, headers=HTMX).text).elements[1].tag == "tr"
    assert client.get(row).headers["Location"] == tab


def test_sources_of_other_clients_are_not_found(client: FlaskClient, sources: str, session: Session) -> None:
    other = builders.a_funding_source(session, builders.a_client(session), start_date=date(2026, 1, 1))

    for part in ("", "/edit", "/remove"):
        assert client.get(f"{sources}/{other.public_id}{part}").status_code == 404
    assert client.put(sources).status_code == 405

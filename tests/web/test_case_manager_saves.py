"""Adding, editing and ending through the form: what comes back, as a page and beside the rows."""

from datetime import date, datetime
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import builders
from tests.conftest import ZONE
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene, a_scene, judged, last_event, message, message_codes, stored
from tests.web.page import Page


def out_of_band(page: Page) -> set[str]:
    """The ids of what is sent beside the row."""
    return {
        e.attributes.get("id") or e.attributes["hx-swap-oob"]
        for e in page.elements
        if "hx-swap-oob" in e.attributes
    }


def test_four_fields_and_a_token_are_a_whole_addition(desk: Desk, scene: Scene) -> None:
    answer = desk.send(scene.post, scene.mei_for_st())

    page = desk.told(answer)
    assert message(page).startswith("Saved: Mei Lindqvist is ST case manager from 23 Nov 2026.")
    assert "Mei Lindqvist, CCC-SLP" in answer.text or not desk.fragments
    event = last_event(desk.session)
    assert (event.action, event.actor, event.before) == ("add", "local user", None)
    assert (event.after or {})["clinician"] == scene.mei.key
    if not desk.fragments:
        assert answer.headers["Location"] == scene.tab


def test_an_addition_answers_its_row_with_banners_message_and_an_empty_dialog_place(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    desk = Desk(client, session, fragments=True)
    tab = desk.whole(scene.tab)
    assert tab.codes("banners") == ["no_case_manager", "secondary_not_enrolled"]

    answer = desk.send(scene.post, scene.mei_for_st(start_date="2026-11-22"))

    audit(answer.text, page=False, inside=client.get(scene.tab).text)
    page = Page(answer.text)
    row = page.elements[1]
    assert row.tag == "tr"
    # Before the row that follows; the one that said "no case manager" goes.
    assert answer.headers["HX-Retarget"].startswith(f":is(#case-manager-{scene.past.public_id}, ")
    assert answer.headers["HX-Reswap"] == "beforebegin"
    assert out_of_band(page) == {
        "line-ST",
        "banners",
        "dialog-place",
        "innerHTML:#messages",
        "menu-coverage",
        "timeline",
    }
    assert page.codes("banners") == ["secondary_not_enrolled"] * 2
    assert [e.attributes["id"] for e in page.elements if "data-focus" in e.attributes] == [
        f"{row.attributes['id']}-button"
    ]


def test_a_future_case_manager_leaves_the_line_of_today_bare(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    desk = Desk(client, session, fragments=True)

    answer = desk.send(scene.post, scene.mei_for_st())

    assert answer.headers["HX-Retarget"] == (
        f":is(#case-manager-{scene.past.public_id}, #case-manager-rows-end)"
    )
    assert answer.headers["HX-Reswap"] == "beforebegin"
    shown = desk.whole(scene.tab)
    assert shown.by_id("line-ST") is not None


def test_what_is_last_goes_behind_all_rows(client: FlaskClient, session: Session) -> None:
    scene, desk = a_scene(session), Desk(client, session, fragments=True)
    long_ago = {"service_line": "ABA", "clinician": scene.tomas.key}

    answer = desk.send(scene.post, long_ago | {"start_date": "2021-01-01", "end_date": "2021-12-31"})

    place = answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]
    assert place == (":is(#case-manager-rows-end)", "beforebegin")


def test_warnings_are_told_in_the_message_after_the_save(desk: Desk, scene: Scene) -> None:
    page = desk.told(desk.send(scene.post, scene.mei_for_st()))

    assert message_codes(page) == ["secondary_not_enrolled"]
    assert "Please note" in message(page)
    assert message_codes(desk.whole(scene.tab)) == []


def test_every_broken_rule_is_told_at_once_beside_its_field(desk: Desk, scene: Scene) -> None:
    page = desk.refused(scene.post, scene.mei_for_st(clinician=scene.ana.key, start_date="2026-11-24"))

    assert page.errors() == [["clinician", "not_enrolled"], ["start_date", "starts_too_late"]]
    values = page.values("case-manager-form")
    assert (values["clinician"], values["start_date"]) == (scene.ana.key, "2026-11-24")
    summary = page.by_id("error-summary")
    assert summary is not None
    assert summary.text.startswith("Two things keep this from being saved")
    links = [e.attributes["href"] for e in summary.all() if e.tag == "a"]
    assert links == ["#clinician", "#start_date"]
    assert [e.attributes.get("id") for e in page.elements if "data-focus" in e.attributes] == [
        "error-summary"
    ]
    assert page.codes("messages") == []
    bad = [e.attributes["id"] for e in page.elements if e.attributes.get("aria-invalid") == "true"]
    assert bad == ["clinician", "start_date"]
    dialogs = [e for e in page.elements if e.tag == "dialog"]
    assert dialogs == []


def test_an_empty_form_is_told_what_is_required(desk: Desk, scene: Scene) -> None:
    page = desk.refused(scene.post, {})

    assert page.errors() == [
        ["service_line", "required"],
        ["clinician", "required"],
        ["start_date", "required"],
    ]


@pytest.mark.parametrize("field", ["service_line", "clinician"])
def test_what_the_practice_does_not_know_stays_chosen_and_is_told(
    desk: Desk, scene: Scene, field: str
) -> None:
    page = desk.refused(scene.post, scene.mei_for_st(**{field: "Nobody & <b>"}))

    assert [field, "unknown_choice"] in page.errors()
    assert page.values("case-manager-form")[field] == "Nobody & <b>"


def test_an_edit_changes_the_row_in_its_place(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="edit")
    values = desk.get(address).values("case-manager-form")

    answer = desk.send(address, values | {"end_date": "2026-12-31"})

    page = desk.told(answer)
    assert message(page).startswith(
        "Saved: Priya Natarajan is ABA case manager from 3 Feb 2026 to 31 Dec 2026."
    )
    row = page.by_id(f"case-manager-{scene.present.public_id}")
    assert row is not None
    assert "31 Dec 2026" in row.text
    event = last_event(desk.session)
    assert (event.action, (event.before or {})["end_date"], (event.after or {})["end_date"]) == (
        "edit",
        None,
        "2026-12-31",
    )
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == f"#case-manager-{scene.present.public_id}"
        assert out_of_band(page) == {
            "banners",
            "dialog-place",
            "innerHTML:#messages",
            "menu-coverage",
            "timeline",
        }


def test_ending_the_one_of_today_shows_the_line_bare(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="edit")
    values = desk.get(address).values("case-manager-form")

    page = desk.told(desk.send(address, values | {"end_date": "2026-11-21"}))

    assert page.by_id("line-ABA") is not None
    assert "no_case_manager" in page.codes("banners")


def test_the_current_one_is_ended_in_the_same_save(desk: Desk, scene: Scene) -> None:
    successor = {"service_line": "ABA", "clinician": scene.tomas.key, "start_date": "2026-12-01"}
    refused = desk.refused(scene.post, successor)
    assert refused.errors() == [["start_date", "overlap"]]
    offer = refused.by_id("case-manager-offers")
    assert offer is not None
    assert offer.text.startswith("End Priya Natarajan on Mon 30 Nov and start this one")

    answer = desk.send(scene.post, refused.values("case-manager-form") | {"end_current": "y"})

    page = desk.told(answer)
    assert "Priya Natarajan ends the day before." in message(page)
    ended = page.by_id(f"case-manager-{scene.present.public_id}")
    assert ended is not None
    assert "30 Nov 2026" in ended.text
    if desk.fragments:
        assert ended.attributes["hx-swap-oob"] == "true"


def test_past_sessions_are_left_uncovered_only_when_said_and_with_a_reason(
    desk: Desk, session: Session
) -> None:
    scene = a_scene(session)
    for day in (17, 19):
        builders.an_appointment(session, scene.milo, datetime(2026, 11, day, 9, tzinfo=ZONE), "ST")
    refused = desk.refused(scene.post, scene.mei_for_st())
    assert refused.errors() == [["start_date", "starts_too_late"]]
    offer = refused.by_id("case-manager-offers")
    assert offer is not None
    assert offer.text.startswith("Leave these 2 past sessions without a case manager")
    typed = refused.values("case-manager-form") | {"leave_uncovered": "y"}
    without_reason = desk.refused(scene.post, typed)
    assert without_reason.errors() == [["reason", "required"]]
    assert without_reason.values("case-manager-form")["leave_uncovered"] == "y"

    desk.send(scene.post, typed | {"reason": "Seen before anybody was named."})

    event = last_event(session)
    assert event.reason == "Seen before anybody was named."
    assert (event.after or {})["uncovered_left_at"]


def test_a_live_look_refreshes_the_choices_and_the_hint(client: FlaskClient, scene: Scene) -> None:
    typed = f"service_line=ABA&clinician={quote(scene.mei.key)}&start_date=2026-12-01&end_date="

    for headers in (HTMX, {}):
        page = Page(client.get(f"{scene.post}/new?{typed}", headers=headers).text)
        values = page.values("case-manager-form")
        assert (values["service_line"], values["clinician"]) == ("ABA", scene.mei.key)
        field = page.by_id("clinician-field")
        assert field is not None
        assert "Mei Lindqvist, CCC-SLP – does not practise ABA" in field.text
        offer = page.by_id("case-manager-offers")
        assert offer is not None
        assert "End Priya Natarajan on Mon 30 Nov" in offer.text
        assert page.errors() == []


def test_without_scripts_a_button_shows_who_could_be_saved(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    desk, before = Desk(client, session, fragments=False), stored(session)

    answer = desk.send(scene.post, {"service_line": "ABA", "start_date": "2026-12-01", "look": "y"}, 200)

    page = Page(answer.text)
    assert page.errors() == []
    assert page.values("case-manager-form")["start_date"] == "2026-12-01"
    offer = page.by_id("case-manager-offers")
    assert offer is not None
    assert "End Priya Natarajan" in offer.text
    assert stored(session) == before


def test_the_banners_follow_the_facts(desk: Desk, scene: Scene, session: Session) -> None:
    builders.a_client_service_line(session, scene.milo, "OT", start_date=date(2026, 11, 25))
    builders.an_appointment(session, scene.milo, datetime(2026, 11, 30, 9, tzinfo=ZONE), "OT")
    judged(session, scene.milo)

    page = desk.get(scene.tab)

    assert page.codes("banners") == ["no_case_manager", "no_case_manager", "secondary_not_enrolled"]

"""The hand-over's pages: as pages and as fragments, from the choice to the undoing."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import CaseManager, Clinician, HandOverDraft
from tests import builders
from tests.builders import Row
from tests.web.desk import Desk, Scene, count, judged, message, message_codes
from tests.web.hand_overs import FORM, followers, goes_to, line, opened, pressed, the
from tests.web.page import Page


def test_the_menu_leads_to_the_choice(desk: Desk, scene: Scene) -> None:
    page = desk.whole("/clients")
    assert any(e.attributes.get("href") == "/hand-over" and e.text == "Hand-over" for e in page.elements)

    choice = desk.get("/hand-over")

    names = [e.text for e in the(choice, "clinician").all() if e.tag == "option"]
    assert names[:2] == ["Choose a clinician", "Beltrán, Ana"]


def test_the_plan_proposes_a_successor_for_each_line(desk: Desk, scene: Scene, bo: Row) -> None:
    page, form = opened(desk, scene)

    # Tomás treats ABA too; by name Bo comes first.
    assert form[line(scene, "successor")] == bo.key
    assert form[line(scene, "start_date")] == "2026-12-01"
    assert "Harper, Milo" in the(page, f"line-{scene.present.public_id}").text
    assert "Bo Marsh: 1 more, 1 then" in the(page, "hand-over-receivers").text
    assert form["set_last_day"] == "y"


def test_it_is_applied_and_told_and_undone(desk: Desk, scene: Scene, bo: Row, session: Session) -> None:
    before = followers(session, scene)
    _, form = opened(desk, scene)

    address = goes_to(pressed(desk, form))

    assert followers(session, scene) == [
        (scene.priya.id, date(2026, 2, 3), date(2026, 11, 30)),
        (bo.id, date(2026, 12, 1), None),
    ]
    page = desk.whole(address)
    assert message(page) == "Handed over: 1 service line from Priya Natarajan to Bo Marsh."
    assert "Hand-over from Priya Natarajan to Bo Marsh, 1 client" in the(page, "hand-over-applied").text
    session.rollback()
    assert session.scalar(select(Clinician.active_to).where(Clinician.id == scene.priya.id)) == date(
        2026, 11, 30
    )

    answer = desk.send(f"{address}/undo", {})

    assert followers(session, scene) == before
    page = desk.whole(goes_to(answer))
    assert message(page).startswith("Undone: hand-over from Priya Natarajan to Bo Marsh, 1 client.")
    assert page.by_id("undo-form") is None


def test_the_history_tells_it_in_words(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    address = goes_to(pressed(desk, form))
    desk.send(f"{address}/undo", {})
    words = "hand-over from Priya Natarajan to Bo Marsh, 1 client"

    client = the(desk.whole(f"/clients/{scene.milo.public_id}/history"), "history").text
    clinician = the(desk.whole(f"/clinicians/{scene.priya.public_id}"), "history").text

    assert client.count(f"Part of the {words}") == 4
    assert f"Undone: {words}" in clinician
    assert f"Hand-over{words[9:]}" in clinician
    filtered = the(desk.whole(f"/clinicians/{scene.priya.public_id}?what=hand_over"), "history").text
    assert "Changed clinician" not in filtered


def test_pressed_twice_it_is_applied_once(desk: Desk, scene: Scene, bo: Row, session: Session) -> None:
    _, form = opened(desk, scene)

    first, again = pressed(desk, form), pressed(desk, form)

    assert goes_to(first) == goes_to(again)
    assert len(followers(session, scene)) == 2


def test_anothers_change_is_told_on_the_line_and_a_second_press_applies(
    desk: Desk, scene: Scene, bo: Row, session: Session
) -> None:
    _, form = opened(desk, scene)
    edit = {
        "service_line": "ABA",
        "clinician": scene.priya.key,
        "start_date": "2026-02-03",
        "end_date": "2027-06-30",
        "version": "1",
    }
    desk.send(scene.of(scene.present, verb="edit"), edit)

    page = Page(pressed(desk, form, status=422).text)

    assert page.codes(f"line-{scene.present.public_id}-error") == ["conflict"]
    pressed(desk, page.values(FORM))
    assert followers(session, scene)[1] == (bo.id, date(2026, 12, 1), date(2027, 6, 30))


def test_what_depends_on_it_hinders_the_undoing(desk: Desk, scene: Scene, bo: Row, session: Session) -> None:
    _, form = opened(desk, scene)
    address = goes_to(pressed(desk, form))
    session.rollback()
    added = session.scalars(select(CaseManager).order_by(CaseManager.id.desc())).first()
    assert added is not None
    removal = f"{scene.post}/{added.public_id}/remove"
    desk.send(removal, {"version": "1", "reason": ""})

    page = Page(desk.send(f"{address}/undo", {}, 422).text)

    assert page.codes("form-error") == ["depends"]
    assert "It can no longer be undone as one" in the(page, "hand-over-applied").text


def test_buttons_without_a_good_token_do_nothing(desk: Desk, scene: Scene, bo: Row, session: Session) -> None:
    _, form = opened(desk, scene)
    kept = goes_to(pressed(desk, form, "keep"))
    applied = goes_to(pressed(desk, form | {"form_token": "other"}))
    for address in (f"{kept}/discard", f"{applied}/undo", "/hand-over"):
        page = Page(desk.send(address, {"csrf_token": "stale"}, 422).text)
        assert page.errors(), address
    assert count(session, HandOverDraft) == 1


def test_unknown_addresses_are_not_found(desk: Desk, scene: Scene) -> None:
    desk.get(f"/hand-over/{'z' * 20}", 404)
    desk.get(f"/hand-over/drafts/{'z' * 20}", 404)
    desk.get(f"/hand-over?draft={'z' * 20}", 404)


def test_a_last_day_leads_to_the_hand_over(desk: Desk, scene: Scene, bo: Row, session: Session) -> None:
    session.rollback()
    priya = session.get(Clinician, scene.priya.id)
    assert priya is not None
    priya.active_to = date(2026, 11, 30)
    session.commit()
    judged(session, scene.milo)

    page = desk.get(f"/clinicians/{scene.priya.public_id}")

    (link,) = [e for e in the(page, "leaving").all() if e.text == "Hand over all at once"]
    plan = desk.get(link.attributes["href"])
    assert plan.values(FORM)[line(scene, "successor")] == bo.key
    assert "set_last_day" not in {e.attributes.get("name") for e in plan.elements}


def test_a_leave_offers_it_quietly_and_asks_for_nothing(
    desk: Desk, scene: Scene, bo: Row, session: Session
) -> None:
    leave = builders.a_leave(session, scene.priya, start_date=date(2026, 11, 1), end_date=date(2027, 2, 28))
    builders.a_leave(session, scene.priya, start_date=date(2026, 1, 1), end_date=date(2026, 1, 9))
    open_one = builders.a_leave(session, scene.priya, start_date=date(2027, 6, 1))
    leaves = f"/clinicians/{scene.priya.public_id}/leaves"

    shown = the(desk.get(f"/clinicians/{scene.priya.public_id}"), "leaves")

    offers = [e for e in shown.all() if e.tag == "a" and e.text.startswith("Hand over for this absence")]
    assert [e.attributes["href"] for e in offers] == [
        f"{leaves}/{row.public_id}/hand-over" for row in (leave, open_one)
    ]
    assert "A vacation needs no change" in shown.text
    plan = desk.whole(goes_to(desk.client.get(f"{leaves}/{leave.public_id}/hand-over")))
    assert plan.values(FORM)["first_away"] == "2026-11-22"
    assert "then Priya Natarajan again" in the(plan, f"line-{scene.present.public_id}").text
    later = goes_to(desk.client.get(f"{leaves}/{open_one.public_id}/hand-over"))
    assert later.endswith("first_away=2027-06-01&last_away=")


def test_warnings_stand_beside_the_line(desk: Desk, scene: Scene, session: Session) -> None:
    _, form = opened(desk, scene)

    answer = pressed(desk, form)

    assert message_codes(desk.whole(goes_to(answer))) == ["secondary_not_enrolled"]


def test_a_plan_of_many_lines_leads_to_its_next_part(
    desk: Desk, scene: Scene, bo: Row, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    monkeypatch.setattr("caseapp.usecases.hand_over_facts.MOST", 1)
    other = builders.a_client(session, ["ABA"], last_name="Zuniga")
    builders.a_case_manager(session, other, "ABA", scene.priya)

    page, _ = opened(desk, scene)
    (link,) = [e for e in page.elements if e.tag == "a" and e.text == "Next part"]
    following = desk.get(link.attributes["href"])

    form = following.by_id(FORM)
    assert form is not None
    assert "Zuniga" in form.text
    assert any(e.text == "First part" for e in following.elements)

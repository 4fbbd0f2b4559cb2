"""The hand-over's pages: as pages and as fragments, from the choice to the undoing."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.models import CaseManager, Clinician, HandOverDraft, HandOverDraftLine
from tests import builders
from tests.builders import Row
from tests.web.desk import Desk, Scene, count, judged, last_event, message, message_codes
from tests.web.page import Element, Page

FORM = "hand-over-form"
LAST_DAY = "2026-11-30"


@pytest.fixture
def bo(session: Session, scene: Scene) -> Row:
    """Could follow Priya."""
    return builders.a_clinician(
        session, ["ABA"], [scene.aetna, scene.medicaid], first_name="Bo", last_name="Marsh"
    )


def plan_of(clinician: Row, **more: str) -> str:
    asked = {"kind": "leaving", "last_day": LAST_DAY} | more
    return f"/hand-over?clinician={clinician.public_id}&" + "&".join(f"{k}={v}" for k, v in asked.items())


def opened(desk: Desk, scene: Scene, **more: str) -> tuple[Page, dict[str, str]]:
    page = desk.get(plan_of(scene.priya, **more))
    return page, page.values(FORM)


def pressed(
    desk: Desk, form: dict[str, str], button: str = "apply", status: int | None = None
) -> TestResponse:
    return desk.send("/hand-over", form | {button: "y"}, status)


def goes_to(answer: TestResponse) -> str:
    return answer.headers.get("HX-Redirect") or answer.headers["Location"]


def line(scene: Scene, name: str) -> str:
    return f"{name}-{scene.present.public_id}"


def the(page: Page, name: str) -> Element:
    found = page.by_id(name)
    assert found is not None, name
    return found


def followers(session: Session, scene: Scene) -> list[tuple[int, date, Any]]:
    session.rollback()
    rows = session.execute(
        select(CaseManager.clinician_id, CaseManager.start_date, CaseManager.end_date)
        .where(CaseManager.client_id == scene.milo.id, CaseManager.removed_at.is_(None))
        .order_by(CaseManager.start_date)
    )
    return [(row.clinician_id, row.start_date, row.end_date) for row in rows][1:]


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


def test_a_refused_plan_comes_back_as_it_was_typed(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    wrong = form | {
        line(scene, "successor"): scene.mei.key,
        line(scene, "start_date"): "2026-11-01",
    }

    page = Page(pressed(desk, wrong, status=422).text)

    assert [line(scene, "start_date"), "start_past"] in page.errors()
    sent = page.values(FORM)
    assert sent[line(scene, "successor")] == scene.mei.key
    assert sent[line(scene, "start_date")] == "2026-11-01"
    summary = the(page, "error-summary")
    assert "One thing keeps this from being applied" in summary.text
    assert "Harper, Milo, ABA: This day is past" in summary.text


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("successor", "", "required"),
        ("successor", "nobody", "unknown_choice"),
        ("start_date", "", "required"),
        ("start_date", "soon", "invalid_date"),
        ("start_date", "2026-01-01", "change_too_early"),
        ("leave_out", "y", "required"),
    ],
)
def test_every_wrong_line_is_told_beside_its_field(
    desk: Desk, scene: Scene, bo: Row, name: str, value: str, code: str
) -> None:
    _, form = opened(desk, scene)

    page = Page(pressed(desk, form | {line(scene, name): value}, status=422).text)

    field = "reason" if name == "leave_out" else name
    assert [line(scene, field), code] in page.errors()


def test_to_oneself_and_to_who_leaves_next_week_is_told(desk: Desk, scene: Scene, session: Session) -> None:
    leaving = builders.a_clinician(session, ["ABA"], [scene.aetna], active_to=date(2026, 12, 4))
    _, form = opened(desk, scene)

    for who, code in ((scene.priya, "oneself"), (leaving, "successor_leaves")):
        page = Page(pressed(desk, form | {line(scene, "successor"): who.key}, status=422).text)
        assert [line(scene, "successor"), code] in page.errors()


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"last_day": "2026-11-21"}, "last_day", "last_day_past"),
        ({"last_day": "x"}, "last_day", "invalid_date"),
        ({"last_day": ""}, "last_day", "required"),
        ({"clinician": "q" * 20}, "clinician", "unknown_choice"),
        ({"clinician": ""}, "clinician", "required"),
        ({"kind": "sabbatical"}, "kind", "unknown_choice"),
        (
            {"kind": "absence", "first_away": "2026-12-01", "last_away": "2026-11-01"},
            "last_away",
            "end_before_start",
        ),
        ({"last_day": "a\x00b"}, "last_day", "not_text"),
        ({"last_day": "9" * 300}, "last_day", "too_long"),
    ],
)
def test_what_an_address_cannot_mean_is_told_beside_the_field(
    desk: Desk, scene: Scene, asked: dict[str, str], field: str, code: str
) -> None:
    values = {"clinician": scene.priya.public_id, "kind": "leaving", "last_day": LAST_DAY} | asked
    answer = desk.client.get("/hand-over", query_string=values, headers=desk.headers)

    assert answer.status_code == 422
    assert [field, code] in Page(answer.text).errors()


def test_a_part_of_the_address_given_twice_is_told(desk: Desk, scene: Scene) -> None:
    page = desk.get(f"{plan_of(scene.priya)}&last_day=2026-12-01", 422)

    assert ["last_day", "sent_twice"] in page.errors()


def test_of_a_clinician_already_gone_it_leads_on(desk: Desk, scene: Scene, session: Session) -> None:
    gone = builders.a_clinician(session, ["ABA"], active_to=date(2026, 11, 3))

    page = desk.get(plan_of(gone), 422)

    assert ["clinician", "clinician_gone"] in page.errors()


def test_the_days_may_have_passed_while_the_plan_lay_open(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    late = form | {"last_day": "2026-11-01", line(scene, "reason"): "typed"}

    page = Page(pressed(desk, late, status=422).text)

    assert ["last_day", "last_day_past"] in page.errors()
    carried = page.values("hand-over-choose")
    assert carried[line(scene, "reason")] == "typed"
    again = Page(desk.send("/hand-over", carried | {"last_day": "2026-12-04"}, 200).text)
    assert again.values(FORM)[line(scene, "reason")] == "typed"


def test_a_changed_line_is_drawn_again_with_what_it_means(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    typed = form | {line(scene, "start_date"): "2026-12-10"}

    answer = desk.send(f"/hand-over/line?line={scene.present.public_id}", typed, 200)

    page = Page(answer.text)
    row = the(page, f"line-{scene.present.public_id}")
    assert "stays on record for 1–9 Dec" in row.text
    assert (page.by_id("hand-over-form") is None) == desk.fragments
    if desk.fragments:
        assert answer.text.lstrip().startswith("<tr")


def test_a_line_that_is_not_there_draws_the_plan_again(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)

    for key in ("q" * 20, "x"):
        page = Page(desk.send(f"/hand-over/line?line={key}", form, 200).text)
        assert page.by_id("hand-over-form") is not None


def test_a_line_whose_days_have_passed_asks_for_others(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    late = form | {"last_day": "2026-11-01"}

    page = Page(desk.send(f"/hand-over/line?line={scene.present.public_id}", late, 422).text)

    assert ["last_day", "last_day_past"] in page.errors()


def test_the_earliest_safe_date_is_taken_by_a_button(desk: Desk, scene: Scene, session: Session) -> None:
    bea = builders.a_clinician(session, ["ABA"], first_name="Bea")
    builders.an_enrollment(session, bea, scene.aetna, start_date=date(2026, 12, 15))
    builders.a_leave(session, scene.tomas)
    session.rollback()
    tomas = session.get(Clinician, scene.tomas.id)
    assert tomas is not None
    tomas.may_be_case_manager = False
    session.commit()
    page, form = opened(desk, scene)
    assert form[line(scene, "successor")] == ""
    assert "Earliest safe date: Tue 15 Dec" in the(page, f"line-{scene.present.public_id}").text
    (button,) = [e for e in page.elements if e.attributes.get("name") == "take"]

    taken = Page(desk.send("/hand-over", form | {"take": button.attributes["value"]}, 200).text).values(FORM)

    assert (taken[line(scene, "successor")], taken[line(scene, "start_date")]) == (bea.key, "2026-12-15")


def test_a_draft_is_kept_opened_changed_and_applied(
    desk: Desk, scene: Scene, bo: Row, session: Session
) -> None:
    _, form = opened(desk, scene)
    typed = form | {line(scene, "start_date"): "2026-12-03"}
    del typed["set_last_day"]

    address = goes_to(pressed(desk, typed, "keep"))

    kept = desk.whole(address)
    assert message(kept) == "Kept as a draft. Nothing is handed over yet."
    sent = kept.values(FORM)
    assert sent[line(scene, "start_date")] == "2026-12-03"
    assert "set_last_day" not in sent
    assert "Priya Natarajan" in the(desk.whole("/hand-over"), "hand-over-lists").text
    again = goes_to(pressed(desk, sent | {line(scene, "start_date"): "2026-12-04"}, "keep"))
    assert again == address

    pressed(desk, desk.whole(address).values(FORM))

    assert followers(session, scene)[1] == (bo.id, date(2026, 12, 4), None)
    assert count(session, HandOverDraft) == count(session, HandOverDraftLine) == 0
    desk.get(address, 404)


def test_a_draft_that_went_stale_tells_its_lines(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    address = goes_to(pressed(desk, form, "keep"))
    desk.send(scene.of(scene.present, verb="remove"), {"version": "1", "reason": "wrong client"})

    page = desk.get(address)

    assert ", ABA: Local user removed this case manager" in the(page, "gone").text
    assert "You had chosen Bo Marsh from 2026-12-01." in the(page, "gone").text


def test_a_draft_whose_day_has_passed_asks_for_another_and_keeps_the_lines(
    desk: Desk, scene: Scene, bo: Row, session: Session
) -> None:
    _, form = opened(desk, scene)
    address = goes_to(pressed(desk, form | {line(scene, "start_date"): "2026-12-03"}, "keep"))
    session.rollback()
    draft = session.scalars(select(HandOverDraft)).one()
    draft.last_day = "2026-11-01"
    session.commit()

    page = desk.get(address, 422)
    asked = page.values("hand-over-choose") | {"last_day": LAST_DAY}

    assert asked["draft"] == address.rsplit("/", 1)[1]
    plan = Page(desk.client.get("/hand-over", query_string=asked, headers=desk.headers).text)
    assert plan.values(FORM)[line(scene, "start_date")] == "2026-12-03"


def test_a_draft_somebody_else_kept_meanwhile_is_told(desk: Desk, scene: Scene, bo: Row) -> None:
    _, form = opened(desk, scene)
    address = goes_to(pressed(desk, form, "keep"))
    mine, theirs = desk.whole(address).values(FORM), desk.whole(address).values(FORM)
    pressed(desk, theirs, "keep")

    page = Page(pressed(desk, mine, "keep", 422).text)

    assert page.codes("form-error") == ["conflict"]
    pressed(desk, page.values(FORM), "keep")


def test_a_draft_is_discarded(desk: Desk, scene: Scene, bo: Row, session: Session) -> None:
    _, form = opened(desk, scene)
    address = goes_to(pressed(desk, form, "keep"))

    answer = desk.send(f"{address}/discard", {})

    assert message(desk.whole(goes_to(answer))).startswith("The draft was discarded.")
    assert count(session, HandOverDraft) == 0
    assert last_event(session).entity == "hand_over_draft"


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

"""Drafts of a hand-over: kept, opened again, changed, stale and discarded."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import HandOverDraft, HandOverDraftLine
from tests.builders import Row
from tests.web.desk import Desk, Scene, count, last_event, message
from tests.web.hand_overs import FORM, LAST_DAY, followers, goes_to, line, opened, pressed, the
from tests.web.page import Page


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

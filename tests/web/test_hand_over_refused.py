"""What a hand-over's plan refuses, and what it draws again, is told beside its field."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from caseapp.models import Clinician
from tests import builders
from tests.builders import Row
from tests.web.desk import Desk, Scene
from tests.web.hand_overs import FORM, LAST_DAY, line, opened, plan_of, pressed, the
from tests.web.page import Page


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

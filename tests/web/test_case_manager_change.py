"""Another clinician in the place of one who covered sessions, and interims, through the form."""

from sqlalchemy import select

from caseapp.models import AuditEvent, CaseManager
from tests.web.desk import Desk, Scene, last_event
from tests.web.page import Page


def another(desk: Desk, scene: Scene, **fields: str) -> dict[str, str]:
    """The edit form of today's ABA case manager with Tomás in the place of Priya."""
    values = desk.get(scene.of(scene.present, verb="edit")).values("case-manager-form")
    return values | {"clinician": scene.tomas.key} | fields


def test_the_form_asks_which_change_is_meant(desk: Desk, scene: Scene) -> None:
    page = desk.refused(scene.of(scene.present, verb="edit"), another(desk, scene))

    assert page.errors() == [["change_kind", "required"]]
    asked = page.by_id("change_kind")
    assert asked is not None
    assert asked.text.startswith("Priya Natarajan has covered 1 session. Which is meant?")


def test_from_a_date_on_the_one_ends_and_the_other_starts(desk: Desk, scene: Scene) -> None:
    fields = another(desk, scene, change_kind="from_date", change_date="2026-11-23")
    answer = desk.send(scene.of(scene.present, verb="edit"), fields)

    page = desk.told(answer)
    assert page.by_id(f"case-manager-{scene.present.public_id}") is not None
    rows = desk.session.execute(
        select(CaseManager.start_date, CaseManager.end_date, CaseManager.clinician_id)
        .where(CaseManager.client_id == scene.milo.id)
        .order_by(CaseManager.start_date)
    ).all()
    assert [(str(start), str(end)) for start, end, _ in rows[1:]] == [
        ("2026-02-03", "2026-11-22"),
        ("2026-11-23", "None"),
    ]
    assert [clinician for _, _, clinician in rows[1:]] == [scene.priya.id, scene.tomas.id]
    actions = desk.session.execute(select(AuditEvent.action).order_by(AuditEvent.id)).scalars().all()
    assert actions == ["end", "add"]
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == f"#case-manager-{scene.present.public_id}"


def test_the_same_change_again_answers_alike_and_writes_nothing(desk: Desk, scene: Scene) -> None:
    fields = another(desk, scene, change_kind="from_date", change_date="2026-11-23")
    desk.send(scene.of(scene.present, verb="edit"), fields)
    desk.send(scene.of(scene.present, verb="edit"), fields)

    assert len(desk.session.execute(select(AuditEvent.id)).all()) == 2


def test_a_day_that_breaks_a_rule_is_told_beside_it(desk: Desk, scene: Scene) -> None:
    early = another(desk, scene, change_kind="from_date", change_date="2026-01-01")
    page = desk.refused(scene.of(scene.present, verb="edit"), early)
    assert page.errors() == [["change_date", "change_too_early"]]

    unable = another(desk, scene, change_kind="from_date", change_date="2026-11-23", clinician=scene.ana.key)
    page = desk.refused(scene.of(scene.present, verb="edit"), unable)
    assert sorted(code or "" for _, code in page.errors()) == ["not_enrolled", "wrong_discipline"]


def test_a_correction_changes_the_one_record_with_its_reason(desk: Desk, scene: Scene) -> None:
    fields = another(desk, scene, change_kind="correction")
    page = desk.refused(scene.of(scene.present, verb="edit"), fields)
    assert page.errors() == [["reason", "required"]]

    desk.send(scene.of(scene.present, verb="edit"), fields | {"reason": "Typed the wrong name"})
    event = last_event(desk.session)
    assert (event.action, event.reason) == ("edit", "Typed the wrong name")
    assert (event.before or {})["clinician"] == scene.priya.key
    assert (event.after or {})["clinician"] == scene.tomas.key


def test_somebody_enrolled_is_suggested_for_one_who_is_not_yet(desk: Desk, scene: Scene) -> None:
    page = desk.refused(scene.post, scene.mei_for_st(clinician=scene.ana.key))

    assert page.errors() == [["clinician", "not_enrolled"]]
    suggested = page.by_id("interims")
    assert suggested is not None
    assert "Enrolled with Aetna, until Ana Beltrán is" in suggested.text
    assert "Choose Mei Lindqvist, for Ana Beltrán" in suggested.text


def test_one_press_fills_the_interim_in_and_stores_nothing(desk: Desk, scene: Scene) -> None:
    typed = scene.mei_for_st(clinician=scene.ana.key, reason="kept as typed")
    answer = desk.client.post(
        scene.post,
        data=typed | {"csrf_token": desk.token(), "choose": scene.mei.key},
        headers=desk.headers,
    )

    assert answer.status_code == 200
    values = Page(answer.text).values("case-manager-form")
    assert (values["clinician"], values["for_clinician"]) == (scene.mei.key, scene.ana.key)
    assert values["reason"] == "kept as typed"
    desk.send(scene.post, values)
    stored = desk.session.execute(
        select(CaseManager.for_clinician_id).where(CaseManager.clinician_id == scene.mei.id)
    ).scalar_one()
    assert stored == scene.ana.id


def test_nobody_stands_in_for_themselves(desk: Desk, scene: Scene) -> None:
    page = desk.refused(scene.post, scene.mei_for_st(for_clinician=scene.mei.key))
    assert page.errors() == [["for_clinician", "unknown_choice"]]


def test_the_tab_draws_its_timeline_and_tells_it(desk: Desk, scene: Scene) -> None:
    picture = desk.whole(scene.tab).by_id("timeline")

    assert picture is not None
    told = "Tomás Vidal from 10 Jun 2025 to 2 Feb 2026; Priya Natarajan from 3 Feb 2026, open"
    assert told in picture.text
    assert "No case manager from" in picture.text

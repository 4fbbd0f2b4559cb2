"""A clinician's enrollments: add and edit, as whole pages and as fragments."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.models import begin_write
from tests import builders
from tests.builders import Row
from tests.databases import ONE_DATABASE
from tests.statements import counted
from tests.web.desk import Desk, Scene, judged, last_event, message, message_codes, stored
from tests.web.enrollments import Kept, approved, codes_of, only_enrollment, opened
from tests.web.page import Page


def test_an_enrollment_is_added_with_all_that_the_letter_says(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.ana)
    fields = approved(scene.aetna, applied_on="2025-12-01", end_date="2028-02-02", learned_on="2026-03-01")

    answer = desk.send(kept.post, opened(desk, kept.new) | fields)

    told = desk.told(answer)
    assert message(told) == "Saved: Ana Beltrán with Aetna, approved from 3 Feb 2026 to 2 Feb 2028."
    event = last_event(desk.session)
    assert (event.entity, event.action, event.subject_id) == ("enrollment", "add", scene.ana.public_id)
    assert event.before is None
    assert event.after == {
        "clinician": scene.ana.key,
        "payor": scene.aetna.key,
        "status": "approved",
        "applied_on": "2025-12-01",
        "start_date": "2026-02-03",
        "end_date": "2028-02-02",
        "learned_on": "2026-03-01",
        "version": 1,
    }
    row = told.by_id(f"enrollment-{event.entity_id}")
    assert row is not None
    assert row.text.startswith(
        "Aetna approved applied on 1 Dec 2025 3 Feb 2026 learned on 1 Mar 2026 2 Feb 2028 until 2 Feb 2028"
    )


def test_the_form_proposes_the_payor_of_the_address(desk: Desk, scene: Scene) -> None:
    assert opened(desk, f"{Kept(scene.ana).new}?payor={scene.aetna.key}")["payor"] == scene.aetna.key


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, [["payor", "required"], ["status", "required"]]),
        (
            {"payor": "XYZ", "status": "perhaps", "applied_on": "soon", "learned_on": "2026-11-23"},
            [
                ["payor", "unknown_choice"],
                ["status", "unknown_choice"],
                ["applied_on", "invalid_date"],
                ["learned_on", "in_future"],
            ],
        ),
        (
            {"payor": "", "status": "terminated"},
            [["payor", "required"], ["start_date", "required"], ["end_date", "required"]],
        ),
        ({"payor": "n" * 10_000, "status": "denied"}, [["payor", "too_long"]]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(
    desk: Desk, scene: Scene, fields: dict[str, str], errors: list[list[str]]
) -> None:
    page = desk.refused(Kept(scene.ana).post, fields)

    assert page.errors() == errors
    kept = page.values("enrollment-form")
    assert {name: kept[name] for name in fields} == fields


def test_an_end_before_the_start_and_a_doubled_period_are_told_in_a_sentence_each(
    desk: Desk, scene: Scene
) -> None:
    kept = Kept(scene.mei)

    ends = desk.refused(kept.post, approved(scene.aetna, end_date="2026-02-02"))
    doubled = desk.refused(kept.post, approved(scene.aetna, start_date="2020-01-01"))

    assert ends.errors() == [["end_date", "end_before_start"]]
    assert doubled.errors() == [["start_date", "taken"]]


def test_periods_that_share_days_are_saved_and_told(desk: Desk, scene: Scene) -> None:
    told = desk.told(desk.send(Kept(scene.mei).post, approved(scene.aetna)))

    assert message_codes(told) == ["overlap"]


def test_an_approval_without_an_effective_date_is_saved_and_told(desk: Desk, scene: Scene) -> None:
    told = desk.told(desk.send(Kept(scene.ana).post, approved(scene.aetna, start_date="")))

    assert message_codes(told) == ["not_enrolled"]
    assert "not enrolled with Aetna yet" in message(told)


def test_the_findings_of_the_clients_follow_in_the_same_save(desk: Desk, scene: Scene) -> None:
    builders.a_case_manager(desk.session, scene.milo, "ST", scene.ana, start_date=date(2026, 1, 1))
    judged(desk.session, scene.milo)
    assert "not_enrolled" in codes_of(desk.session, scene.milo)

    desk.send(Kept(scene.ana).post, approved(scene.aetna))

    assert "not_enrolled" not in codes_of(desk.session, scene.milo)

    kept = Kept(scene.ana)
    address = kept.of(only_enrollment(desk.session, scene.ana), "edit")
    desk.send(address, opened(desk, address, status="terminated", end_date="2026-10-31"))

    assert "not_enrolled" in codes_of(desk.session, scene.milo)


def test_an_edit_tells_before_and_after(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.mei)
    address = kept.of(only_enrollment(desk.session, scene.mei), "edit")

    told = desk.told(desk.send(address, opened(desk, address, end_date="2027-01-31")))

    assert "Changed enrollment" in told.text_of("history")
    event = last_event(desk.session)
    assert event.before is not None
    assert event.after is not None
    assert (event.before["end_date"], event.after["end_date"]) == (None, "2027-01-31")
    assert (event.before["version"], event.after["version"]) == (1, 2)


def test_the_same_form_sent_twice_saves_once(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.ana)
    form = opened(desk, kept.new) | approved(scene.aetna)
    told = message(desk.told(desk.send(kept.post, form)))
    before = stored(desk.session)

    again = desk.send(kept.post, form)

    assert message(desk.told(again)) == told
    assert stored(desk.session) == before


def test_a_spent_form_with_other_values_or_for_somebody_else_is_refused(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.ana)
    form = opened(desk, kept.new) | approved(scene.aetna)
    desk.send(kept.post, form)

    other = desk.refused(kept.post, form | {"status": "denied"})
    elsewhere = desk.refused(Kept(scene.priya).post, form)

    assert other.errors() == elsewhere.errors() == [[None, "conflict"]]


def test_the_second_of_two_editors_is_told_what_the_first_changed(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.mei)
    address = kept.of(only_enrollment(desk.session, scene.mei), "edit")
    mine = opened(desk, address, end_date="2027-01-31")
    theirs = opened(desk, address, payor=scene.medicaid.key)
    desk.send(address, theirs)

    page = desk.refused(address, mine)

    told = page.by_id("form-error")
    assert told is not None
    assert "changed this enrollment on" in told.text
    assert "payor from Aetna to Medicaid" in told.text
    assert page.values("enrollment-form")["end_date"] == "2027-01-31"
    desk.send(address, page.values("enrollment-form"))
    event = last_event(desk.session)
    assert event.after is not None
    assert (event.after["payor"], event.after["end_date"]) == (scene.aetna.key, "2027-01-31")


def test_two_editors_who_want_the_same_are_both_told_that_it_is_saved(desk: Desk, scene: Scene) -> None:
    address = Kept(scene.mei).of(only_enrollment(desk.session, scene.mei), "edit")
    first, second = (opened(desk, address, end_date="2027-01-31") for _ in range(2))
    told = message(desk.told(desk.send(address, first)))
    before = stored(desk.session)

    assert message(desk.told(desk.send(address, second))) == told
    assert stored(desk.session) == before


def test_cancel_answers_the_row_as_it_stands(client: FlaskClient, session: Session, scene: Scene) -> None:
    desk = Desk(client, session, True)
    enrollment = only_enrollment(session, scene.mei)

    row = desk.get(Kept(scene.mei).of(enrollment))
    section = desk.get(Kept(scene.mei).post)

    assert [e.tag for e in row.elements][1] == "tr"
    assert section.by_id(f"enrollment-{enrollment}") is not None


def test_without_scripts_the_row_and_the_section_lead_to_the_page(
    client: FlaskClient, session: Session, scene: Scene
) -> None:
    kept = Kept(scene.mei)
    for address in (kept.post, kept.of(only_enrollment(session, scene.mei))):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{kept.page}#enrollments")


def test_other_ids_are_not_there(desk: Desk, scene: Scene) -> None:
    strange = "x" * 20
    mine = only_enrollment(desk.session, scene.mei)
    for address in (
        Kept(Row(0, strange)).new,
        Kept(scene.mei).of(strange, "edit"),
        Kept(scene.mei).of(strange, "remove"),
        Kept(scene.mei).of(strange),
        Kept(scene.priya).of(mine, "edit"),
        Kept(scene.priya).of(mine, "remove"),
        f"/enrollments/{strange}/effect",
        f"/enrollments/{strange}/effect.csv",
    ):
        assert desk.client.get(address, headers=desk.headers).status_code == 404
    for address in (
        Kept(Row(0, strange)).post,
        Kept(scene.mei).of(strange, "edit"),
        Kept(scene.priya).of(mine, "edit"),
        Kept(scene.priya).of(mine, "remove"),
    ):
        fields = {"csrf_token": desk.token(), **approved(scene.aetna)}
        if address.endswith("remove"):
            fields = {"csrf_token": desk.token()}
        assert desk.client.post(address, data=fields, headers=desk.headers).status_code == 404
    assert desk.client.post(Kept(scene.mei).new, headers=desk.headers).status_code == 405
    assert desk.client.post(f"/enrollments/{mine}/effect", headers=desk.headers).status_code == 405


def test_a_form_without_its_token_is_refused_and_keeps_what_was_typed(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.ana)
    before = stored(desk.session)

    answer = desk.client.post(kept.post, data=approved(scene.aetna), headers=desk.headers)

    assert answer.status_code == 422
    assert stored(desk.session) == before
    assert Page(answer.text).values("enrollment-form")["start_date"] == "2026-02-03"


def test_the_undated_enrollment_of_a_payor_is_one(desk: Desk, scene: Scene) -> None:
    begin_write(desk.session)
    desk.session.commit()
    kept = Kept(scene.ana)
    desk.send(kept.post, {"payor": scene.aetna.key, "status": "in_process", "applied_on": "2026-10-01"})

    page = desk.refused(kept.post, {"payor": scene.aetna.key, "status": "not_started"})

    assert page.errors() == [["start_date", "taken"]]


@ONE_DATABASE
def test_a_save_with_its_findings_takes_twelve_statements(
    client: FlaskClient, session: Session, scene: Scene
) -> None:
    desk = Desk(client, session, False)
    with client.application.app_context():
        engine = db.engine
    enrollment = opened(desk, Kept(scene.priya).new, payor=scene.medicaid.key, status="in_process")
    payor = desk.get(f"/payors/{scene.aetna.public_id}/edit").values("payor-form") | {"name": "Other"}
    token = desk.token()
    for address, fields in (
        (Kept(scene.priya).post, enrollment),
        (f"/payors/{scene.aetna.public_id}/edit", payor),
    ):
        with counted(engine) as sent:
            answer = client.post(address, data={**fields, "csrf_token": token})

        assert answer.status_code == 303
        assert len(sent) <= 12, sent

"""Enrollments entered in error are taken off, as whole pages and as fragments."""

from caseapp.models import Enrollment
from tests.web.desk import Desk, Scene, count, last_event, message, stored
from tests.web.enrollments import Kept, approved, only_enrollment, opened


def test_a_form_sent_again_after_a_removal_brings_nothing_back(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.ana)
    form = opened(desk, kept.new) | approved(scene.aetna)
    desk.send(kept.post, form)
    desk.send(kept.of(only_enrollment(desk.session, scene.ana), "remove"), {})
    before = stored(desk.session)

    told = desk.told(desk.send(kept.post, form))

    assert message(told) == "This was saved before and has been removed since."
    assert stored(desk.session) == before


def test_a_removal_asks_first_and_stays_in_the_history(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.mei)
    enrollment = only_enrollment(desk.session, scene.mei)
    asked = desk.get(kept.of(enrollment, "remove"))
    form = asked.values("removal-form") | {"reason": "Another Mei."}

    answer = desk.send(kept.of(enrollment, "remove"), form)

    told = desk.told(answer)
    assert message(told) == "Removed: Mei Lindqvist with Aetna. It stays in the history."
    assert told.by_id(f"enrollment-{enrollment}") is None
    event = last_event(desk.session)
    assert (event.action, event.reason, event.subject_id) == ("remove", "Another Mei.", scene.mei.public_id)
    assert event.before is not None
    assert event.before["status"] == "approved"
    assert "Another Mei." in " ".join(e.text for e in desk.whole(kept.page).elements)


def test_what_is_removed_already_says_so_and_writes_nothing(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.mei)
    enrollment = only_enrollment(desk.session, scene.mei)
    desk.send(kept.of(enrollment, "remove"), {})
    before = stored(desk.session)

    again = desk.send(kept.of(enrollment, "remove"), {})

    assert message(desk.told(again)) == "This enrollment has been removed. It stays in the history."
    assert stored(desk.session) == before
    asked = desk.client.get(kept.of(enrollment, "remove"), headers=desk.headers)
    assert asked.status_code == (200 if desk.fragments else 303)
    page = desk.refused(kept.of(enrollment, "edit"), approved(scene.aetna))
    told = page.by_id("form-error")
    assert told is not None
    assert "removed this enrollment on" in told.text


def test_a_removal_on_an_older_version_is_refused(desk: Desk, scene: Scene) -> None:
    kept = Kept(scene.mei)
    enrollment = only_enrollment(desk.session, scene.mei)
    form = desk.get(kept.of(enrollment, "remove")).values("removal-form")
    edit = kept.of(enrollment, "edit")
    desk.send(edit, opened(desk, edit, end_date="2027-01-31"))

    page = desk.refused(kept.of(enrollment, "remove"), form)

    assert page.errors() == [[None, "conflict"]]
    desk.send(kept.of(enrollment, "remove"), page.values("removal-form"))
    assert count(desk.session, Enrollment) == 2

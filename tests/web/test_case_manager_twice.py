"""Save pressed twice, two editors at once, and removals: nothing is doubled, and nothing typed is lost."""

from caseapp.models import AuditEvent, CaseManager
from tests import builders
from tests.web.desk import Desk, Scene, count, last_event, message, stored
from tests.web.page import Page


def opened(desk: Desk, scene: Scene, **fields: str) -> dict[str, str]:
    """The form for adding as it is sent, with its token."""
    return desk.get(f"{scene.post}/new").values("case-manager-form") | scene.mei_for_st(**fields)


def test_the_same_form_sent_twice_saves_once(desk: Desk, scene: Scene) -> None:
    form = opened(desk, scene)
    first = desk.send(scene.post, form)
    told, before = message(desk.told(first)), stored(desk.session)

    again = desk.send(scene.post, form)

    assert message(desk.told(again)) == told
    assert stored(desk.session) == before


def test_a_bare_post_sent_twice_saves_once(desk: Desk, scene: Scene) -> None:
    told = message(desk.told(desk.send(scene.post, scene.mei_for_st())))
    before = stored(desk.session)

    again = desk.send(scene.post, scene.mei_for_st())

    assert message(desk.told(again)) == told
    assert stored(desk.session) == before


def test_an_edit_sent_twice_saves_once(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="edit")
    form = desk.get(address).values("case-manager-form") | {"end_date": "2026-12-31"}
    told = message(desk.told(desk.send(address, form)))
    before = stored(desk.session)

    again = desk.send(address, form)

    assert message(desk.told(again)) == told
    assert stored(desk.session) == before


def test_a_save_with_end_current_sent_twice_saves_once(desk: Desk, scene: Scene) -> None:
    bare = {
        "service_line": "ABA",
        "clinician": scene.tomas.key,
        "start_date": "2026-12-01",
        "end_current": "y",
    }
    desk.send(scene.post, bare)
    before = stored(desk.session)

    desk.send(scene.post, bare)

    assert stored(desk.session) == before


def test_the_same_form_sent_again_after_a_removal_brings_nothing_back(desk: Desk, scene: Scene) -> None:
    form = opened(desk, scene)
    desk.send(scene.post, form)
    made = last_event(desk.session).entity_id
    desk.send(f"{scene.post}/{made}/remove", {})
    before = stored(desk.session)

    answer = desk.send(scene.post, form)

    assert stored(desk.session) == before
    assert message(desk.told(answer)) != ""
    if desk.fragments:
        # Everything is drawn anew, and the dialog that sent it is gone.
        assert answer.headers["HX-Retarget"] == "#clinical"
        page = Page(answer.text)
        place = page.by_id("dialog-place")
        assert place is not None
        assert place.attributes["hx-swap-oob"] == "true"


def test_a_form_that_was_saved_and_then_changed_does_not_claim_to_be_saved(desk: Desk, scene: Scene) -> None:
    """As after the browser's Back: the token is spent, the values are new."""
    form = opened(desk, scene)
    desk.send(scene.post, form)

    page = desk.refused(scene.post, form | {"start_date": "2026-11-22"})

    assert page.codes("form-error") == ["conflict"]
    assert page.values("case-manager-form")["start_date"] == "2026-11-22"
    again = desk.refused(scene.post, page.values("case-manager-form"))
    assert again.errors() == [["start_date", "overlap"]]


def test_the_token_of_another_clients_form_saves_nothing_silently(desk: Desk, scene: Scene) -> None:
    form = opened(desk, scene)
    desk.send(scene.post, form)
    other = builders.a_client(desk.session, ["ST"])
    builders.a_funding_source(desk.session, other, scene.aetna)

    page = desk.refused(f"/clients/{other.public_id}/case-managers", form)

    assert page.codes("form-error") == ["conflict"]


def test_the_second_editor_is_told_and_loses_nothing(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="edit")
    first = desk.get(address).values("case-manager-form")
    second = desk.get(address).values("case-manager-form") | {"end_date": "2027-01-15"}
    desk.send(address, first | {"end_date": "2026-12-31"})

    page = desk.refused(address, second)

    assert page.codes("form-error") == ["conflict"]
    told = page.by_id("form-error")
    assert told is not None
    assert "end date from open to 31 Dec 2026" in told.text
    kept = page.values("case-manager-form")
    assert (kept["end_date"], kept["version"]) == ("2027-01-15", "2")
    desk.send(address, kept)
    assert (last_event(desk.session).after or {})["end_date"] == "2027-01-15"


def test_an_edit_that_names_no_version_is_refused_and_can_be_sent_again(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="edit")
    bare = {
        "service_line": "ABA",
        "clinician": scene.priya.key,
        "start_date": "2026-02-03",
        "end_date": "2026-12-31",
    }

    page = desk.refused(address, bare)

    assert page.codes("form-error") == ["conflict"]
    desk.send(address, page.values("case-manager-form"))
    assert count(desk.session, CaseManager) == 2


def test_an_edit_of_what_was_removed_meanwhile_is_told_so(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="edit")
    form = desk.get(address).values("case-manager-form") | {"end_date": "2026-12-31"}
    desk.send(scene.of(scene.present, verb="remove"), {"reason": "Wrong client."})

    page = desk.refused(address, form)

    told = page.by_id("form-error")
    assert told is not None
    assert page.codes("form-error") == ["conflict"]
    assert "Wrong client" in told.text
    assert page.values("case-manager-form")["end_date"] == "2026-12-31"


def test_the_confirmation_says_what_is_left_uncovered_and_offers_to_end_instead(
    desk: Desk, scene: Scene
) -> None:
    page = desk.get(scene.of(scene.present, verb="remove"))

    form = page.by_id("removal-form")
    assert form is not None
    assert "1 past session and 1 coming session, the next on Fri 27 Nov, 9:00 am" in form.text
    (instead,) = (e for e in form.all() if e.text == "end it instead")
    values = desk.get(instead.attributes["href"]).values("case-manager-form")
    assert values["end_date"] == "2026-02-04"
    # The reason is what it needs, so that takes the focus.
    assert "data-focus" in form.attributes
    (reason,) = (e for e in form.all() if e.tag == "textarea")
    assert "required" in reason.attributes


def test_removing_what_covered_sessions_needs_a_reason(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.present, verb="remove")

    page = desk.refused(address, {"reason": "  "})

    assert page.codes("reason-error") == ["required"]
    assert "One thing keeps this from being removed" in [e.text for e in page.elements if e.tag == "h2"]
    reason = "Entered for the wrong client: <b>“O'Hara”</b>."
    answer = desk.send(address, {"reason": reason})
    event = last_event(desk.session)
    assert (event.action, event.reason) == ("remove", reason)
    told = desk.told(answer)
    assert message(told).startswith("Removed: Priya Natarajan, ABA, from 3 Feb 2026.")
    assert told.by_id(f"case-manager-{scene.present.public_id}") is None
    assert told.by_id("line-ABA") is not None
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == f"#case-manager-{scene.present.public_id}"
        assert answer.headers["HX-Reswap"] == "outerHTML"
        focus = [e.attributes["id"] for e in told.elements if "data-focus" in e.attributes]
        assert focus == ["case-managers-heading"]


def test_removing_a_past_one_takes_its_row_away(desk: Desk, scene: Scene) -> None:
    answer = desk.send(scene.of(scene.past, verb="remove"), {})

    assert desk.whole(scene.tab).by_id(f"case-manager-{scene.past.public_id}") is None
    if desk.fragments:
        assert answer.headers["HX-Reswap"] == "delete"


def test_removing_twice_writes_once_and_answers_alike(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.past, verb="remove")
    desk.send(address, {})
    events = count(desk.session, AuditEvent)

    answer = desk.send(address, {})

    assert "has been removed" in message(desk.told(answer))
    assert count(desk.session, AuditEvent) == events


def test_removing_what_was_changed_meanwhile_is_told(desk: Desk, scene: Scene) -> None:
    address = scene.of(scene.past, verb="remove")
    form = desk.get(address).values("removal-form")
    edit = scene.of(scene.past, verb="edit")
    desk.send(edit, desk.get(edit).values("case-manager-form") | {"end_date": "2026-01-31"})

    page = desk.refused(address, form)

    assert page.codes("form-error") == ["conflict"]
    desk.send(address, page.values("removal-form"))
    assert last_event(desk.session).action == "remove"

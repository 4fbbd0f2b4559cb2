from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.forms.base import Form
from caseapp.forms.case_manager import CaseManagerForm, RemovalForm
from caseapp.usecases.case_manager_form import Choice, Offers, OpenForm
from tests.databases import ONE_DATABASE

pytestmark = ONE_DATABASE
Posted = Callable[..., Any]

OFFERS = Offers(
    service_lines=(Choice("ST", "ST · Speech therapy", True), Choice("OT", "OT (not received)", False)),
    clinicians=(
        Choice("mei", "Mei Lindqvist, CCC-SLP", True, "Mei Lindqvist, CCC-SLP"),
        Choice("ana", "Ana Beltrán – not enrolled with Aetna", False, "Ana Beltrán"),
    ),
    first_appointment="No appointment asks for an earlier start.",
    end_current=None,
    leave_uncovered=None,
)
TYPED = {
    "service_line": "ST",
    "clinician": "mei",
    "start_date": "2026-11-23",
    "end_date": "2027-01-31",
    "for_clinician": "ana",
    "end_current": "y",
    "leave_uncovered": "y",
    "reason": "Entered late.",
    "change_kind": "from_date",
    "change_date": "2026-12-01",
}
ENTRY = CaseManagerEntry(
    service_line="ST",
    clinician="mei",
    start_date="2026-11-23",
    end_date="2027-01-31",
    for_clinician="ana",
    end_current=True,
    leave_uncovered=True,
    reason="Entered late.",
    change_kind="from_date",
    change_date="2026-12-01",
)


@pytest.fixture
def posted(app: Flask) -> Iterator[Posted]:
    """Forms as they come in a post; forged requests are not the matter here."""
    app.config["WTF_CSRF_ENABLED"] = False
    with ExitStack() as requests:

        def post(form: type[Form] = CaseManagerForm, **fields: str) -> Any:
            requests.enter_context(app.test_request_context(method="POST", data=fields))
            return form()

        yield post


def test_what_was_typed_becomes_an_entry(posted: Posted) -> None:
    assert posted(**TYPED).entry() == ENTRY


def test_a_form_of_which_nothing_was_sent_is_an_empty_entry(posted: Posted) -> None:
    assert posted().entry() == CaseManagerEntry()


def test_required_fields_are_marked_and_left_to_the_domain(posted: Posted) -> None:
    form = posted()
    assert form.validate()
    marked = {name for name, field in form._fields.items() if field.flags.required}
    assert marked == {"service_line", "clinician", "start_date"}


@pytest.mark.parametrize("name", [*TYPED, "version", "form_token", "save", "look", "choose"])
def test_every_field_refuses_what_is_not_text(posted: Posted, name: str) -> None:
    form = posted(**{name: "a\x00"})
    assert not form.validate()
    assert [error.code for error in form[name].errors] == ["not_text"]


def test_a_choice_that_is_not_in_the_list_is_left_to_the_domain(posted: Posted) -> None:
    form = posted(service_line="XX", clinician="nobody", for_clinician="nobody")
    form.offer(OpenForm(entry=CaseManagerEntry(), version=None, offers=OFFERS))
    assert form.validate()
    for name in ("service_line", "clinician", "for_clinician"):
        last = form[name].choices[-1]
        assert (last.value, last.label) == (form[name].data, f"{form[name].data} (not known)")


def test_an_opened_form_holds_the_entry_the_version_and_a_token(posted: Posted) -> None:
    form = posted()
    form.open_with(OpenForm(entry=ENTRY, version=7, offers=OFFERS))
    assert form.entry() == CaseManagerEntry(
        **{name: getattr(ENTRY, name) for name in TYPED if name != "reason"}
    )
    assert form.version_sent == 7
    assert form.token_sent


def test_the_lists_begin_with_a_placeholder_and_part_who_could_be_saved(posted: Posted) -> None:
    form = posted()
    form.offer(OpenForm(entry=CaseManagerEntry(), version=None, offers=OFFERS))
    assert [(c.value, c.label, c.optgroup) for c in form.clinician.choices] == [
        ("", "Choose a clinician", None),
        ("mei", "Mei Lindqvist, CCC-SLP", "Could be saved"),
        ("ana", "Ana Beltrán – not enrolled with Aetna", "Not now, and why"),
    ]
    assert [(c.value, c.optgroup) for c in form.service_line.choices] == [
        ("", None),
        ("ST", "Received by the client"),
        ("OT", "Not received now"),
    ]
    assert [(c.value, c.label) for c in form.for_clinician.choices] == [
        ("", "Nobody: is responsible in person"),
        ("mei", "Mei Lindqvist, CCC-SLP"),
        ("ana", "Ana Beltrán"),
    ]


def test_the_offers_are_told_in_their_own_words(posted: Posted) -> None:
    offers = replace(OFFERS, end_current="End Jo Park on Sun 22 Nov", leave_uncovered="Leave these 2")
    form = posted()
    form.offer(OpenForm(entry=CaseManagerEntry(), version=None, offers=offers))
    assert form.end_current.label.text == "End Jo Park on Sun 22 Nov"
    assert form.leave_uncovered.label.text == "Leave these 2"


def test_another_button_than_save_only_looks(posted: Posted) -> None:
    assert not posted(save="Save").only_looks
    assert posted(look="Show who could be saved").only_looks
    assert posted(choose="mei").only_looks


def test_a_chosen_interim_stands_in_for_who_was_chosen_before(posted: Posted) -> None:
    form = posted(clinician="ana", choose="mei")
    form.take_interim()
    assert (form.clinician.data, form.for_clinician.data) == ("mei", "ana")
    another = posted(clinician="jo", for_clinician="ana", choose="mei")
    another.take_interim()
    assert (another.clinician.data, another.for_clinician.data) == ("mei", "ana")
    nobody = posted(clinician="ana")
    nobody.take_interim()
    assert (nobody.clinician.data, nobody.for_clinician.data) == ("ana", None)


def test_a_removal_has_a_reason_a_version_and_a_token(posted: Posted) -> None:
    form = posted(RemovalForm, reason="Wrong child.", version="2", form_token="t", remove="Remove")
    assert form.validate()
    assert (form.reason.data, form.version_sent, form.token_sent) == ("Wrong child.", 2, "t")
    assert not posted(RemovalForm, reason="x" * 10_001).validate()

"""How a clinician's enrollments answer: each thing as a whole page, and as the part that htmx swaps."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp.domain import words
from caseapp.forms.case_manager import RemovalForm
from caseapp.forms.enrollment import EnrollmentForm
from caseapp.usecases.enrollment_effect import Effect
from caseapp.usecases.enrollment_effect_facts import MOST
from caseapp.usecases.enrollment_list import ClinicianEnrollments, EnrollmentRow
from caseapp.usecases.enrollment_record_facts import EnrollmentsOf
from caseapp.usecases.outcome import Saved
from caseapp.web import hx, record_answers
from caseapp.web.history import clinician_history
from caseapp.web.record_answers import Sheet

SHOWN = 50
"""How many sessions of a kind the page of an effect draws; the CSV has them all."""
Fresh = Callable[[str], ClinicianEnrollments]


def address_of(clinician_id: str) -> str:
    """The clinician's page, at its enrollments."""
    return url_for("clinicians.show", clinician_id=clinician_id, _anchor="enrollments")


def section(shown: ClinicianEnrollments) -> Response:
    template = "enrollments/_of_clinician.html"
    return hx.answer(template, template, enrollments=shown)


def row(shown: ClinicianEnrollments, drawn: EnrollmentRow) -> Response:
    """One row as it stands, with the focus on its menu: Cancel came from there."""
    template = "enrollments/_row.html"
    return hx.answer(template, template, enrollments=shown, row=drawn, focus=True)


def form(drawn: EnrollmentForm, of: EnrollmentsOf, enrollment_id: str | None, status: int) -> Response:
    """The form: adding opens a dialog, editing takes the row's place; refused, the form alone comes back."""
    where: dict[str, Any] = {"clinician_id": of.clinician}
    if enrollment_id:
        where["enrollment_id"] = enrollment_id
    sheet = Sheet(
        form_id="enrollment-form",
        title="Edit enrollment" if enrollment_id else "Add enrollment",
        save=url_for("enrollments.update" if enrollment_id else "enrollments.create", **where),
        cancel=address_of(of.clinician),
        about=of.name,
        section="clinicians",
        heading=of.name,
        row=f"enrollment-{enrollment_id}" if enrollment_id else None,
        row_address=url_for("enrollments.show", **where) if enrollment_id else "",
        columns=6,
        missing="" if len(drawn.payor.choices) > 1 else "payor",
    )
    return record_answers.form(sheet, drawn, status=status)


def saved(
    clinician_id: str, outcome: Saved, effect: Effect | None, fresh: Fresh, *, removed: bool = False
) -> AnyResponse:
    """303 to the clinician's page; for htmx the section anew, with history and message out of band."""
    text = f"{outcome.message}{_effect_words(effect)}" if effect else outcome.message
    link = _effect_link(effect) if effect else None
    if not hx.wants_fragment():
        hx.flash_message(text, outcome.warnings, link=link)
        return hx.see_other(address_of(clinician_id))
    row = "" if removed else f"enrollment-{outcome.public_id}"
    return _anew(clinician_id, fresh, row, hx.said(text, outcome.warnings, link=link))


def gone(clinician_id: str, fresh: Fresh) -> AnyResponse:
    """It had been removed already."""
    text = "This enrollment has been removed. It stays in the history."
    if not hx.wants_fragment():
        hx.flash_message(text)
        return hx.see_other(address_of(clinician_id))
    return _anew(clinician_id, fresh, "", hx.said(text))


def _anew(clinician_id: str, fresh: Fresh, row: str, said: dict[str, Any]) -> AnyResponse:
    """The section from fresh data; the focus goes to the menu of `row`, without one to the heading."""
    template = "enrollments/_saved.html"
    return hx.answer(
        template,
        template,
        retarget="#enrollments",
        reswap="outerHTML",
        enrollments=fresh(clinician_id),
        focused=row,
        refocus=not row,
        history=clinician_history(clinician_id),
        history_address=url_for("clinicians.show", clinician_id=clinician_id),
        said=said,
    )


def _effect_words(effect: Effect) -> str:
    """12 past sessions are now billable. 3 past sessions are no longer billable."""
    told = ""
    if effect.gained:
        told += f" {_sessions(len(effect.gained))} now covered by an enrollment"
        billable = len(effect.billable)
        told += ", and billable." if billable == len(effect.gained) else f", {billable} of them billable."
    if effect.lost:
        told += f" {_sessions(len(effect.lost))} no longer billable."
    return told


def _sessions(number: int) -> str:
    return f"{words.count(number, 'past session')} {'is' if number == 1 else 'are'}"


def _effect_link(effect: Effect) -> tuple[str, str] | None:
    if not effect.gained and not effect.lost:
        return None
    address = url_for("enrollments.effect", enrollment_id=effect.enrollment, version=effect.version)
    return address, "Show them, for the biller"


def confirmation(
    drawn: RemovalForm, of: EnrollmentsOf, shown: EnrollmentRow, effect: Effect, status: int
) -> Response:
    """The question before a removal, with the sessions that it would make unbillable."""
    return hx.answer(
        "enrollments/remove.html",
        "enrollments/_removal_row.html",
        status,
        form=drawn,
        row=shown,
        name=of.name,
        clinician_id=of.clinician,
        lost=words.count(len(effect.lost), "past session") if effect.lost else "",
    )


def effect(found: Effect) -> Response:
    return hx.answer(
        "enrollments/effect.html",
        "enrollments/_effect.html",
        effect=found,
        clinician_address=address_of(found.clinician),
        shown=SHOWN,
        most=MOST,
    )

"""A clinician's enrollments: add, edit, remove, as whole pages and as rows; and what a change did."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.enrollment_entry import EnrollmentEntry
from caseapp.extensions import db
from caseapp.formats.biller_csv import BillerLine, biller_csv
from caseapp.forms.case_manager import RemovalForm
from caseapp.forms.enrollment import EnrollmentForm
from caseapp.usecases.enrollment_effect import Effect, enrollment_effect, removal_effect
from caseapp.usecases.enrollment_list import ClinicianEnrollments, hits_of, of_clinician
from caseapp.usecases.enrollment_record import (
    SavedEnrollment,
    SaveRequest,
    remove_enrollment,
    save_enrollment,
)
from caseapp.usecases.enrollment_record_facts import (
    EnrollmentsOf,
    payor_choices,
    removal_of,
)
from caseapp.usecases.enrollment_record_facts import enrollments_of as load
from caseapp.usecases.outcome import Refused, UnknownRecord
from caseapp.web import enrollment_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.asked import code_asked
from caseapp.web.current import current_practice

blueprint = Blueprint("enrollments", __name__)
OF_CLINICIAN = "/clinicians/<public_id:clinician_id>/enrollments"
ONE = f"{OF_CLINICIAN}/<public_id:enrollment_id>"
EFFECT = "/enrollments/<public_id:enrollment_id>/effect"


def enrollments_of(clinician_id: str) -> ClinicianEnrollments:
    """What `enrollments/_of_clinician.html` draws, for the clinician's page. Raises UnknownRecord."""
    of, today = load(db.session(), clinician_id), clock.today()
    return of_clinician(of, today, hits_of(db.session(), current_actor(), of, today))


@blueprint.get(OF_CLINICIAN)
def index(clinician_id: str) -> AnyResponse:
    """The section of the clinician's page; without scripts that page."""
    shown = enrollments_of(clinician_id)
    if not hx.wants_fragment():
        return hx.see_other(answers.address_of(clinician_id))
    return answers.section(shown)


@blueprint.get(ONE)
def show(clinician_id: str, enrollment_id: str) -> AnyResponse:
    """One row as it stands, to which Cancel returns; without scripts the clinician's page."""
    shown = enrollments_of(clinician_id)
    row = shown.row(enrollment_id)
    if row is None:
        abort(404)
    if not hx.wants_fragment():
        return hx.see_other(answers.address_of(clinician_id))
    return answers.row(shown, row)


@blueprint.get(f"{OF_CLINICIAN}/new")
def new(clinician_id: str) -> Response:
    """The empty form, or with the payor that the address proposes."""
    form = EnrollmentForm(formdata=None)
    form.open_with(EnrollmentEntry(payor=code_asked("payor")))
    return _form(form, load(db.session(), clinician_id))


@blueprint.post(OF_CLINICIAN)
def create(clinician_id: str) -> AnyResponse:
    return _save(clinician_id, None)


@blueprint.get(f"{ONE}/edit")
def edit(clinician_id: str, enrollment_id: str) -> Response:
    of = load(db.session(), clinician_id)
    opened = of.enrollments.get(enrollment_id)
    if opened is None:
        abort(404)
    form = EnrollmentForm(formdata=None)
    form.open_with(opened.values.entry, opened.stored.version)
    return _form(form, of, enrollment_id)


@blueprint.post(f"{ONE}/edit")
def update(clinician_id: str, enrollment_id: str) -> AnyResponse:
    return _save(clinician_id, enrollment_id)


def _save(clinician_id: str, enrollment_id: str | None) -> AnyResponse:
    form = EnrollmentForm()
    if form.validate():
        outcome = save_enrollment(
            db.session(),
            *_who(),
            SaveRequest(
                clinician=clinician_id,
                entry=form.entry(),
                enrollment=enrollment_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            return answers.saved(clinician_id, outcome, _effect_of(outcome), enrollments_of)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    of = load(db.session(), clinician_id)
    if enrollment_id and enrollment_id not in of.enrollments:
        _gone_or_404(clinician_id, enrollment_id)
    return _form(form, of, enrollment_id, 422)


def _form(
    form: EnrollmentForm, of: EnrollmentsOf, enrollment_id: str | None = None, status: int = 200
) -> Response:
    form.offer(payor_choices(db.session()))
    return answers.form(form, of, enrollment_id, status)


@blueprint.get(f"{ONE}/remove")
def remove(clinician_id: str, enrollment_id: str) -> AnyResponse:
    """The confirmation: which past sessions would no longer be billable."""
    return _confirmation(RemovalForm(formdata=None), clinician_id, enrollment_id)


@blueprint.post(f"{ONE}/remove")
def destroy(clinician_id: str, enrollment_id: str) -> AnyResponse:
    form = RemovalForm()
    if form.validate():
        outcome = remove_enrollment(
            db.session(),
            *_who(),
            clinician_id,
            enrollment_id,
            reason=form.reason.data or "",
            version=form.version_sent,
        )
        if not isinstance(outcome, Refused):
            return answers.saved(clinician_id, outcome, _effect_of(outcome), enrollments_of, removed=True)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _confirmation(form, clinician_id, enrollment_id, 422)


def _confirmation(form: RemovalForm, clinician_id: str, enrollment_id: str, status: int = 200) -> AnyResponse:
    of = load(db.session(), clinician_id)
    opened = of.enrollments.get(enrollment_id)
    row = of_clinician(of, clock.today()).row(enrollment_id)
    if opened is None or row is None:
        _gone_or_404(clinician_id, enrollment_id)
        return answers.gone(clinician_id, enrollments_of)
    if not form.is_submitted():
        form.begin(opened.stored.version)
    effect = removal_effect(db.session(), *_who(), clinician_id, opened.values)
    return answers.confirmation(form, of, row, effect, status)


def _gone_or_404(clinician_id: str, enrollment_id: str) -> None:
    if removal_of(db.session(), clinician_id, enrollment_id) is None:
        abort(404)


@blueprint.get(EFFECT)
def effect(enrollment_id: str) -> Response:
    return answers.effect(_effect(enrollment_id, _version()))


@blueprint.get(f"{EFFECT}.csv")
def effect_csv(enrollment_id: str) -> Response:
    """`what` is `lost` for the sessions that are no longer billable, else those that now are."""
    found = _effect(enrollment_id, _version())
    lost = request.args.get("what") == "lost"
    lines = (
        BillerLine(
            client_number=row.client_number,
            service_line=row.service_line,
            date=row.day,
            appointment_number=row.appointment_number,
            minutes=row.minutes,
            payor=row.payor,
            clinician=found.clinician_name,
            npi=found.npi,
        )
        for row in (found.lost if lost else found.billable)
    )
    response = make_response(biller_csv(lines))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = "no-longer-billable.csv" if lost else "now-billable.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _version() -> int | None:
    """The version that the address asks for; None, the latest, where it asks for none."""
    text = request.args.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise UnknownRecord
    return int(text)


def _effect_of(saved: SavedEnrollment) -> Effect | None:
    """What the save did to past sessions; None where it touched no past day."""
    return _effect(saved.public_id) if saved.touches_past else None


def _effect(enrollment_id: str, version: int | None = None) -> Effect:
    return enrollment_effect(db.session(), *_who(), enrollment_id, version)


def _who() -> tuple[Any, Any, Any]:
    return current_actor(), clock.now(), current_practice()

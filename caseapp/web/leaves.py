"""A clinician's leaves: add, edit, remove; as whole pages and as the parts of the clinician's page."""

from flask import Blueprint, Response, abort, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.hand_over_entry import ABSENCE
from caseapp.domain.leave_entry import LeaveEntry
from caseapp.extensions import db
from caseapp.forms.leave import LeaveForm, LeaveRemovalForm
from caseapp.usecases.clinician_page import LeaveRow, leave_rows
from caseapp.usecases.leave import LeaveRequest, OpenLeave, leaves_of, remove_leave, save_leave
from caseapp.usecases.outcome import Refused, Saved
from caseapp.web import hx, record_answers
from caseapp.web.actor import current_actor
from caseapp.web.clinicians import clinician_or_404
from caseapp.web.current import current_practice
from caseapp.web.history import clinician_history
from caseapp.web.record_answers import Sheet

blueprint = Blueprint("leaves", __name__, url_prefix="/clinicians/<public_id:clinician_id>/leaves")

COLUMNS = 4


@blueprint.get("/<public_id:leave_id>")
def show(clinician_id: str, leave_id: str) -> AnyResponse:
    """One row as it stands, to which Cancel returns; without scripts the clinician's page."""
    if not hx.wants_fragment():
        return hx.see_other(_address(clinician_id))
    row = _row(clinician_id, leave_id)
    template = "leaves/_row.html"
    return hx.answer(template, template, row=row, address=_address(clinician_id), focus=True)


@blueprint.get("/new")
def new(clinician_id: str) -> Response:
    form = LeaveForm(formdata=None)
    form.open_with(LeaveEntry())
    return _form(clinician_id, form)


@blueprint.post("")
def create(clinician_id: str) -> AnyResponse:
    return _save(clinician_id, None)


@blueprint.get("/<public_id:leave_id>/edit")
def edit(clinician_id: str, leave_id: str) -> Response:
    opened = _opened(clinician_id, leave_id)
    form = LeaveForm(formdata=None)
    form.open_with(opened.values.entry, opened.stored.version)
    return _form(clinician_id, form, leave_id)


@blueprint.post("/<public_id:leave_id>/edit")
def update(clinician_id: str, leave_id: str) -> AnyResponse:
    return _save(clinician_id, leave_id)


@blueprint.get("/<public_id:leave_id>/remove")
def remove(clinician_id: str, leave_id: str) -> Response:
    """The confirmation."""
    form = LeaveRemovalForm(formdata=None)
    form.version.data = str(_opened(clinician_id, leave_id).stored.version)
    return _confirmation(clinician_id, leave_id, form)


@blueprint.post("/<public_id:leave_id>/remove")
def destroy(clinician_id: str, leave_id: str) -> AnyResponse:
    form = LeaveRemovalForm()
    if form.validate():
        outcome = remove_leave(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            clinician_id,
            leave_id,
            form.version_sent,
        )
        if isinstance(outcome, Saved):
            return _saved(clinician_id, outcome, refocus=True)
        form.refuse(outcome.errors)
        form.version.data = str(outcome.version)
    return _confirmation(clinician_id, leave_id, form, 422)


@blueprint.get("/<public_id:leave_id>/hand-over")
def hand_over(clinician_id: str, leave_id: str) -> AnyResponse:
    """To the hand-over for the days of a leave, from today on: nothing asks for it, the practice decides."""
    days = _opened(clinician_id, leave_id).values
    first = max(days.start_date, clock.today())
    return hx.see_other(
        url_for(
            "hand_over.index",
            clinician=clinician_id,
            kind=ABSENCE,
            first_away=first.isoformat(),
            last_away=days.end_date.isoformat() if days.end_date else "",
        )
    )


def _save(clinician_id: str, leave_id: str | None) -> AnyResponse:
    form = LeaveForm()
    if form.validate():
        outcome = save_leave(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            LeaveRequest(
                clinician=clinician_id,
                entry=form.entry(),
                leave=leave_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            return _saved(clinician_id, outcome)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _form(clinician_id, form, leave_id, 422)


def _address(clinician_id: str) -> str:
    return url_for("clinicians.show", clinician_id=clinician_id)


def _opened(clinician_id: str, leave_id: str) -> OpenLeave:
    leave = leaves_of(db.session(), clinician_id).leaves.get(leave_id)
    return leave if leave is not None else abort(404)


def _rows(clinician_id: str) -> tuple[LeaveRow, ...]:
    of = leaves_of(db.session(), clinician_id)
    return leave_rows(of.leaves, of.name, clock.today())


def _row(clinician_id: str, leave_id: str) -> LeaveRow:
    row = next((row for row in _rows(clinician_id) if row.public_id == leave_id), None)
    return row if row is not None else abort(404)


def _form(clinician_id: str, form: LeaveForm, leave_id: str | None = None, status: int = 200) -> Response:
    clinician = clinician_or_404(clinician_id)
    own = url_for(".show", clinician_id=clinician_id, leave_id=leave_id) if leave_id else ""
    sheet = Sheet(
        form_id="leave-form",
        title="Edit leave" if leave_id else "Add leave",
        save=f"{own}/edit" if leave_id else url_for(".create", clinician_id=clinician_id),
        cancel=_address(clinician_id),
        about=clinician.name,
        section="clinicians",
        heading=clinician.name,
        row=f"leave-{leave_id}" if leave_id else None,
        row_address=own,
        columns=COLUMNS,
    )
    return record_answers.form(sheet, form, status=status)


def _confirmation(clinician_id: str, leave_id: str, form: LeaveRemovalForm, status: int = 200) -> Response:
    return hx.answer(
        "leaves/remove.html",
        "leaves/_removal_row.html",
        status,
        clinician=clinician_or_404(clinician_id),
        row=_row(clinician_id, leave_id),
        form=form,
        address=_address(clinician_id),
    )


def _saved(clinician_id: str, outcome: Saved, *, refocus: bool = False) -> AnyResponse:
    """303 to the clinician's page; for htmx all leaves anew, with the message out of band."""
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings)
        return hx.see_other(_address(clinician_id))
    template = "leaves/_saved.html"
    return hx.answer(
        template,
        template,
        retarget="#leaves",
        reswap="outerHTML",
        leaves=_rows(clinician_id),
        address=_address(clinician_id),
        focus_leave=outcome.public_id,
        refocus=refocus,
        history=clinician_history(clinician_id),
        history_address=_address(clinician_id),
        said=hx.said(outcome.message, outcome.warnings),
    )

"""A client's appointments: add, repeat, move, complete, no-show, cancel; and the week list of all."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.extensions import db
from caseapp.forms.appointment import ActForm, AppointmentForm, EditAppointmentForm
from caseapp.usecases import appointment_form
from caseapp.usecases.appointment import SaveRequest, save_appointment
from caseapp.usecases.appointment_form import OpenForm
from caseapp.usecases.appointment_status import Act, change_status
from caseapp.usecases.appointment_week import week_list
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.outcome import Refused
from caseapp.web import appointment_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.appointment_week import draw_week, read_question
from caseapp.web.clients import client_or_404
from caseapp.web.current import current_practice

blueprint = Blueprint("appointments", __name__)
OF_CLIENT = "/clients/<public_id:client_id>/appointments"
ONE = f"{OF_CLIENT}/<public_id:appointment_id>"
PREFILLED = ("service_line", "clinician", "start_date", "start_time", "minutes")


@blueprint.get("/appointments")
def index() -> Response:
    """The week of everybody; the address says which, and whose."""
    practice, today = current_practice(), clock.today()
    question = read_question(request.args, today)
    week = week_list(db.session(), current_actor(), question, practice)
    choices = appointment_form.choices(db.session(), today)
    drawn = draw_week(week, question, choices, practice, today)
    return hx.answer(
        "appointments/index.html", "appointments/_week.html", shown=drawn, choices=choices, question=question
    )


@blueprint.get(f"{OF_CLIENT}/new")
def new(client_id: str) -> Response:
    """The empty form, or with what the address proposes."""
    client = client_or_404(client_id)
    form = AppointmentForm(formdata=None)
    form.open_with(_opened(client))
    for name in PREFILLED:
        if name in request.args:
            form[name].data = request.args[name][:40]
    return answers.form(client, form)


@blueprint.post(OF_CLIENT)
def create(client_id: str) -> AnyResponse:
    return _save(client_id, AppointmentForm())


@blueprint.get(ONE)
def show(client_id: str, appointment_id: str) -> Any:
    """One row as it stands, to which Cancel returns; without scripts the tab."""
    client = client_or_404(client_id)
    row = answers.row_or_404(client, appointment_id)
    return answers.row(client, row) if hx.wants_fragment() else hx.see_other(answers.address(client_id))


@blueprint.get(f"{ONE}/edit")
def edit(client_id: str, appointment_id: str) -> Response:
    client = client_or_404(client_id)
    form = EditAppointmentForm(formdata=None)
    form.open_with(_opened(client, appointment_id))
    return answers.form(client, form, appointment_id)


@blueprint.post(f"{ONE}/edit")
def update(client_id: str, appointment_id: str) -> AnyResponse:
    return _save(client_id, EditAppointmentForm(), appointment_id)


@blueprint.post(f"{ONE}/complete")
def complete(client_id: str, appointment_id: str) -> AnyResponse:
    return _act(client_id, appointment_id, "complete")


@blueprint.post(f"{ONE}/no-show")
def no_show(client_id: str, appointment_id: str) -> AnyResponse:
    return _act(client_id, appointment_id, "no_show")


@blueprint.post(f"{ONE}/cancel")
def cancel(client_id: str, appointment_id: str) -> AnyResponse:
    return _act(client_id, appointment_id, "cancel")


def _opened(client: ClientHead, appointment_id: str | None = None) -> OpenForm:
    return appointment_form.open_form(
        db.session(),
        current_actor(),
        clock.today(),
        current_practice(),
        client.public_id,
        client.id,
        appointment_id,
    )


def _save(client_id: str, form: AppointmentForm, appointment_id: str | None = None) -> AnyResponse:
    if form.validate():
        outcome = save_appointment(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                client=client_id,
                entry=form.entry(),
                appointment=appointment_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            line = form.entry().service_line.strip()
            return answers.saved(client_id, outcome, line, moved=outcome.moved)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    client = client_or_404(client_id)
    form.offer(_opened(client, appointment_id).choices)
    return answers.form(client, form, appointment_id, status=422)


def _act(client_id: str, appointment_id: str, act: Act) -> AnyResponse:
    form = ActForm()
    if not form.validate():
        return answers.refused(client_id, appointment_id, form.form_findings)
    outcome = change_status(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        client_id,
        appointment_id,
        act,
        version=form.version_sent,
    )
    if isinstance(outcome, Refused):
        return answers.refused(client_id, appointment_id, outcome.errors)
    return answers.saved(client_id, outcome, outcome.service_line)

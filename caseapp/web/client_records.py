"""A client's person and status: edit, hold, discharge, readmit."""

from datetime import date, datetime

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.client import ClientServiceLine
from caseapp.domain.client_service_line_entry import ended_with, sessions_after
from caseapp.domain.client_status_entry import open_lines, proposed_lines
from caseapp.domain.practice import Practice
from caseapp.extensions import db
from caseapp.forms.client import ClientForm, DischargeForm, ReadmissionForm, ReasonForm
from caseapp.forms.strict import StrictForm
from caseapp.usecases import client_status
from caseapp.usecases.client_record import SaveRequest, save_client
from caseapp.usecases.client_record_facts import ClientRecord, load_record, open_client
from caseapp.usecases.client_status_act import StatusRequest
from caseapp.usecases.outcome import Refused
from caseapp.web import client_record_answers as answers
from caseapp.web.actor import current_actor
from caseapp.web.clients import client_or_404
from caseapp.web.current import current_practice

blueprint = Blueprint("client_records", __name__, url_prefix="/clients/<public_id:client_id>")

EDIT_BUTTON = "edit-client"


@blueprint.get("/edit")
def edit(client_id: str) -> Response:
    opened = open_client(db.session(), current_actor(), client_id)
    form = ClientForm(formdata=None)
    form.open_with(opened.values.entry, opened.stored.version)
    return _person(client_id, form)


@blueprint.post("/edit")
def update(client_id: str) -> AnyResponse:
    form = ClientForm()
    if form.validate():
        outcome = save_client(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                client=client_id, entry=form.entry(), version=form.version_sent, form_token=form.token_sent
            ),
        )
        if not isinstance(outcome, Refused):
            return answers.profile_saved(client_or_404(client_id), outcome, EDIT_BUTTON)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _person(client_id, form, 422)


def _person(client_id: str, form: ClientForm, status: int = 200) -> Response:
    return answers.form(
        client_or_404(client_id),
        form,
        title="Edit client",
        save=url_for(".update", client_id=client_id),
        status=status,
    )


@blueprint.get("/hold")
def ask_hold(client_id: str) -> Response:
    """The question: what stays scheduled."""
    record = _record(client_id)
    form = ReasonForm(formdata=None)
    form.begin(record.client.stored.version)
    return _hold_form(record, form)


@blueprint.post("/hold")
def hold(client_id: str) -> AnyResponse:
    form = ReasonForm()
    if form.validate():
        outcome = client_status.hold(*_where(), _request(client_id, form, form.reason.data))
        if not isinstance(outcome, Refused):
            return answers.profile_saved(client_or_404(client_id), outcome, EDIT_BUTTON)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _hold_form(_record(client_id), form, 422)


def _hold_form(record: ClientRecord, form: ReasonForm, status: int = 200) -> Response:
    client = client_or_404(record.client.stored.public_id)
    return answers.form(
        client,
        form,
        title=f"Put {client.name} on hold?",
        save=url_for(".hold", client_id=client.public_id),
        save_words="Put on hold",
        intro=(
            f"Service lines and case managers stay as they are. {_scheduled(record)}",
            "While on hold, only days with a scheduled session are looked at for coverage gaps.",
        ),
        status=status,
    )


def _scheduled(record: ClientRecord) -> str:
    """2 sessions stay scheduled, the next on Tue 24 Nov, 9:00 am: cancel those that will not take place."""
    practice, now, today = current_practice(), clock.now(), clock.today()
    coming = sorted(
        (s for s in record.facts.appointments if s.status == "scheduled" and s.starts_at >= now),
        key=lambda session: session.starts_at,
    )
    if not coming:
        return "No session is scheduled."
    stay = "stays" if len(coming) == 1 else "stay"
    return (
        f"{words.count(len(coming), 'session')} {stay} scheduled, the next on "
        f"{words.moment(coming[0].starts_at, practice.zone, today)}: cancel what will not take place."
    )


@blueprint.get("/discharge")
def ask_discharge(client_id: str) -> Response:
    """The question: the last day, what ends on it, and which sessions lie after it."""
    record, today = _record(client_id), clock.today()
    form = DischargeForm(formdata=None)
    form.last_day.data = today.isoformat()
    form.service_lines.data = [line.service_line for line in _ending(record, today)]
    form.begin(record.client.stored.version)
    return _discharge_form(record, form)


@blueprint.post("/discharge")
def discharge(client_id: str) -> AnyResponse:
    form = DischargeForm()
    if form.validate():
        outcome = client_status.discharge(
            *_where(), _request(client_id, form, form.reason.data), form.entry()
        )
        if not isinstance(outcome, Refused):
            return answers.profile_saved(client_or_404(client_id), outcome, EDIT_BUTTON)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _discharge_form(_record(client_id), form, 422)


def _ending(record: ClientRecord, day: date) -> list[ClientServiceLine]:
    """The service lines that have begun and go on after a day."""
    return [line for line in open_lines(record.facts.service_lines, day) if line.start <= day]


def _discharge_form(record: ClientRecord, form: DischargeForm, status: int = 200) -> Response:
    client, practice, today = client_or_404(record.client.stored.public_id), current_practice(), clock.today()
    lines = open_lines(record.facts.service_lines, date.min)
    offered: dict[str, str] = {}
    for line in lines:
        if line.last >= today or line.service_line in (form.service_lines.data or ()):
            managers = [cm.clinician.name for cm in ended_with(line, record.facts.case_managers, today)]
            with_whom = f", and {' and '.join(managers)} as its case manager" if managers else ""
            offered[line.service_line] = f"{line.service_line}{with_whom}"
    form.offer(offered.items())
    told = {getattr(error, "code", "") for error in form.last_day.errors}
    after = sessions_after(record.facts.appointments, None, today, practice.zone)
    intro = ["What is ticked ends on the last day."] if offered else []
    if after:
        last = after[-1]
        lie = "lies" if len(after) == 1 else "lie"
        intro.append(
            f"{words.count(len(after), 'session')} {lie} after today, the last on "
            f"{words.moment(last.starts_at, practice.zone, today)} ({last.service_line})."
        )
    if not (after or form.leave_sessions.data or "sessions_after" in told):
        del form.leave_sessions
    if not offered and not form.service_lines.errors:
        del form.service_lines
    return answers.form(
        client,
        form,
        title=f"Discharge {client.name}?",
        save=url_for(".discharge", client_id=client.public_id),
        save_words="Discharge",
        intro=tuple(intro),
        status=status,
    )


@blueprint.get("/readmit")
def ask_readmit(client_id: str) -> Response:
    """The question: from when on, and which service lines begin anew."""
    record, today = _record(client_id), clock.today()
    form = ReadmissionForm(formdata=None)
    form.start_date.data = today.isoformat()
    going_on = any(line.last >= today for line in record.facts.service_lines)
    form.service_lines.data = [] if going_on else proposed_lines(record.facts.service_lines, today)
    form.begin(record.client.stored.version)
    return _readmission_form(record, form)


@blueprint.post("/readmit")
def readmit(client_id: str) -> AnyResponse:
    form = ReadmissionForm()
    if form.validate():
        outcome = client_status.readmit(*_where(), _request(client_id, form, form.reason.data), form.entry())
        if not isinstance(outcome, Refused):
            return answers.profile_saved(client_or_404(client_id), outcome, EDIT_BUTTON)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _readmission_form(_record(client_id), form, 422)


def _readmission_form(record: ClientRecord, form: ReadmissionForm, status: int = 200) -> Response:
    client, today = client_or_404(record.client.stored.public_id), clock.today()
    going_on = sorted({line.service_line for line in record.facts.service_lines if line.last >= today})
    chosen = form.service_lines.data or ()
    form.offer(
        (code, code if code == name else f"{code} · {name}")
        for code, name in record.lines.items()
        if code not in going_on or code in chosen
    )
    return answers.form(
        client,
        form,
        title=f"Readmit {client.name}?",
        save=url_for(".readmit", client_id=client.public_id),
        save_words="Readmit",
        intro=(f"These go on: {', '.join(going_on)}.",) if going_on else (),
        status=status,
    )


def _record(client_id: str) -> ClientRecord:
    return load_record(db.session(), current_actor(), client_id)


def _where() -> tuple[Session, Actor, datetime, Practice]:
    return db.session(), current_actor(), clock.now(), current_practice()


def _request(client_id: str, form: StrictForm, reason: str | None) -> StatusRequest:
    return StatusRequest(
        client=client_id, version=form.version_sent, form_token=form.token_sent, reason=reason or ""
    )

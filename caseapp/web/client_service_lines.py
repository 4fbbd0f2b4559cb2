"""A client's service lines: add, edit, discharge and remove, as whole pages and as row partials."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.client_service_line_entry import ServiceLineEntry, entry_of, span_words
from caseapp.extensions import db
from caseapp.forms.client import ReasonForm
from caseapp.forms.client_service_line import DRAWN, ServiceLineForm
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.client_profile import ServiceLineRow
from caseapp.usecases.client_record_facts import ClientRecord, load_record
from caseapp.usecases.client_removal import was_removed
from caseapp.usecases.client_service_line import (
    ENTITY,
    SaveRequest,
    remove_service_line,
    save_service_line,
)
from caseapp.usecases.outcome import Refused
from caseapp.web import client_record_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.clients import client_or_404
from caseapp.web.current import current_practice

blueprint = Blueprint("client_service_lines", __name__)
OF_CLIENT = "/clients/<public_id:client_id>/service-lines"
ONE = f"{OF_CLIENT}/<public_id:line_id>"
HEADING = "service-lines-heading"


@blueprint.get(f"{OF_CLIENT}/new")
def new(client_id: str) -> Response:
    """The empty form, or with what the address proposes."""
    form = ServiceLineForm(formdata=None)
    form.open_with(_proposed(ServiceLineEntry()))
    return _form(client_id, form)


@blueprint.post(OF_CLIENT)
def create(client_id: str) -> AnyResponse:
    return _save(client_id)


@blueprint.get(ONE)
def show(client_id: str, line_id: str) -> Any:
    """One row as it stands, to which Cancel returns; without scripts the tab."""
    client = client_or_404(client_id)
    row = answers.profile_of(client).row(line_id)
    if row is None:
        abort(404)
    return answers.line_row(client, row) if hx.wants_fragment() else hx.see_other(_tab(client))


@blueprint.get(f"{ONE}/edit")
def edit(client_id: str, line_id: str) -> Response:
    """The form of one; the address may propose an end date, as Discharge does."""
    record = load_record(db.session(), current_actor(), client_id)
    stored = record.service_lines.get(line_id) or abort(404)
    form = ServiceLineForm(formdata=None)
    form.open_with(_proposed(entry_of(stored.period)), stored.stored.version)
    return _form(client_id, form, line_id, record=record)


@blueprint.post(f"{ONE}/edit")
def update(client_id: str, line_id: str) -> AnyResponse:
    return _save(client_id, line_id)


@blueprint.get(f"{ONE}/remove")
def ask_removal(client_id: str, line_id: str) -> AnyResponse:
    client = client_or_404(client_id)
    row = answers.profile_of(client).row(line_id)
    if row is None:
        return _gone(client, line_id)
    form = ReasonForm(formdata=None)
    form.begin(row.version)
    return _removal(client, row, form)


@blueprint.post(f"{ONE}/remove")
def remove(client_id: str, line_id: str) -> AnyResponse:
    form = ReasonForm()
    client = client_or_404(client_id)
    if form.validate():
        outcome = remove_service_line(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            client_id,
            line_id,
            version=form.version_sent,
            reason=form.reason.data or "",
        )
        if not isinstance(outcome, Refused):
            return answers.profile_saved(client_or_404(client_id), outcome, HEADING)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    row = answers.profile_of(client).row(line_id)
    return _removal(client, row, form, 422) if row else _gone(client, line_id)


def _proposed(entry: ServiceLineEntry) -> ServiceLineEntry:
    """The entry with what the address proposes; nothing in it names a person."""
    given = {name: getattr(entry, name) for name in DRAWN}
    return ServiceLineEntry(
        **given | {name: request.args[name][:40] for name in DRAWN if name in request.args}
    )


def _save(client_id: str, line_id: str | None = None) -> AnyResponse:
    form = ServiceLineForm()
    if form.validate():
        outcome = save_service_line(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                client=client_id,
                entry=form.entry(),
                service_line=line_id,
                end_case_manager=bool(form.end_case_manager.data),
                leave_sessions=bool(form.leave_sessions.data),
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            focused = f"service-line-{outcome.public_id}"
            return answers.profile_saved(client_or_404(client_id), outcome, focused)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _form(client_id, form, line_id, status=422)


def _form(
    client_id: str,
    form: ServiceLineForm,
    line_id: str | None = None,
    *,
    record: ClientRecord | None = None,
    status: int = 200,
) -> Response:
    record = record or load_record(db.session(), current_actor(), client_id)
    client = client_or_404(client_id)
    row = answers.profile_of(client).row(line_id) if line_id else None
    # What was typed into the form of one that was removed meanwhile is not thrown away.
    if line_id and row is None and not was_removed(db.session(), client.id, ENTITY, line_id):
        abort(404)
    form.offer(record.lines, _would_end(record, line_id))
    of: dict[str, Any] = {"client_id": client_id, "line_id": line_id}
    return answers.form(
        client,
        form,
        title=_title(row, line_id),
        save=url_for(".update", **of) if line_id else url_for(".create", client_id=client_id),
        row=row,
        row_address=url_for(".show", **of) if line_id else "",
        status=status,
        missing="" if record.lines else "service_line",
    )


def _title(row: ServiceLineRow | None, line_id: str | None) -> str:
    if line_id is None:
        return "Add service line"
    return f"Discharge from {row.code}" if row and "end_date" in request.args else "Edit service line"


def _would_end(record: ClientRecord, line_id: str | None) -> str:
    """The names of those who are case manager today or later within the service line."""
    line = record.service_lines.get(line_id or "")
    if line is None:
        return ""
    today = clock.today()
    names = (
        cm.clinician.name
        for cm in record.facts.case_managers
        if cm.service_line == line.period.service_line and cm.overlaps(line.period) and cm.last >= today
    )
    return " or ".join(dict.fromkeys(names))


def _removal(client: ClientHead, row: ServiceLineRow, form: ReasonForm, status: int = 200) -> Response:
    of: dict[str, Any] = {"client_id": client.public_id, "line_id": row.public_id}
    return answers.form(
        client,
        form,
        title=f"Remove {row.code}, {span_words(row)}?",
        save=url_for(".remove", **of),
        save_words="Remove",
        danger=True,
        intro=(answers.REMOVAL, "If it was received and no longer is, end it instead: Edit, End date."),
        row=row,
        row_address=url_for(".show", **of),
        status=status,
    )


def _gone(client: ClientHead, line_id: str) -> AnyResponse:
    outcome = remove_service_line(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        client.public_id,
        line_id,
        version=None,
    )
    if isinstance(outcome, Refused):
        abort(404)
    return answers.profile_saved(client, outcome, HEADING)


def _tab(client: ClientHead) -> str:
    return answers.profile_address(client)

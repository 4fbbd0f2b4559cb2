"""The Clinical tab and its case managers: add, edit, end, remove; as whole pages and as row partials."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.case_manager_entry import CaseManagerEntry
from caseapp.extensions import db
from caseapp.forms.case_manager import CaseManagerForm, RemovalForm
from caseapp.usecases.case_manager import SaveRequest, save_case_manager
from caseapp.usecases.case_manager_form import OpenForm, open_form
from caseapp.usecases.case_manager_removal import Gone, Removal, plan_removal, remove_case_manager
from caseapp.usecases.clinical_tab import clinical_tab
from caseapp.usecases.coverage_gap import refresh_due
from caseapp.usecases.outcome import Refused
from caseapp.web import case_manager_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.clients import client_or_404
from caseapp.web.current import current_practice

blueprint = Blueprint("case_managers", __name__, url_prefix="/clients/<public_id:client_id>")

PREFILLED = (
    "service_line",
    "clinician",
    "start_date",
    "end_date",
    "for_clinician",
    "change_kind",
    "change_date",
)
TICKED = ("end_current", "leave_uncovered")


@blueprint.get("/clinical")
def index(client_id: str) -> Response:
    """The tab: banners and table."""
    client = client_or_404(client_id)
    refresh_due(db.session(), clock.today(), current_practice(), [client.id])
    return answers.tab(client, clinical_tab(db.session(), client, clock.today()))


@blueprint.get("/case-managers/<public_id:case_manager_id>")
def show(client_id: str, case_manager_id: str) -> Any:
    """One row as it stands, to which Cancel returns; without scripts the tab."""
    client = client_or_404(client_id)
    if not hx.wants_fragment():
        return hx.see_other(url_for(".index", client_id=client_id))
    row = clinical_tab(db.session(), client, clock.today()).row(case_manager_id)
    return answers.row(client, row) if row else abort(404)


@blueprint.get("/case-managers/new")
def new(client_id: str) -> Response:
    """The empty form, or with what the address proposes."""
    form = CaseManagerForm(formdata=None)
    suggests = request.args.get("suggest") == "1"
    opened = _opened(client_id, entry=_proposed(CaseManagerEntry()), suggests=suggests)
    form.open_with(opened)
    return answers.form(client_or_404(client_id), form, opened.offers)


@blueprint.post("/case-managers")
def create(client_id: str) -> AnyResponse:
    return _save(client_id, None)


@blueprint.get("/case-managers/<public_id:case_manager_id>/edit")
def edit(client_id: str, case_manager_id: str) -> Response:
    form = CaseManagerForm(formdata=None)
    opened = _opened(client_id, case_manager_id)
    if request.args:
        opened = _opened(client_id, case_manager_id, entry=_proposed(opened.entry))
    form.open_with(opened)
    return answers.form(client_or_404(client_id), form, opened.offers, case_manager_id)


@blueprint.post("/case-managers/<public_id:case_manager_id>/edit")
def update(client_id: str, case_manager_id: str) -> AnyResponse:
    return _save(client_id, case_manager_id)


@blueprint.get("/case-managers/<public_id:case_manager_id>/remove")
def remove(client_id: str, case_manager_id: str) -> AnyResponse:
    """The confirmation: what removing would leave uncovered."""
    plan = plan_removal(
        db.session(), current_actor(), clock.now(), current_practice(), client_id, case_manager_id
    )
    client = client_or_404(client_id)
    if isinstance(plan, Gone):
        return answers.gone(client, case_manager_id)
    form = RemovalForm(formdata=None)
    form.version.data = str(plan.version)
    return answers.confirmation(client, form, plan)


@blueprint.post("/case-managers/<public_id:case_manager_id>/remove")
def destroy(client_id: str, case_manager_id: str) -> AnyResponse:
    form = RemovalForm()
    valid = form.validate()
    where = (current_actor(), clock.now(), current_practice(), client_id, case_manager_id)
    if valid:
        outcome = remove_case_manager(
            db.session(), *where, reason=form.reason.data or "", version=form.version_sent
        )
        client = client_or_404(client_id)
        if isinstance(outcome, Gone):
            return answers.gone(client, case_manager_id)
        if isinstance(outcome, Removal):
            return answers.removed(client, outcome)
        form.refuse(outcome.errors)
        form.version.data = str(outcome.version)
    plan = plan_removal(db.session(), *where)
    client = client_or_404(client_id)
    if isinstance(plan, Gone):
        return answers.gone(client, case_manager_id)
    return answers.confirmation(client, form, plan, status=422)


def _opened(client_id: str, case_manager_id: str | None = None, **more: Any) -> OpenForm:
    return open_form(
        db.session(),
        current_actor(),
        clock.now(),
        current_practice(),
        client_id,
        case_manager=case_manager_id,
        **more,
    )


def _proposed(entry: CaseManagerEntry) -> CaseManagerEntry:
    """The entry with what the address proposes; nothing in it names a person."""
    given = {name: request.args[name][:40] for name in PREFILLED if name in request.args}
    changes: dict[str, Any] = {**given, **{name: True for name in TICKED if request.args.get(name)}}
    return replace(entry, **changes)


def _save(client_id: str, case_manager_id: str | None) -> AnyResponse:
    form = CaseManagerForm()
    valid = form.validate()
    looks_only = valid and form.only_looks
    if looks_only:
        form.take_interim()
    if valid and not looks_only:
        outcome = save_case_manager(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                client=client_id,
                entry=form.entry(),
                case_manager=case_manager_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            return answers.saved(client_id, outcome, edited=case_manager_id)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    opened = _opened(client_id, case_manager_id, entry=form.entry())
    form.offer(opened)
    client = client_or_404(client_id)
    return answers.form(client, form, opened.offers, case_manager_id, status=200 if looks_only else 422)

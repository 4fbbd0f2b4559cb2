"""The service lines of the practice: list, add, edit, remove; as whole pages and as row partials."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.service_line_entry import LineEntry
from caseapp.extensions import db
from caseapp.forms.service_line import LineForm, LineRemovalForm
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.service_line_list import LineRow, line_list
from caseapp.usecases.service_line_record import ENTITY, LineRequest, open_line, save_line
from caseapp.usecases.service_line_removal import remove_line, what_keeps
from caseapp.web import hx, record_answers
from caseapp.web.actor import current_actor
from caseapp.web.asked import public_id_asked
from caseapp.web.current import current_practice
from caseapp.web.history import history_of
from caseapp.web.record_answers import Sheet

blueprint = Blueprint("service_lines", __name__, url_prefix="/service-lines")
ONE = "/<public_id:line_id>"

COLUMNS = 4


@blueprint.get("")
def index() -> Response:
    after = public_id_asked("after")
    return hx.answer(
        "service_lines/index.html", "service_lines/_page.html", moved=bool(after), **_shown(after)
    )


@blueprint.get(ONE)
def show(line_id: str) -> AnyResponse:
    """One row as it stands, to which Cancel returns; without scripts the list."""
    if not hx.wants_fragment():
        return hx.see_other(url_for(".index"))
    template = "service_lines/_row.html"
    return hx.answer(template, template, row=_row(line_id), focus=True)


@blueprint.get("/new")
def new() -> Response:
    form = LineForm(formdata=None)
    form.open_with(LineEntry())
    return _form(form)


@blueprint.post("")
def create() -> AnyResponse:
    return _save(None)


@blueprint.get(f"{ONE}/edit")
def edit(line_id: str) -> Response:
    opened = open_line(db.session(), line_id)
    form = LineForm(formdata=None)
    form.open_with(opened.values.entry, opened.stored.version)
    return _form(form, line_id)


@blueprint.post(f"{ONE}/edit")
def update(line_id: str) -> AnyResponse:
    return _save(line_id)


@blueprint.get(f"{ONE}/remove")
def ask_removal(line_id: str) -> Response:
    """The question; where something uses the service line, that is told at once."""
    opened = open_line(db.session(), line_id)
    form = LineRemovalForm(formdata=None)
    form.begin(opened.stored.version)
    kept_by = what_keeps(db.session(), opened.stored)
    form.refuse([kept_by] if kept_by else [])
    return _removal(line_id, form)


@blueprint.post(f"{ONE}/remove")
def remove(line_id: str) -> AnyResponse:
    form = LineRemovalForm()
    if form.validate():
        outcome = remove_line(
            db.session(), current_actor(), clock.now(), current_practice(), line_id, form.version_sent
        )
        if not isinstance(outcome, Refused):
            return _saved(outcome)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _removal(line_id, form, 422)


def _save(line_id: str | None) -> AnyResponse:
    form = LineForm()
    if form.validate():
        outcome = save_line(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            LineRequest(
                entry=form.entry(), line=line_id, version=form.version_sent, form_token=form.token_sent
            ),
        )
        if not isinstance(outcome, Refused):
            return _saved(outcome)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    elif line_id:
        open_line(db.session(), line_id)
    return _form(form, line_id, 422)


def _shown(after: str | None = None) -> dict[str, Any]:
    return {
        "found": line_list(db.session(), clock.today(), after),
        "history": history_of(request.args, (ENTITY,)),
        "history_address": url_for("service_lines.index"),
    }


def _row(line_id: str) -> LineRow:
    rows = line_list(db.session(), clock.today(), only=line_id).rows
    return rows[0] if rows else abort(404)


def _saved(outcome: Saved) -> AnyResponse:
    """303 to the list; for htmx all of it anew, with the history and the message out of band."""
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings)
        return hx.see_other(url_for(".index"))
    template = "service_lines/_saved.html"
    return hx.answer(
        template,
        template,
        retarget="#service-lines",
        reswap="outerHTML",
        focused=outcome.public_id,
        said=hx.said(outcome.message, outcome.warnings),
        **_shown(),
    )


def _form(form: LineForm, line_id: str | None = None, status: int = 200) -> Response:
    own = url_for(".show", line_id=line_id) if line_id else ""
    sheet = Sheet(
        form_id="service-line-form",
        title="Edit service line" if line_id else "Add service line",
        save=f"{own}/edit" if line_id else url_for(".create"),
        cancel=url_for(".index"),
        section="service_lines",
        heading="Service lines",
        row=f"service-line-{line_id}" if line_id else None,
        row_address=own,
        columns=COLUMNS,
    )
    return record_answers.form(sheet, form, status=status)


def _removal(line_id: str, form: LineRemovalForm, status: int = 200) -> Response:
    return hx.answer(
        "service_lines/remove.html",
        "service_lines/_removal.html" if form.is_submitted() else "service_lines/_removal_row.html",
        status,
        row=_row(line_id),
        form=form,
        stays=any(finding.code == "in_use" for finding in form.form_findings),
    )

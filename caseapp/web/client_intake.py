"""The intake of a new client: one page, one save, then straight to the case managers."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.client_entry import ClientEntry
from caseapp.extensions import db
from caseapp.forms.client_intake import MOST_LINES, MOST_SOURCES, IntakeForm
from caseapp.usecases.client_intake import IntakeChoices, IntakeRequest, intake_choices, take_in
from caseapp.usecases.outcome import Refused
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.current import current_practice

blueprint = Blueprint("client_intake", __name__)


@blueprint.get("/clients/new")
def new() -> Response:
    form, choices = IntakeForm(formdata=None), intake_choices(db.session())
    form.open_with(ClientEntry(number=choices.free_number))
    return _form(form, choices)


@blueprint.post("/clients/new")
def create() -> AnyResponse:
    form = IntakeForm()
    valid = form.validate()
    if valid and form.only_looks:
        return _form(form)
    if valid:
        outcome = take_in(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            IntakeRequest(
                person=form.entry(),
                service_lines=form.service_lines(),
                funding_sources=form.funding_sources(),
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            hx.flash_message(outcome.message, outcome.warnings)
            return hx.go_to(url_for("case_managers.index", client_id=outcome.public_id))
        form.refuse(outcome.errors)
        form.begin()
    return _form(form, status=422)


def _form(form: IntakeForm, choices: IntakeChoices | None = None, status: int = 200) -> Response:
    choices = choices or intake_choices(db.session())
    grown = "line" if form.another_line.data else "source" if form.another_source.data else ""
    form.offer(choices.lines, choices.payors)
    rows = int(form.lines_shown.data or 1), int(form.sources_shown.data or 1)
    return hx.answer(
        "client_intake/new.html",
        "client_intake/_form.html",
        status,
        form=form,
        opens=not form.is_submitted(),
        grown=grown,
        line_rows=rows[0],
        source_rows=rows[1],
        most_lines=MOST_LINES,
        most_sources=MOST_SOURCES,
        lines_known=bool(choices.lines),
        payors_known=bool(choices.payors),
    )

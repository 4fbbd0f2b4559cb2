"""The list of clinicians and a clinician's page: search, add, edit; as whole pages and as their parts."""

from flask import Blueprint, Response, abort, request, url_for
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import ValidationError

from caseapp import clock
from caseapp.domain.clinician_entry import ClinicianEntry
from caseapp.domain.clinician_hints import is_assistant
from caseapp.extensions import db
from caseapp.forms.base import STALE
from caseapp.forms.clinician import (
    STANDINGS,
    ClinicianForm,
    ClinicianSearch,
    read_search,
    write_place,
)
from caseapp.usecases.clinician_list import clinician_list, service_line_choices
from caseapp.usecases.clinician_page import ClinicianHead, clinician_head
from caseapp.usecases.clinician_record import SaveRequest, save_clinician
from caseapp.usecases.clinician_record_facts import free_number, npi_words, open_clinician
from caseapp.usecases.outcome import Refused
from caseapp.usecases.taxonomy_code import taxonomy_choices
from caseapp.web import clinician_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.current import current_practice

blueprint = Blueprint("clinicians", __name__, url_prefix="/clinicians")

PUBLIC_ID_LENGTH = 20
_TYPED_LENGTH = 200


def clinician_or_404(public_id: str) -> ClinicianHead:
    """The clinician of the address; else the page "not found"."""
    head = clinician_head(db.session(), public_id, clock.today())
    if head is None:
        abort(404)
    return head


@blueprint.get("")
def index() -> Response:
    """The list; the address takes the filters, and never the search text."""
    return _list(read_search(request.args, with_words=False))


@blueprint.post("")
def search() -> Response:
    """The list that the form asks for. Nothing is changed: it is posted so that no name is in an address."""
    sent = read_search(request.form, with_words=True)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _list(sent, refused=True)
    return _list(sent)


def _list(sent: ClinicianSearch, *, refused: bool = False) -> Response:
    session = db.session()
    found = None if refused else clinician_list(session, current_actor(), sent.question, clock.today())
    return hx.answer(
        "clinicians/index.html",
        "clinicians/_results.html",
        422 if refused else 200,
        search=sent,
        found=found,
        refusal=STALE if refused else None,
        standings=STANDINGS,
        service_lines=None if hx.wants_fragment() else service_line_choices(session),
        place=write_place,
        token=generate_csrf,
        address=url_for("clinicians.index"),
        moved=bool(sent.question.after or sent.question.before),
    )


@blueprint.get("/<public_id:clinician_id>")
def show(clinician_id: str) -> Response:
    """The page; `after` in the address goes on in the list of clients."""
    return answers.page(clinician_id, _public_id(request.args.get("after", "")))


@blueprint.get("/new")
def new() -> Response:
    form = ClinicianForm(formdata=None)
    form.open_with(ClinicianEntry(number=free_number(db.session()), may_be_case_manager=True))
    return _form(form)


@blueprint.post("/new")
def create() -> AnyResponse:
    return _save(None)


@blueprint.get("/<public_id:clinician_id>/edit")
def edit(clinician_id: str) -> Response:
    opened = open_clinician(db.session(), clinician_id)
    form = ClinicianForm(formdata=None)
    form.open_with(opened.values.entry, opened.stored.version)
    return _form(form, clinician_or_404(clinician_id))


@blueprint.post("/<public_id:clinician_id>/edit")
def update(clinician_id: str) -> AnyResponse:
    return _save(clinician_id)


def _save(clinician_id: str | None) -> AnyResponse:
    form = ClinicianForm()
    if form.validate():
        outcome = save_clinician(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                entry=form.entry(),
                clinician=clinician_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            return answers.saved(outcome)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _form(form, clinician_or_404(clinician_id) if clinician_id else None, 422)


def _form(form: ClinicianForm, clinician: ClinicianHead | None = None, status: int = 200) -> Response:
    session = db.session()
    form.offer(service_line_choices(session))
    typed = (form.taxonomy_code.data or "")[:_TYPED_LENGTH]
    return answers.form(form, taxonomy_choices(session), clinician, status, typed=typed)


@blueprint.get("/taxonomy-codes")
def taxonomy_codes() -> AnyResponse:
    """The codes that fit what is being typed, where there are too many to hold them all ready."""
    if not hx.wants_fragment():
        return hx.see_other(url_for(".new"))
    template = "clinicians/_taxonomy_codes.html"
    typed = request.args.get("taxonomy_code", "")[:_TYPED_LENGTH]
    return hx.answer(template, template, taxonomy=taxonomy_choices(db.session(), typed))


@blueprint.get("/proposal")
def proposal() -> AnyResponse:
    """Whether somebody with this credential is proposed as case manager; the person decides."""
    if not hx.wants_fragment():
        return hx.see_other(url_for(".new"))
    credential = request.args.get("credential", "")[:_TYPED_LENGTH]
    form = ClinicianForm(formdata=None)
    form.may_be_case_manager.data = not is_assistant(credential)
    template = "clinicians/_may_be.html"
    return hx.answer(template, template, form=form, assistant=is_assistant(credential))


@blueprint.post("/npi")
def check_npi() -> AnyResponse:
    """What there is to say of an NPI while it is typed. It is posted so that it stands in no address."""
    if not hx.wants_fragment():
        return hx.see_other(url_for(".new"))
    template = "clinicians/_npi_hint.html"
    typed = request.form.get("npi", "")[:_TYPED_LENGTH]
    words = npi_words(db.session(), typed, _public_id(request.args.get("clinician", "")) or "")
    return hx.answer(template, template, npi_hint=words)


def _public_id(text: str) -> str | None:
    """What could be the ID of a record; None for anything else."""
    return text if len(text) == PUBLIC_ID_LENGTH and text.isascii() and text.isalnum() else None

"""The payors: list, page, add, edit; and the grid of who is enrolled with whom."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain.payor_entry import TYPE_WORDS, PayorEntry, requirement_words
from caseapp.extensions import db
from caseapp.forms.payor import PayorForm
from caseapp.usecases.enrollment_grid import enrollment_grid
from caseapp.usecases.enrollment_grid_facts import Question
from caseapp.usecases.enrollment_list import of_payor
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.payor_list import payor_list
from caseapp.usecases.payor_record import OpenPayor, SaveRequest, open_payor, save_payor
from caseapp.web import hx, record_answers
from caseapp.web.actor import current_actor
from caseapp.web.asked import code_asked, public_id_asked
from caseapp.web.current import current_practice
from caseapp.web.history import history_of
from caseapp.web.record_answers import Sheet

blueprint = Blueprint("payors", __name__, url_prefix="/payors")


@blueprint.get("")
def index() -> Response:
    after = public_id_asked("after")
    found = payor_list(db.session(), current_actor(), clock.today(), after)
    return hx.answer("payors/index.html", "payors/_list.html", found=found, moved=bool(after))


@blueprint.get("/enrollments")
def grid() -> Response:
    """Clinicians by payors; the filters and places stand in the address, and name nobody."""
    question = Question(
        service_line=code_asked("service_line"),
        payor=code_asked("payor"),
        everybody=request.args.get("standing") == "all",
        after=public_id_asked("after") or "",
        column=public_id_asked("column") or "",
    )
    found = enrollment_grid(db.session(), question, clock.today())
    filters = {
        "service_line": question.service_line or None,
        "payor": question.payor or None,
        "standing": "all" if question.everybody else None,
    }
    return hx.answer(
        "payors/grid.html",
        "payors/_grid.html",
        grid=found,
        question=question,
        filters=filters,
        today=clock.today(),
    )


@blueprint.get("/new")
def new() -> Response:
    form = PayorForm(formdata=None)
    form.open_with(PayorEntry())
    return _form(form, None)


@blueprint.post("")
def create() -> AnyResponse:
    return _save(None)


@blueprint.get("/<public_id:payor_id>")
def show(payor_id: str) -> Response:
    return hx.answer("payors/show.html", "payors/_payor.html", **_shown(open_payor(db.session(), payor_id)))


@blueprint.get("/<public_id:payor_id>/edit")
def edit(payor_id: str) -> Response:
    opened = open_payor(db.session(), payor_id)
    form = PayorForm(formdata=None)
    form.open_with(opened.values.entry, opened.stored.version)
    return _form(form, payor_id)


@blueprint.post("/<public_id:payor_id>/edit")
def update(payor_id: str) -> AnyResponse:
    return _save(payor_id)


def _shown(opened: OpenPayor) -> dict[str, Any]:
    values, session = opened.values, db.session()
    after = public_id_asked("after")
    return {
        "payor": values,
        "payor_id": opened.stored.public_id,
        "type_words": TYPE_WORDS[values.payor.type],
        "requirement": requirement_words(values.payor),
        "enrolled": of_payor(session, opened.stored.id, values.code, values.name, clock.today(), after),
        "moved": bool(after),
        "history": history_of(request.args, ("payor",), subject_id=opened.stored.public_id),
        "history_address": url_for("payors.show", payor_id=opened.stored.public_id),
    }


def _save(payor_id: str | None) -> AnyResponse:
    form = PayorForm()
    if form.validate():
        outcome = save_payor(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                entry=form.entry(),
                payor=payor_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            return _saved(outcome, added=payor_id is None)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    elif payor_id:
        open_payor(db.session(), payor_id)
    return _form(form, payor_id, 422)


def _saved(outcome: Saved, *, added: bool) -> AnyResponse:
    """303 to the payor's page; for htmx the list or the page anew, with the message out of band."""
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings)
        return hx.see_other(url_for("payors.show", payor_id=outcome.public_id))
    said = hx.said(outcome.message, outcome.warnings)
    if added:
        found = payor_list(db.session(), current_actor(), clock.today())
        template = "payors/_added.html"
        return hx.answer(
            template,
            template,
            retarget="#payors",
            reswap="outerHTML",
            found=found,
            focused=outcome.public_id,
            said=said,
        )
    template = "payors/_saved.html"
    shown = _shown(open_payor(db.session(), outcome.public_id))
    return hx.answer(
        template, template, retarget="#payor", reswap="outerHTML", said=said, focus_edit=True, **shown
    )


def _form(form: PayorForm, payor_id: str | None, status: int = 200) -> Response:
    form.offer()
    if payor_id:
        save = url_for("payors.update", payor_id=payor_id)
        cancel = url_for("payors.show", payor_id=payor_id)
    else:
        save, cancel = url_for("payors.create"), url_for("payors.index")
    sheet = Sheet(
        form_id="payor-form",
        title="Edit payor" if payor_id else "Add payor",
        save=save,
        cancel=cancel,
        section="payors",
        heading="Payors",
    )
    return record_answers.form(sheet, form, status=status)

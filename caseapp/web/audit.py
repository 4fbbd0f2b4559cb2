"""All that is on record: the page with its filters, the same as a table, and who saw one client's record."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain import words
from caseapp.domain.access_words import FILTERS
from caseapp.extensions import db
from caseapp.formats.audit_csv import AuditLine, audit_csv
from caseapp.forms.audit import AuditSearch, read_audit_search, write_audit_place
from caseapp.forms.base import STALE
from caseapp.usecases.audit_list import AuditPage, audit_page, audit_pages, people, who_saw
from caseapp.usecases.audit_told import ToldEvent, line_of, told_events
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.clients import client_or_404

blueprint = Blueprint("audit", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What audit/_audit.html draws: (when, event) each, and the place of the button Older, empty for none."""

    rows: list[tuple[str, ToldEvent]]
    older: str
    knows_client: bool


@blueprint.get("/audit")
def index() -> Response:
    """The latest of all. An address filters nothing: it would hold a name or a number."""
    return _answer(read_audit_search({}, current_settings().zone))


@blueprint.post("/audit")
def search() -> Response:
    """What the form asks for. Nothing is changed."""
    asked = read_audit_search(request.form, current_settings().zone)
    return _answer(asked, stale=_is_stale())


@blueprint.post("/audit.csv")
def csv() -> Response:
    """All that the form asks for, not a page of it."""
    asked = read_audit_search(request.form, current_settings().zone)
    stale = _is_stale()
    if stale or asked.problems:
        return _answer(asked, stale=stale)
    response = Response(stream_with_context(audit_csv(_lines(asked))))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _lines(asked: AuditSearch) -> Iterator[AuditLine]:
    zone = current_settings().zone
    for page in audit_pages(db.session(), current_actor(), asked.question):
        for event in told_events(page, zone):
            yield AuditLine(*line_of(event, zone))


@blueprint.get("/audit/clients/<public_id:public_id>")
def viewers(public_id: str) -> str:
    """Who saw one client's record."""
    client = client_or_404(public_id)
    zone, today = current_settings().zone, clock.today()
    rows = [
        (viewer, words.moment(viewer.first, zone, today), words.moment(viewer.last, zone, today))
        for viewer in who_saw(db.session(), client.id)
    ]
    return render_template("audit/viewers.html", client=client, rows=rows, token=generate_csrf)


def _answer(asked: AuditSearch, *, stale: bool = False) -> Response:
    refused = stale or bool(asked.problems)
    page = None if refused else audit_page(db.session(), current_actor(), asked.question)
    return hx.answer(
        "audit/index.html",
        "audit/_audit.html",
        422 if refused else 200,
        asked=asked,
        shown=_shown(page) if page else None,
        stale=STALE if stale else None,
        kinds=FILTERS,
        people=people(db.session()),
        moved=request.method == "POST",
        token=generate_csrf,
    )


def _shown(page: AuditPage) -> Shown:
    zone, today = current_settings().zone, clock.today()
    rows = [(words.moment(event.at, zone, today), event) for event in told_events(page, zone)]
    return Shown(rows, write_audit_place(page.older) if page.older else "", page.knows_client)


def _is_stale() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return True
    return False

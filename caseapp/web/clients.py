"""The client list, and the tabs of a client that only show."""

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

from caseapp import clock
from caseapp.extensions import db
from caseapp.forms.base import STALE
from caseapp.forms.client_search import STATUSES, ClientSearch, read_search, write_place
from caseapp.usecases import client_page, client_profile
from caseapp.usecases.client_list import choices, client_list
from caseapp.usecases.client_page import ClientHead
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.client_tabs import appointment_tab
from caseapp.web.current import current_practice
from caseapp.web.history import history_of
from caseapp.web.menu import errors_are

blueprint = Blueprint("clients", __name__, url_prefix="/clients")

KINDS = ("client", "client_service_line", "funding_source", "case_manager", "appointment")


def client_or_404(public_id: str) -> ClientHead:
    """The client of the address, whom the actor may see; else the page "not found"."""
    head = client_page.client_head(db.session(), current_actor(), public_id, clock.today())
    if head is None:
        abort(404)
    return head


@blueprint.get("")
def index() -> Response:
    """The list; the address takes the filters, and never the search text."""
    return _answer(read_search(request.args, with_words=False))


@blueprint.post("")
def search() -> Response:
    """The list that the form asks for. Nothing is changed: it is posted so that no name is in an address."""
    sent = read_search(request.form, with_words=True)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _answer(sent, refused=True)
    return _answer(sent)


def _answer(sent: ClientSearch, *, refused: bool = False) -> Response:
    session = db.session()
    whole_page = not hx.wants_fragment()
    found = None
    if not refused:
        found = client_list(
            session,
            current_actor(),
            sent.question,
            clock.now(),
            clock.today(),
            current_practice(),
            errors=whole_page,
        )
        if found.errors is not None:
            errors_are(found.errors)
    return hx.answer(
        "clients/index.html",
        "clients/_results.html",
        422 if refused else 200,
        search=sent,
        found=found,
        refusal=STALE if refused else None,
        statuses=STATUSES,
        choices=choices(session) if whole_page else None,
        place=write_place,
        token=generate_csrf,
        address=url_for("clients.index"),
        moved=bool(sent.question.after or sent.question.before),
    )


@blueprint.get("/<public_id:public_id>")
def profile(public_id: str) -> Response:
    client = client_or_404(public_id)
    return hx.answer(
        "clients/profile.html",
        "clients/_profile.html",
        client=client,
        tab="profile",
        profile=client_profile.profile(db.session(), client.id, clock.today()),
    )


@blueprint.get("/<public_id:public_id>/funding")
def funding(public_id: str) -> Response:
    client = client_or_404(public_id)
    return hx.answer(
        "clients/funding.html",
        "clients/_funding.html",
        client=client,
        tab="funding",
        rows=client_profile.funding_rows(db.session(), client.id, clock.today()),
    )


@blueprint.get("/<public_id:public_id>/appointments")
def appointments(public_id: str) -> str:
    """Those to come, then the past ones; `after` and `before` in the address go further."""
    client = client_or_404(public_id)
    shown = appointment_tab(client.id, request.args)
    return render_template(
        "clients/appointments.html", client=client, tab="appointments", shown=shown, token=generate_csrf
    )


@blueprint.get("/<public_id:public_id>/history")
def history(public_id: str) -> str:
    client = client_or_404(public_id)
    return render_template(
        "clients/history.html",
        client=client,
        tab="history",
        history=history_of(request.args, KINDS, client_id=client.id),
        history_address=url_for(".history", public_id=public_id),
    )

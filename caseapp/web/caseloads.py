"""The caseloads of all clinicians, and the list behind each number."""

from typing import Any, cast

from flask import Blueprint, Response, abort, request, url_for

from caseapp import clock
from caseapp.domain import words
from caseapp.extensions import db
from caseapp.forms.clinician import STANDINGS
from caseapp.usecases.caseload_cases import Kind, cases
from caseapp.usecases.caseload_list import caseload_list, enrollments_ending
from caseapp.usecases.clinician_list import service_line_choices
from caseapp.usecases.clinician_page import ClinicianHead
from caseapp.usecases.visibility import sees_caseload
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.asked import public_id_asked
from caseapp.web.caseload_page import SORT_WORDS, case_words, draw, read_question
from caseapp.web.clinicians import clinician_or_404
from caseapp.web.current import current_practice

blueprint = Blueprint("caseloads", __name__, url_prefix="/caseloads")

OF_CLINICIAN = "/<public_id:clinician_id>"
TITLES = {
    "clients": "Clients of {}",
    "interim": "Cases that {} holds as an interim",
    "held": "Cases that others hold for {}",
}


@blueprint.get("")
def index() -> Response:
    session, today = db.session(), clock.today()
    question = read_question(request.args, today)
    found = caseload_list(session, current_actor(), question, today, current_practice())
    service_lines = service_line_choices(session)
    return hx.answer(
        "caseloads/index.html",
        "caseloads/_results.html",
        shown=draw(found, question, dict(service_lines), today),
        question=question,
        address=url_for(".index"),
        service_lines=service_lines,
        standings=STANDINGS,
        sorts=SORT_WORDS,
        moved=bool(question.after),
    )


@blueprint.get(f"{OF_CLINICIAN}/<any(clients, interim, held):kind>")
def behind(clinician_id: str, kind: str) -> Response:
    """Exactly the clients or cases that a number counts, by the clients' names."""
    clinician, today = _clinician_or_404(clinician_id), clock.today()
    kind_of_case = cast(Kind, kind)
    found = cases(
        db.session(), current_actor(), clinician.id, kind_of_case, today, public_id_asked("after") or ""
    )
    rows: list[Any] = [
        (one.client, one.name, one.number, [case_words(case, kind_of_case, today) for case in one.cases])
        for one in found.clients
    ]
    here = url_for(".behind", clinician_id=clinician_id, kind=kind)
    return _list(
        clinician_id,
        title=TITLES[kind].format(clinician.name),
        rows=rows,
        next=f"{here}?after={found.next}" if found.next else "",
        beginning=here if "after" in request.args else "",
    )


@blueprint.get(f"{OF_CLINICIAN}/enrollments")
def enrollments(clinician_id: str) -> Response:
    """The enrollments that end soon."""
    clinician, today = _clinician_or_404(clinician_id), clock.today()
    ending = enrollments_ending(db.session(), clinician.id, today)
    return _list(
        clinician_id,
        title=f"Enrollments of {clinician.name} that end soon",
        ending=[(payor, words.short_day(last_day, today)) for last_day, payor in ending],
    )


def _clinician_or_404(clinician_id: str) -> ClinicianHead:
    """The clinician, if their caseload is for who asks."""
    clinician = clinician_or_404(clinician_id)
    return clinician if sees_caseload(current_actor(), clinician.id) else abort(404)


def _list(clinician_id: str, **context: Any) -> Response:
    return hx.answer(
        "caseloads/behind.html", "caseloads/_behind_dialog.html", clinician_id=clinician_id, **context
    )

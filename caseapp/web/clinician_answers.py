"""How a clinician's page answers: as a whole, as the part that htmx swaps, and its form."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain import words
from caseapp.domain.hand_over_entry import LEAVING
from caseapp.extensions import db
from caseapp.forms.clinician import ClinicianForm
from caseapp.usecases.clinician_page import ClinicianHead, ClinicianPage, clinician_page
from caseapp.usecases.clinician_record_facts import NPI_HINT
from caseapp.usecases.outcome import Saved
from caseapp.usecases.taxonomy_code import TaxonomyChoices
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.addresses import address_of
from caseapp.web.current import current_practice
from caseapp.web.enrollments import enrollments_of
from caseapp.web.history import clinician_history

SHOWN = 25
"""How many service lines to hand over the page draws at first."""


def page(clinician_id: str, after: str | None = None) -> Response:
    # As a part of the page it is what Cancel returns to, and the focus goes where it came from.
    return hx.answer(
        "clinicians/show.html",
        "clinicians/_clinician.html",
        focus_facts=hx.wants_fragment(),
        **_context(clinician_id, after),
    )


def _context(clinician_id: str, after: str | None = None) -> dict[str, Any]:
    practice, today = current_practice(), clock.today()
    shown = clinician_page(db.session(), current_actor(), clinician_id, clock.now(), practice, after)
    address = url_for("clinicians.show", clinician_id=clinician_id)
    return {
        "clinician": shown.head,
        "shown": shown,
        "address": address,
        "handing_over": _handing_over(shown),
        "hand_over_address": _hand_over_address(shown),
        "enrollments": enrollments_of(clinician_id),
        "history": clinician_history(clinician_id),
        "history_address": address,
        "today": today,
    }


def _handing_over(shown: ClinicianPage) -> list[dict[str, str]]:
    """The first lines that a last day leaves uncovered, or all, with the form that names the successor."""
    zone, today = current_practice().zone, clock.today()
    lines = shown.leaving.lines if shown.leaving else ()
    if request.args.get("leaving") != "all":
        lines = lines[:SHOWN]
    return [
        {
            "client": line.client_name,
            "tab": address_of("case_managers.index", client_id=line.client),
            "service_line": line.service_line,
            "since": words.short_day(line.since, today),
            "next_session": words.moment(line.next_session, zone, today) if line.next_session else "",
            "successor": address_of(
                "case_managers.new",
                client_id=line.client,
                service_line=line.service_line,
                start_date=line.since.isoformat(),
            ),
        }
        for line in lines
    ]


def _hand_over_address(shown: ClinicianPage) -> str:
    """The hand-over from the last day on; empty where that is past, or leaves nothing to hand over."""
    last_day = shown.values.active_to
    if last_day is None or last_day < shown.today or not shown.leaving or not shown.leaving.lines:
        return ""
    return url_for(
        "hand_over.index",
        clinician=shown.head.public_id,
        kind=LEAVING,
        last_day=last_day.isoformat(),
    )


def form(
    drawn: ClinicianForm,
    taxonomy: TaxonomyChoices,
    clinician: ClinicianHead | None,
    status: int = 200,
    *,
    typed: str,
) -> Response:
    """The form on a page of its own, or in the place of the facts; refused, the form alone comes back."""
    opens = not drawn.is_submitted()
    return hx.answer(
        "clinicians/edit.html" if clinician else "clinicians/new.html",
        "clinicians/_form_card.html" if opens else "clinicians/_form.html",
        status,
        form=drawn,
        clinician=clinician,
        opens=opens,
        taxonomy=taxonomy,
        taxonomy_name=dict(taxonomy.codes).get(typed.strip().upper(), ""),
        npi_hint=NPI_HINT,
    )


def saved(outcome: Saved) -> AnyResponse:
    """303 to the clinician's page; for htmx its content anew, with the message out of band."""
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings)
        return hx.see_other(url_for("clinicians.show", clinician_id=outcome.public_id))
    template = "clinicians/_saved.html"
    return hx.answer(
        template,
        template,
        retarget="#clinician",
        reswap="outerHTML",
        said=hx.said(outcome.message, outcome.warnings),
        focus_facts=True,
        **_context(outcome.public_id),
    )

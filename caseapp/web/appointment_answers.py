"""How appointments answer: each thing as a whole page, and as the partial that htmx swaps."""

from collections.abc import Iterable
from typing import Any

from flask import Response, abort, make_response, render_template, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from caseapp.domain.finding import Finding
from caseapp.forms.appointment import AppointmentForm
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.outcome import Saved
from caseapp.web import hx, record_answers
from caseapp.web.client_tabs import VisitRow, appointment_row, appointment_tab
from caseapp.web.clients import client_or_404
from caseapp.web.record_answers import Sheet

COLUMNS = 6


def address(client_id: str) -> str:
    """The tab Appointments of the client with this public ID."""
    return url_for("clients.appointments", public_id=client_id)


def row_or_404(client: ClientHead, appointment_id: str) -> VisitRow:
    """The row of the address; else the page "not found"."""
    drawn = appointment_row(client.id, appointment_id)
    return drawn if drawn is not None else abort(404)


def row(client: ClientHead, drawn: VisitRow) -> Response:
    """One row as it stands, with the focus on its menu: Cancel came from there."""
    template = "appointments/_row.html"
    return hx.answer(template, template, client=client, row=drawn, focus=True)


def form(
    client: ClientHead, drawn: AppointmentForm, appointment: str | None = None, status: int = 200
) -> Response:
    """The form: adding opens a dialog, editing takes the row's place; refused, the form alone comes back."""
    if appointment is None:
        save, row_address = url_for("appointments.create", client_id=client.public_id), ""
    else:
        of: dict[str, Any] = {"client_id": client.public_id, "appointment_id": appointment}
        save, row_address = url_for("appointments.update", **of), url_for("appointments.show", **of)
    sheet = Sheet(
        form_id="appointment-form",
        title="Edit appointment" if appointment else "Add appointment",
        save=save,
        cancel=address(client.public_id),
        about=client.name,
        row=f"appointment-{appointment}" if appointment else None,
        row_address=row_address,
        columns=COLUMNS,
    )
    return record_answers.form(sheet, drawn, client=client, tab="appointments", status=status)


def saved(client_id: str, outcome: Saved, service_line: str, *, moved: bool = False) -> AnyResponse:
    """303 to the tab; for htmx the row where it stands, or the tab anew where it may stand elsewhere."""
    link = _mending(client_id, service_line, {warning.code for warning in outcome.warnings})
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings, link=link)
        return hx.see_other(address(client_id))
    client = client_or_404(client_id)
    said = hx.said(outcome.message, outcome.warnings, link=link)
    if not moved:
        return _row_anew(client, row_or_404(client, outcome.public_id), said)
    template = "appointments/_tab_anew.html"
    return hx.answer(
        template,
        template,
        retarget="#appointments",
        reswap="outerHTML",
        client=client,
        shown=appointment_tab(client.id, {}),
        token=generate_csrf,
        focused=f"appointment-{outcome.public_id}",
        said=said,
    )


def _mending(client_id: str, line: str, codes: set[str]) -> tuple[str, str] | None:
    """Where the first of the gaps is mended in which the session stands: (address, words)."""
    of: dict[str, Any] = {"client_id": client_id}
    if "service_line_not_open" in codes:
        return url_for("client_service_lines.new", **of, service_line=line), f"Open {line}"
    if "no_case_manager" in codes:
        return url_for("case_managers.new", **of, service_line=line), f"Assign {line} case manager"
    if "no_primary_payor" in codes:
        return url_for("funding_sources.new", **of, priority="primary"), "Add primary payor"
    if codes & {"not_enrolled", "npi_missing", "clinician_inactive", "starts_too_late"}:
        return url_for("case_managers.index", **of), "See the case managers"
    return None


def refused(client_id: str, appointment_id: str, findings: Iterable[Finding]) -> Response:
    """Nothing was changed by a button of the menu: the row as it stands, and why."""
    client = client_or_404(client_id)
    drawn = row_or_404(client, appointment_id)
    if hx.wants_fragment():
        return _row_anew(client, drawn, hx.said("", findings), 422)
    hx.flash_message("", findings)
    page = render_template(
        "clients/appointments.html",
        client=client,
        tab="appointments",
        shown=appointment_tab(client.id, {}),
        token=generate_csrf,
    )
    response = make_response(page, 422)
    response.headers["Vary"] = hx.VARY
    return response


def _row_anew(client: ClientHead, drawn: VisitRow, said: dict[str, Any], status: int = 200) -> Response:
    template = "appointments/_saved.html"
    return hx.answer(
        template,
        template,
        status,
        retarget=f"#{drawn.key}",
        reswap="outerHTML",
        client=client,
        row=drawn,
        said=said,
        focus=True,
    )

"""The address of the form that mends a coverage gap: for banners, lists and whatever links to one."""

from datetime import date
from typing import Any

from flask import Flask, url_for

from caseapp.domain.coverage_mending import Correction, Form


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(mending_address=mending_address, correction_address=correction_address)


def mending_address(client_id: str, form: Form, clinician: str = "", *, suggests: bool = False) -> str:
    """Where the form opens, filled as far as can be; `clinician` is the number of whom the gap is about.

    With `suggests` the best candidate is to be filled in as well, where it asks for one.
    """
    if form.opens == "funding_source":
        start = _day(form.start)
        return url_for("funding_sources.new", client_id=client_id, priority="primary", start_date=start)
    if form.hands_over_on is not None:
        return url_for(
            "case_managers.edit",
            client_id=client_id,
            case_manager_id=form.case_manager,
            clinician=clinician,
            for_clinician="",
            change_kind="from_date",
            change_date=_day(form.hands_over_on),
        )
    if form.case_manager:
        return url_for("case_managers.edit", client_id=client_id, case_manager_id=form.case_manager)
    proposed: dict[str, Any] = {"client_id": client_id, "service_line": form.service_line}
    if form.opens == "appointment":
        return url_for("appointments.new", **proposed, clinician=clinician or None)
    proposed["start_date"] = _day(form.start)
    if form.opens == "service_line":
        return url_for("client_service_lines.new", **proposed)
    return url_for("case_managers.new", **proposed, suggest="1" if suggests and form.suggests else None)


def correction_address(correction: Correction) -> str:
    if correction.payor:
        return url_for("enrollments.new", clinician_id=correction.clinician, payor=correction.payor)
    return url_for("clinicians.edit", clinician_id=correction.clinician)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""The address of the form that mends a coverage gap: for banners, lists and whatever links to one.

A list of fifty asks for the same few addresses with other IDs in them: each is put together once.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for

from caseapp.domain.coverage_mending import Correction, Form
from caseapp.web.addresses import address_of
from caseapp.web.case_manager_addresses import FRAMED, is_framed

_ID, _OTHER_ID = "0" * 20, "1" * 20
"""Stand in an address for the IDs that are put in."""


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(mending_address=mending_address, correction_address=correction_address)


def mending_address(client_id: str, form: Form, clinician: str = "", *, suggests: bool = False) -> str:
    """Where the form opens, filled as far as can be; `clinician` is the number of whom the gap is about.

    With `suggests` the best candidate is to be filled in as well, where it asks for one.
    """
    blueprint = FRAMED if is_framed() else "case_managers"
    address = _of_form(request.script_root, blueprint, form, clinician, suggests)
    return address.replace(_ID, client_id, 1)


@lru_cache(maxsize=2_000)
def _of_form(_root: str, blueprint: str, form: Form, clinician: str, suggests: bool) -> str:
    """The address with _ID in the place of the client."""
    if form.case_manager:
        handing_over: dict[str, Any] = {}
        if form.hands_over_on is not None:
            handing_over = {
                "clinician": clinician,
                "for_clinician": "",
                "change_kind": "from_date",
                "change_date": _day(form.hands_over_on),
            }
        address = url_for(f"{blueprint}.edit", client_id=_ID, case_manager_id=_OTHER_ID, **handing_over)
        return address.replace(_OTHER_ID, form.case_manager, 1)
    start = _day(form.start)
    if form.opens == "funding_source":
        return url_for("funding_sources.new", client_id=_ID, priority="primary", start_date=start)
    if form.opens == "appointment":
        return url_for(
            "appointments.new", client_id=_ID, service_line=form.service_line, clinician=clinician or None
        )
    if form.opens == "service_line":
        return url_for(
            "client_service_lines.new", client_id=_ID, service_line=form.service_line, start_date=start
        )
    return url_for(
        f"{blueprint}.new",
        client_id=_ID,
        service_line=form.service_line,
        start_date=start,
        suggest="1" if suggests and form.suggests else None,
    )


def correction_address(correction: Correction) -> str:
    if correction.payor:
        return address_of("enrollments.new", clinician_id=correction.clinician, payor=correction.payor)
    return address_of("clinicians.edit", clinician_id=correction.clinician)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

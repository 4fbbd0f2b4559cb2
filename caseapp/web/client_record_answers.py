"""How the tabs Profile and Funding source answer: whole, as the part that htmx swaps, and after a save."""

from typing import Any

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.extensions import db
from caseapp.forms.strict import StrictForm
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.client_profile import FundingRow, Profile, ServiceLineRow, funding_rows, profile
from caseapp.usecases.outcome import Saved
from caseapp.web import hx, record_answers
from caseapp.web.record_answers import Sheet

LINE_COLUMNS = 5
FUNDING_COLUMNS = 7
REMOVAL = "To remove is for what was entered in error. It leaves the screens and stays in History."


def profile_address(client: ClientHead) -> str:
    return url_for("clients.profile", public_id=client.public_id)


def funding_address(client: ClientHead) -> str:
    return url_for("clients.funding", public_id=client.public_id)


def profile_of(client: ClientHead) -> Profile:
    return profile(db.session(), client.id, clock.today())


def funding_of(client: ClientHead) -> tuple[FundingRow, ...]:
    return funding_rows(db.session(), client.id, clock.today())


def line_row(client: ClientHead, row: ServiceLineRow) -> Response:
    """One row as it stands, with the focus on its menu: Cancel came from there."""
    template = "client_service_lines/_row.html"
    return hx.answer(template, template, client=client, row=row, focus=True)


def funding_row(client: ClientHead, row: FundingRow) -> Response:
    template = "funding_sources/_row.html"
    return hx.answer(template, template, client=client, row=row, focus=True)


def form(
    client: ClientHead,
    drawn: StrictForm,
    *,
    title: str,
    save: str,
    tab: str = "profile",
    row: ServiceLineRow | FundingRow | None = None,
    row_address: str = "",
    status: int = 200,
    **more: Any,
) -> Response:
    """A form of one of the two tabs: a dialog or a page, and in the place of `row` where there is one."""
    address = funding_address(client) if tab == "funding" else profile_address(client)
    sheet = Sheet(
        form_id="record-form",
        title=title,
        save=save,
        cancel=address,
        about=client.name,
        row=row.key if row else None,
        row_address=row_address,
        columns=FUNDING_COLUMNS if tab == "funding" else LINE_COLUMNS,
        **more,
    )
    return record_answers.form(sheet, drawn, client=client, tab=tab, status=status)


def profile_saved(client: ClientHead, outcome: Saved, focused: str) -> AnyResponse:
    """303 to the tab; for htmx its content anew, with the client's heading and the message out of band.

    `focused` is the id of what takes the focus: a row's key, or an element of the tab.
    """
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings)
        return hx.see_other(profile_address(client))
    template = "clients/_profile_saved.html"
    return hx.answer(
        template,
        template,
        retarget="#profile",
        reswap="outerHTML",
        client=client,
        profile=profile_of(client),
        said=hx.said(outcome.message, outcome.warnings),
        focused=focused,
    )


def funding_saved(
    client: ClientHead, outcome: Saved, focused: str, link: tuple[str, str] | None = None
) -> AnyResponse:
    """The same for the tab Funding source; `link` leads on from the message."""
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings, link=link)
        return hx.see_other(funding_address(client))
    template = "clients/_funding_saved.html"
    return hx.answer(
        template,
        template,
        retarget="#funding",
        reswap="outerHTML",
        client=client,
        rows=funding_of(client),
        said=hx.said(outcome.message, outcome.warnings, link=link),
        focused=focused,
    )

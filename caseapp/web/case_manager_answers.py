"""How the Clinical tab answers: each thing as a whole page, and as the row partial that htmx swaps."""

from typing import Any

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain import words
from caseapp.extensions import db
from caseapp.forms.case_manager import CaseManagerForm, RemovalForm
from caseapp.usecases.case_manager import Saved
from caseapp.usecases.case_manager_form import Offers
from caseapp.usecases.case_manager_removal import Removal
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.clinical_tab import ClinicalTab, Row, clinical_tab
from caseapp.web import hx
from caseapp.web.case_manager_addresses import case_managers_at
from caseapp.web.clients import client_or_404
from caseapp.web.current import current_practice
from caseapp.web.timeline_picture import picture

TAB: dict[str, Any] = {"tab": "clinical"}


def _address(client: ClientHead) -> str:
    return case_managers_at("index", client_id=client.public_id)


def tab(client: ClientHead, clinical: ClinicalTab) -> Response:
    page = "case_managers/index.html"
    return hx.answer(page, "case_managers/_tab.html", client=client, **_drawn(clinical), **TAB)


def _drawn(clinical: ClinicalTab) -> dict[str, Any]:
    return {"clinical": clinical, "picture": picture(clinical.timeline, clock.today())}


def row(client: ClientHead, drawn: Row) -> Response:
    """One row as it stands, with the focus on its menu: Cancel came from there."""
    template = "case_managers/_row.html"
    return hx.answer(template, template, client=client, row=drawn, focus=True)


def form(
    client: ClientHead,
    drawn: CaseManagerForm,
    offers: Offers,
    case_manager: str | None = None,
    status: int = 200,
) -> Response:
    """The form: adding opens a dialog, editing takes the row's place; refused, the form alone comes back."""
    opens = not drawn.is_submitted()
    fragment = "_form" if not opens else "_dialog" if case_manager is None else "_form_row"
    page = "case_managers/new.html" if case_manager is None else "case_managers/edit.html"
    return hx.answer(
        page,
        f"case_managers/{fragment}.html",
        status,
        client=client,
        form=drawn,
        offers=offers,
        first_appointment=offers.first_appointment,
        case_manager=case_manager,
        opens=opens,
        **TAB,
    )


def saved(client_id: str, outcome: Saved, *, edited: str | None) -> AnyResponse:
    """303 to the tab; for htmx the new or changed row, with banners and message out of band."""
    if not hx.wants_fragment():
        hx.flash_message(outcome.message, outcome.warnings)
        return hx.see_other(case_managers_at("index", client_id=client_id))
    client = client_or_404(client_id)
    clinical = _fresh(client)
    drawn = clinical.row(outcome.case_manager)
    said = hx.said(outcome.message, outcome.warnings)
    if outcome.again or drawn is None:
        # Which rows the page shows by now depends on whether the first answer reached it.
        template = "case_managers/_tab_anew.html"
        return hx.answer(
            template,
            template,
            retarget="#clinical",
            reswap="outerHTML",
            client=client,
            **_drawn(clinical),
            said=said,
            focused=drawn.key if drawn else "",
        )
    target, swap, gone = f"#{drawn.key}", "outerHTML", set(outcome.covered)
    followed = edited is not None and outcome.ended == edited
    if followed:
        target = f"#case-manager-{edited}"
    elif edited is None:
        target, swap = _before_what_follows(clinical, drawn), "beforebegin"
    ended = clinical.row(outcome.ended) if outcome.ended else None
    below = [ended] if followed and ended else []
    template = "case_managers/_saved.html"
    return hx.answer(
        template,
        template,
        retarget=target,
        reswap=swap,
        client=client,
        **_drawn(clinical),
        row=drawn,
        ended=None if followed else ended,
        below=[*below, *_bare_rows(clinical, outcome.uncovered)],
        gone=sorted(gone),
        said=said,
        focus=True,
    )


def _fresh(client: ClientHead) -> ClinicalTab:
    return clinical_tab(db.session(), client, clock.today())


def _bare_rows(clinical: ClinicalTab, lines: frozenset[str]) -> list[Row]:
    rows = (clinical.row_of_line(line) for line in sorted(lines))
    return [row for row in rows if row is not None]


def _before_what_follows(clinical: ClinicalTab, drawn: Row) -> str:
    """Where a new row goes: before the first row behind it that the page knows.

    It may not know those that another window added since; the mark at the end of the rows it always has.
    """
    behind = [row.key for row in clinical.rows[clinical.rows.index(drawn) + 1 :]]
    return f":is({', '.join(f'#{key}' for key in [*behind, 'case-manager-rows-end'])})"


def confirmation(client: ClientHead, drawn: RemovalForm, plan: Removal, status: int = 200) -> Response:
    """The question before a removal, with what it leaves uncovered."""
    practice, today = current_practice(), clock.today()
    first = plan.coming[0] if plan.coming else None
    drawn.reason.flags.required = plan.needs_reason
    return hx.answer(
        "case_managers/remove.html",
        "case_managers/_removal_row.html",
        status,
        client=client,
        form=drawn,
        plan=plan,
        case_manager=plan.case_manager.id,
        name=plan.case_manager.clinician.name,
        since=words.day(plan.case_manager.start),
        past=words.count(len(plan.past), "past session") if plan.past else "",
        coming=words.count(len(plan.coming), "coming session") if plan.coming else "",
        first_coming=words.moment(first.starts_at, practice.zone, today) if first else "",
        last_covered=words.day(plan.last_covered) if plan.last_covered else "",
        **TAB,
    )


def removed(client: ClientHead, plan: Removal) -> AnyResponse:
    """303 to the tab; for htmx the row goes, and the line that nobody covers any more takes its place."""
    cm = plan.case_manager
    since = words.day(cm.start)
    text = f"Removed: {cm.clinician.name}, {cm.service_line}, from {since}. It stays in History."
    if not hx.wants_fragment():
        hx.flash_message(text)
        return hx.see_other(_address(client))
    clinical = _fresh(client)
    bare = clinical.row_of_line(cm.service_line) if cm.holds(clock.today()) else None
    return _removed_fragment(client, clinical, cm.id, bare, text)


def gone(client: ClientHead, case_manager: str) -> AnyResponse:
    """It had been removed already: the same answer, nothing written."""
    text = "This case manager has been removed. It stays in History."
    if not hx.wants_fragment():
        hx.flash_message(text)
        return hx.see_other(_address(client))
    return _removed_fragment(client, _fresh(client), case_manager, None, text)


def _removed_fragment(
    client: ClientHead, clinical: ClinicalTab, case_manager: str, bare: Row | None, text: str
) -> Response:
    template = "case_managers/_removed.html"
    return hx.answer(
        template,
        template,
        retarget=f"#case-manager-{case_manager}",
        reswap="outerHTML" if bare else "delete",
        client=client,
        **_drawn(clinical),
        row=bare,
        said=hx.said(text),
    )

"""A client's funding sources: add, edit, remove; and who must change after a change of payor."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.domain import words
from caseapp.domain.client_service_line_entry import span_words
from caseapp.domain.funding_source_entry import FundingEntry, end_current_words, judge_funding_source
from caseapp.extensions import db
from caseapp.forms.client import ReasonForm
from caseapp.forms.funding_source import DRAWN, FundingSourceForm
from caseapp.usecases.client_page import ClientHead
from caseapp.usecases.client_profile import FundingRow
from caseapp.usecases.client_record_facts import ClientRecord, load_record
from caseapp.usecases.client_removal import gone, was_removed
from caseapp.usecases.coverage_impact import CauseOf, impacts
from caseapp.usecases.funding_source import (
    ENTITY,
    FundingSaved,
    SaveRequest,
    remove_funding_source,
    save_funding_source,
)
from caseapp.usecases.outcome import Refused
from caseapp.usecases.payor_change import payor_change
from caseapp.web import client_record_answers as answers
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.addresses import address_of
from caseapp.web.clients import client_or_404
from caseapp.web.current import current_practice

blueprint = Blueprint("funding_sources", __name__)
OF_CLIENT = "/clients/<public_id:client_id>/funding-sources"
ONE = f"{OF_CLIENT}/<public_id:source_id>"
HEADING = "funding-heading"


@blueprint.get("/clients/<public_id:client_id>/payor-change")
def who_must_change(client_id: str) -> Response:
    """Each line whose case manager is not enrolled with a primary payor, with the forms that mend it."""
    client, today = client_or_404(client_id), clock.today()
    session, actor = db.session(), current_actor()
    lines = payor_change(session, client, today)
    causes = [CauseOf("enrollment", line.case_manager.clinician.id, line.payor.code) for line in lines]
    hits = impacts(session, actor, causes)
    rows = [
        {
            "service_line": line.service_line,
            "payor": line.payor.name,
            "day": words.short_day(line.day, today),
            "message": line.message,
            "successor": address_of(
                "case_managers.new",
                client_id=client_id,
                service_line=line.service_line,
                start_date=line.day.isoformat(),
            ),
            "enrollment": address_of(
                "enrollments.new",
                clinician_id=line.case_manager.clinician.id,
                payor=line.payor.code,
            ),
            "clinician": line.case_manager.clinician.name,
            "hits": hits[cause].words if cause in hits else "",
        }
        for line, cause in zip(lines, causes, strict=True)
    ]
    return hx.answer(
        "funding_sources/payor_change.html",
        "funding_sources/_payor_change.html",
        client=client,
        tab="funding",
        rows=rows,
    )


@blueprint.get(f"{OF_CLIENT}/new")
def new(client_id: str) -> Response:
    """The empty form, or with what the address proposes."""
    form = FundingSourceForm(formdata=None)
    form.open_with(_proposed(FundingEntry()))
    return _form(client_id, form)


@blueprint.post(OF_CLIENT)
def create(client_id: str) -> AnyResponse:
    return _save(client_id)


@blueprint.get(ONE)
def show(client_id: str, source_id: str) -> Any:
    """One row as it stands, to which Cancel returns; without scripts the tab."""
    client = client_or_404(client_id)
    row = _row(client, source_id) or abort(404)
    if not hx.wants_fragment():
        return hx.see_other(answers.funding_address(client))
    return answers.funding_row(client, row)


@blueprint.get(f"{ONE}/edit")
def edit(client_id: str, source_id: str) -> Response:
    record = load_record(db.session(), current_actor(), client_id)
    stored = record.funding_sources.get(source_id) or abort(404)
    form = FundingSourceForm(formdata=None)
    form.open_with(_proposed(stored.values.entry), stored.stored.version)
    return _form(client_id, form, source_id, record=record)


@blueprint.post(f"{ONE}/edit")
def update(client_id: str, source_id: str) -> AnyResponse:
    return _save(client_id, source_id)


@blueprint.get(f"{ONE}/remove")
def ask_removal(client_id: str, source_id: str) -> AnyResponse:
    client = client_or_404(client_id)
    row = _row(client, source_id)
    if row is None:
        outcome = gone(db.session(), client.id, ENTITY, source_id)
        return answers.funding_saved(client, outcome, HEADING)
    form = ReasonForm(formdata=None)
    form.begin(row.version)
    return _removal(client, row, form)


@blueprint.post(f"{ONE}/remove")
def remove(client_id: str, source_id: str) -> AnyResponse:
    form = ReasonForm()
    client = client_or_404(client_id)
    if form.validate():
        outcome = remove_funding_source(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            client_id,
            source_id,
            version=form.version_sent,
            reason=form.reason.data or "",
        )
        if not isinstance(outcome, Refused):
            return answers.funding_saved(client_or_404(client_id), outcome, HEADING)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    row = _row(client, source_id) or abort(404)
    return _removal(client, row, form, 422)


def _row(client: ClientHead, source_id: str) -> FundingRow | None:
    return next((row for row in answers.funding_of(client) if row.public_id == source_id), None)


def _proposed(entry: FundingEntry) -> FundingEntry:
    """The entry with what the address proposes; nothing in it names a person."""
    given = {name: getattr(entry, name) for name in DRAWN}
    return FundingEntry(**given | {name: request.args[name][:40] for name in DRAWN if name in request.args})


def _save(client_id: str, source_id: str | None = None) -> AnyResponse:
    form = FundingSourceForm()
    if form.validate():
        outcome = save_funding_source(
            db.session(),
            current_actor(),
            clock.now(),
            current_practice(),
            SaveRequest(
                client=client_id,
                entry=form.entry(),
                funding_source=source_id,
                version=form.version_sent,
                form_token=form.token_sent,
            ),
        )
        if not isinstance(outcome, Refused):
            link = None
            if isinstance(outcome, FundingSaved) and outcome.primary:
                link = (url_for(".who_must_change", client_id=client_id), "Who must change?")
            focused = f"funding-source-{outcome.public_id}"
            return answers.funding_saved(client_or_404(client_id), outcome, focused, link)
        form.refuse(outcome.errors)
        form.begin(outcome.version)
    return _form(client_id, form, source_id, status=422)


def _form(
    client_id: str,
    form: FundingSourceForm,
    source_id: str | None = None,
    *,
    record: ClientRecord | None = None,
    status: int = 200,
) -> Response:
    record = record or load_record(db.session(), current_actor(), client_id)
    client = client_or_404(client_id)
    row = _row(client, source_id) if source_id else None
    # What was typed into the form of one that was removed meanwhile is not thrown away.
    if source_id and row is None and not was_removed(db.session(), client.id, ENTITY, source_id):
        abort(404)
    form.offer(record.payors, _end_current(record, form, source_id))
    of: dict[str, Any] = {"client_id": client_id, "source_id": source_id}
    return answers.form(
        client,
        form,
        title="Edit funding source" if source_id else "Add funding source",
        save=url_for(".update", **of) if source_id else url_for(".create", client_id=client_id),
        tab="funding",
        row=row,
        row_address=url_for(".show", **of) if source_id else "",
        status=status,
        missing="" if record.payors else "payor",
    )


def _end_current(record: ClientRecord, form: FundingSourceForm, source_id: str | None) -> str:
    """The words of the offer to end the primary in the way, empty where there is none."""
    judged = judge_funding_source(form.entry(), record.payors, record.other_sources(source_id))
    if judged.current is None or judged.current_ends is None:
        return ""
    return end_current_words(record.payors[judged.current.payor], judged.current_ends)


def _removal(client: ClientHead, row: FundingRow, form: ReasonForm, status: int = 200) -> Response:
    of: dict[str, Any] = {"client_id": client.public_id, "source_id": row.public_id}
    return answers.form(
        client,
        form,
        title=f"Remove {row.payor}, {row.priority}, {span_words(row)}?",
        save=url_for(".remove", **of),
        save_words="Remove",
        danger=True,
        intro=(answers.REMOVAL, "If the payor paid and no longer does, end it instead: Edit, End date."),
        tab="funding",
        row=row,
        row_address=url_for(".show", **of),
        status=status,
    )

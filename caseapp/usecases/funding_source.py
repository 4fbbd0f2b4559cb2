"""Add, edit and remove a client's funding sources; a primary in the way can end the day before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.client_service_line_entry import span_words
from caseapp.domain.dates import day_of
from caseapp.domain.funding_source_entry import (
    FundingEntry,
    FundingJudgement,
    FundingValues,
    judge_funding_source,
)
from caseapp.domain.practice import Practice
from caseapp.models import FundingSource, begin_write
from caseapp.usecases import audit
from caseapp.usecases.client_record_facts import ClientRecord, OpenFunding, load_record, paid_by
from caseapp.usecases.client_removal import gone, record_removal, refuse_removed
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, asked_again

ENTITY = "funding_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save; `funding_source` is the public ID that an edit changes (None adds)."""

    client: str
    entry: FundingEntry
    funding_source: str | None = None
    version: int | None = None
    form_token: str | None = None


@dataclass(frozen=True, slots=True)
class FundingSaved(Saved):
    """`primary` tells that the primary payor of some day is another one by it."""

    primary: bool = False


def save_funding_source(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord. The same again writes nothing.

    Where another was faster and the database refuses a second primary, the rules are asked again and tell it.
    """
    return asked_again(session, lambda: _save(session, actor, now, practice, request))


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    begin_write(session)
    record = load_record(session, actor, request.client, form_token=request.form_token, lock=True)
    before = record.funding_sources.get(request.funding_source or "")
    version = before.stored.version if before else None
    own = request.funding_source or (record.done.public_id if record.done else None)
    judged = judge_funding_source(request.entry, record.payors, record.other_sources(own))
    if record.done:
        session.rollback()
        told = judged.values.told if judged.values else {}
        if judged.values and record.done.is_of(record.id, ENTITY, request.funding_source, told):
            return FundingSaved(
                record.done.public_id, _message(record, judged, ended=False), (), _primary(judged, before)
            )
        return Refused((saved_before(),), version)
    if request.funding_source and before is None:
        return refuse_removed(session, practice, record.id, ENTITY, request.funding_source)
    if before and request.version != version:
        conflict = changed_meanwhile(
            session, ENTITY, before.stored.public_id, request.version, practice, record.payors
        )
        session.rollback()
        if judged.values == before.values:
            return FundingSaved(before.stored.public_id, _message(record, judged, ended=False))
        return Refused((conflict,), version)
    if judged.errors or judged.values is None:
        session.rollback()
        return Refused(judged.errors, version)
    after = [*record.other_sources(request.funding_source), judged.values]
    events: list[dict[str, Any]] = []
    change = Change(
        session,
        actor,
        now,
        ENTITY,
        FundingSource,
        client_id=record.id,
        form_token=request.form_token,
        later=events,
    )
    ended = request.entry.end_current and judged.current is not None
    if ended and judged.current is not None:
        _end_current(replace(change, form_token=None), record, judged)
        after.remove(judged.current)
        after.append(replace(judged.current, end=judged.current_ends))
    public_id = _write(change, record, before, judged.values)
    audit.append(session, events)
    _keep(session, now, practice, record, after)
    session.commit()
    return FundingSaved(public_id, _message(record, judged, ended=ended), (), _primary(judged, before))


def _write(change: Change, record: ClientRecord, before: OpenFunding | None, values: FundingValues) -> str:
    columns: dict[str, Any] = {
        "payor_id": record.payor_ids[values.payor],
        "priority": values.priority,
        "start_date": values.start,
        "end_date": values.end,
        "member_id": values.member_id,
    }
    if before:
        change.change(before.stored, columns, values.told)
        return before.stored.public_id
    return change.add({**columns, "client_id": record.id}, values.told)[1]


def _end_current(change: Change, record: ClientRecord, judged: FundingJudgement) -> None:
    """End the primary in the way the day before, with its event."""
    current = next(source for source in record.funding_sources.values() if source.values == judged.current)
    ended = replace(current.values, end=judged.current_ends)
    change.change(current.stored, {"end_date": ended.end}, ended.told, "end")


def _keep(
    session: Session,
    now: datetime,
    practice: Practice,
    record: ClientRecord,
    sources: Iterable[FundingValues],
) -> None:
    """Keep the findings of the client, who has these funding sources now."""
    facts = replace(record.facts, funding_sources=tuple(paid_by(record.known_payors, s) for s in sources))
    keep(session, record.id, facts, record.line_ids, day_of(now, practice.zone), practice)


def remove_funding_source(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    client: str,
    funding_source: str,
    *,
    version: int | None,
    reason: str = "",
) -> Saved | Refused:
    """Take off a funding source entered in error; the history keeps it. Raises UnknownRecord.

    Removing again answers the same and writes nothing. Refused where somebody changed it since `version`.
    """
    begin_write(session)
    record = load_record(session, actor, client, lock=True)
    source = record.funding_sources.get(funding_source)
    if source is None:
        return gone(session, record.id, ENTITY, funding_source)
    if version is not None and version != source.stored.version:
        conflict = changed_meanwhile(session, ENTITY, funding_source, version, practice, record.payors)
        session.rollback()
        return Refused((conflict,), source.stored.version)
    session.execute(delete(FundingSource).where(FundingSource.id == source.stored.id))
    record_removal(session, actor, now, record.id, ENTITY, source.stored, reason)
    _keep(session, now, practice, record, record.other_sources(funding_source))
    session.commit()
    name = record.payors[source.values.payor]
    return Saved(
        funding_source,
        f"Removed: {name}, {source.values.priority}, {span_words(source.values)}. It stays in History.",
    )


def _primary(judged: FundingJudgement, before: OpenFunding | None) -> bool:
    values = (judged.values, before.values if before else None)
    return any(value is not None and value.priority == "primary" for value in values)


def _message(record: ClientRecord, judged: FundingJudgement, *, ended: bool) -> str:
    """Saved: Aetna is primary from 1 Dec 2026. Medicaid ends on 30 Nov 2026."""
    values = judged.values
    assert values is not None
    text = f"Saved: {record.payors[values.payor]} is {values.priority} {span_words(values)}."
    if not ended or judged.current is None or judged.current_ends is None:
        return text
    current = record.payors[judged.current.payor]
    return f"{text} {current} ends on {words.day(judged.current_ends)}."

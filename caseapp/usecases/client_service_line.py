"""Add, edit, end and remove a client's service lines; where one ends, its case manager can end that day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.client_service_line_entry import (
    ServiceLineEntry,
    ended_with,
    judge_service_line,
    left_behind,
    removal_finding,
    sessions_after,
    span_words,
    told_of,
)
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, ClientServiceLine, begin_write
from caseapp.usecases import audit
from caseapp.usecases.client_record_facts import ClientRecord, OpenServiceLine, load_record
from caseapp.usecases.client_removal import gone, record_removal, refuse_removed
from caseapp.usecases.client_search import move_line_terms
from caseapp.usecases.conflict import changed_meanwhile, saved_before
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, Stored, asked_again

ENTITY = "client_service_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save; `service_line` is the public ID that an edit changes (None adds).

    `end_case_manager`: who is responsible on the last day ends with the line; `leave_sessions`: what lies
    after the last day stays as it is.
    """

    client: str
    entry: ServiceLineEntry
    service_line: str | None = None
    end_case_manager: bool = False
    leave_sessions: bool = False
    version: int | None = None
    form_token: str | None = None


def save_service_line(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord. The same again writes nothing."""
    return asked_again(session, lambda: _save(session, actor, now, practice, request))


def _save(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    begin_write(session)
    record = load_record(session, actor, request.client, form_token=request.form_token, lock=True)
    before = record.service_lines.get(request.service_line or "")
    version = before.stored.version if before else None
    others = record.other_lines(request.service_line or (record.done.public_id if record.done else None))
    judged = judge_service_line(request.entry, record.lines, others)
    message = _message(judged.period)
    if record.done:
        session.rollback()
        told = told_of(judged.period) if judged.period else {}
        if judged.period and record.done.is_of(record.id, ENTITY, request.service_line, told):
            return Saved(record.done.public_id, message)
        return Refused((saved_before(),), version)
    if request.service_line and before is None:
        return refuse_removed(session, practice, record.id, ENTITY, request.service_line)
    if before and request.version != version:
        conflict = changed_meanwhile(session, ENTITY, before.stored.public_id, request.version, practice, {})
        session.rollback()
        if judged.period == before.period:
            return Saved(before.stored.public_id, message)
        return Refused((conflict,), version)
    errors = judged.errors
    if judged.period:
        errors += _left(record, before, judged.period, request, now, practice)
    if errors or judged.period is None:
        session.rollback()
        return Refused(errors, version)
    public_id, warnings = _write(session, actor, now, practice, record, before, judged.period, request)
    session.commit()
    return Saved(public_id, message, warnings)


def _left(
    record: ClientRecord,
    before: OpenServiceLine | None,
    period: clients.ClientServiceLine,
    request: SaveRequest,
    now: datetime,
    practice: Practice,
) -> tuple[Finding, ...]:
    """The sessions that a new, earlier end leaves outside, where nobody said that they may stay."""
    if before is None or period.end is None or request.leave_sessions or before.period.last <= period.end:
        return ()
    others = [line for line in record.other_lines(request.service_line) if line.start > period.end]
    after = [
        session
        for session in sessions_after(
            record.facts.appointments, [period.service_line], period.end, practice.zone
        )
        if not _held(others, period.service_line, day_of(session.starts_at, practice.zone))
    ]
    if not after:
        return ()
    return (left_behind("end_date", after, practice.zone, day_of(now, practice.zone)),)


def _held(lines: Iterable[clients.ClientServiceLine], code: str, day: date) -> bool:
    return any(line.service_line == code and line.holds(day) for line in lines)


def _write(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    record: ClientRecord,
    before: OpenServiceLine | None,
    period: clients.ClientServiceLine,
    request: SaveRequest,
) -> tuple[str, tuple[Finding, ...]]:
    events: list[dict[str, Any]] = []
    change = Change(
        session,
        actor,
        now,
        ENTITY,
        ClientServiceLine,
        client_id=record.id,
        form_token=request.form_token,
        later=events,
    )
    columns: dict[str, Any] = {
        "service_line_id": record.line_ids[period.service_line],
        "start_date": period.start,
        "end_date": period.end,
    }
    if before:
        public_id = before.stored.public_id
        change.change(before.stored, columns, told_of(period))
    else:
        _, public_id = change.add({**columns, "client_id": record.id}, told_of(period))
    ended = ended_with(period, record.facts.case_managers, period.end) if period.end else []
    facts = replace(record.facts, service_lines=(*record.other_lines(request.service_line), period))
    move_line_terms(session, record.id, record.client.sort_key, _codes(record.facts), _codes(facts))
    warnings: list[Finding] = []
    if ended and request.end_case_manager and period.end:
        end = replace(change, entity="case_manager", model=CaseManager, form_token=None)
        facts = end_case_managers(end, record, facts, ended, period.end)
        warnings.append(ended_words(ended, period.end))
    audit.append(session, events)
    keep(
        session,
        record.id,
        facts,
        record.line_ids,
        day_of(now, practice.zone),
        practice,
        before=record.facts,
    )
    return public_id, tuple(warnings)


def end_case_managers(
    change: Change,
    record: ClientRecord,
    facts: clients.ClientFacts,
    ended: Iterable[clients.CaseManager],
    day: date,
) -> clients.ClientFacts:
    """Let these case managers end on a day by a change of theirs, each with its event; the facts after it."""
    ids = {cm.id for cm in ended}
    rows = ((public_id, record.case_managers[public_id]) for public_id in sorted(ids))
    change.change_all(
        [
            (
                Stored(row.id, public_id, row.version, row.values),
                {"end_date": day},
                {"end_date": day.isoformat()},
            )
            for public_id, row in rows
        ],
        "end",
    )
    return replace(
        facts,
        case_managers=tuple(replace(cm, end=day) if cm.id in ids else cm for cm in facts.case_managers),
    )


def ended_words(ended: Iterable[clients.CaseManager], day: date) -> Finding:
    """What else was done, told beside the message."""
    who = " and ".join(f"{cm.clinician.name} ({cm.service_line})" for cm in ended)
    return Finding(
        "case_manager_ended",
        None,
        "information",
        f"Case manager until {words.day(day)}, ended with the service line: {who}.",
    )


def remove_service_line(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    client: str,
    service_line: str,
    *,
    version: int | None,
    reason: str = "",
) -> Saved | Refused:
    """Take off a service line entered in error; the history keeps it. Raises UnknownRecord.

    Refused where a case manager or a session lies in it, and where somebody changed it since `version`.
    Removing again answers the same and writes nothing.
    """
    begin_write(session)
    record = load_record(session, actor, client, lock=True)
    line = record.service_lines.get(service_line)
    if line is None:
        return gone(session, record.id, ENTITY, service_line)
    if version is not None and version != line.stored.version:
        conflict = changed_meanwhile(session, ENTITY, service_line, version, practice, {})
        session.rollback()
        return Refused((conflict,), line.stored.version)
    today = day_of(now, practice.zone)
    used = removal_finding(
        line.period, record.facts.case_managers, record.facts.appointments, practice.zone, today
    )
    if used:
        session.rollback()
        return Refused((used,), line.stored.version)
    session.execute(delete(ClientServiceLine).where(ClientServiceLine.id == line.stored.id))
    record_removal(session, actor, now, record.id, ENTITY, line.stored, reason)
    left = record.other_lines(service_line)
    facts = replace(record.facts, service_lines=tuple(left))
    move_line_terms(session, record.id, record.client.sort_key, _codes(record.facts), _codes(facts))
    keep(session, record.id, facts, record.line_ids, today, practice, before=record.facts)
    session.commit()
    span = span_words(line.period)
    return Saved(service_line, f"Removed: {line.period.service_line} {span}. It stays in History.")


def _codes(facts: clients.ClientFacts) -> set[str]:
    return {line.service_line for line in facts.service_lines}


def _message(period: clients.ClientServiceLine | None) -> str:
    return f"Saved: {period.service_line} {span_words(period)}." if period else ""

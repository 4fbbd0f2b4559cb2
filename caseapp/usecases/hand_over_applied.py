"""The hand-overs that were applied: the list, one with all its lines, and what keeps it from being undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.client import CaseManager as CaseManagerFacts
from caseapp.domain.client import ClientFacts
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over_words import hand_over_words
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent, CaseManager, Client, ServiceLine
from caseapp.usecases.hand_over_applied_facts import AppliedCase, load_applied, names_in, undone_of
from caseapp.usecases.hand_over_write import ENTITY
from caseapp.usecases.visibility import visible_to

MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One hand-over that was applied, in words; `undone` tells that it was taken back."""

    public_id: str
    text: str
    at: datetime
    by: str
    undone: bool


@dataclass(frozen=True, slots=True)
class AppliedLine:
    """What became of one case manager by a hand-over."""

    client: str
    client_name: str
    service_line: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A hand-over that was applied, with its lines, and what keeps it from being undone."""

    row: AppliedRow
    clinician: str
    lines: tuple[AppliedLine, ...]
    left_out: tuple[AppliedLine, ...]
    hindered: tuple[Finding, ...]


def applied(session: Session) -> list[AppliedRow]:
    """The latest hand-overs, in three statements."""
    events = session.execute(
        select(AuditEvent)
        .where(AuditEvent.entity == ENTITY, AuditEvent.action == "apply")
        .order_by(AuditEvent.id.desc())
        .limit(MOST_LISTED)
    ).scalars()
    found = list(events)
    undone = undone_of(session, {event.entity_id for event in found})
    names = names_in(session, found)
    return [_row(event, names, undone=event.entity_id in undone) for event in found]


def open_applied(
    session: Session, actor: Actor, now: datetime, practice: Practice, public_id: str
) -> Applied:
    """One hand-over with all its lines, in a fixed number of statements. Raises UnknownRecord."""
    case = load_applied(session, actor, public_id)
    today = day_of(now, practice.zone)
    left_out = _left_out(session, actor, case.event.after["left_out"])
    return Applied(
        row=_row(case.event, case.names, undone=case.undone),
        clinician=case.event.subject_id or "",
        lines=tuple(_line(event, case) for event in case.own),
        left_out=left_out,
        hindered=() if case.undone else hindered_by(case, now, practice, today),
    )


def hindered_by(case: AppliedCase, now: datetime, practice: Practice, today: date) -> tuple[Finding, ...]:
    """What depends on the hand-over by now, a sentence for each line."""
    found: dict[tuple[int, str], Finding] = {}
    for event in case.own:
        line = event.after["service_line"]
        where = f"{case.clients[event.client_id].name}, {line}"
        key = (event.client_id, line)
        later = next((e for e in case.later if _is_of_line(e, event.client_id, line)), None)
        standing = case.rows.get(event.entity_id)
        if (
            later is not None
            or key in case.imported
            or standing is None
            or standing.version != event.after["version"]
        ):
            who = later.actor if later else "somebody"
            when = f" on {words.moment(later.at, practice.zone, today)}" if later else ""
            what = f"{who[:1].upper()}{who[1:]} changed the case managers of this line since{when}."
            found[key] = Finding("depends", None, "error", f"{where}: {what}")
            continue
        covered = _covered(case.loaded.facts[event.client_id], event, case.event.at, now, practice)
        if covered and key not in found:
            names = words.count(covered, "session")
            whose = case.names.get(event.after["clinician"], event.after["clinician"])
            what = f"{whose} has covered {names} since. End or change the case manager instead."
            found[key] = Finding("depends", None, "error", f"{where}: {what}")
    return tuple(found.values())


def _is_of_line(event: Any, client_id: int, line: str) -> bool:
    values = (event.before or {}, event.after or {})
    return event.client_id == client_id and any(value.get("service_line") == line for value in values)


def _covered(facts: ClientFacts, event: Any, since: datetime, now: datetime, practice: Practice) -> int:
    """The counted sessions that have taken place under what the event wrote, since it was applied."""
    if event.action == "end":
        return 0
    cm: CaseManagerFacts | None = next((c for c in facts.case_managers if c.id == event.entity_id), None)
    return sum(
        1
        for appointment in facts.appointments
        if cm is not None
        and appointment.service_line == cm.service_line
        and appointment.counted
        and since <= appointment.starts_at < now
        and cm.holds(day_of(appointment.starts_at, practice.zone))
    )


def _row(event: AuditEvent, names: Mapping[str, str], *, undone: bool) -> AppliedRow:
    text = hand_over_words(event.after or {}, names)
    return AppliedRow(event.entity_id or "", f"{text[:1].upper()}{text[1:]}", event.at, event.actor, undone)


def _line(event: Any, case: AppliedCase) -> AppliedLine:
    client, after = case.clients[event.client_id], event.after
    name = case.names.get(after["clinician"], after["clinician"])
    since, end = words.day(date.fromisoformat(after["start_date"])), after["end_date"]
    until = f" to {words.day(date.fromisoformat(end))}" if end else ""
    text = (
        f"{name} ends on {words.day(date.fromisoformat(end))}"
        if event.action == "end"
        else (f"{name} from {since}{until}")
    )
    return AppliedLine(client.public_id, client.name.strip(" ,"), after["service_line"], text)


def _left_out(session: Session, actor: Actor, lines: list[list[str]]) -> tuple[AppliedLine, ...]:
    reasons = dict(lines)
    if not reasons:
        return ()
    rows = session.execute(
        select(
            CaseManager.public_id.label("key"),
            Client.public_id,
            Client.first_name,
            Client.last_name,
            ServiceLine.code,
        )
        .join(Client, Client.id == CaseManager.client_id)
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(CaseManager.public_id.in_(reasons), visible_to(actor))
        .order_by(Client.sort_key, Client.id, ServiceLine.code)
    )
    return tuple(
        AppliedLine(
            row.public_id, f"{row.last_name}, {row.first_name}".strip(" ,"), row.code, reasons[row.key]
        )
        for row in rows
    )

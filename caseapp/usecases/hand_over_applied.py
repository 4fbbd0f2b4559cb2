"""The hand-overs that were applied: the list, one with all its lines, and what depends on it by now."""

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
from caseapp.models import AuditEvent, CaseManager, Client, Clinician, ServiceLine
from caseapp.usecases.case_manager_facts import StoredRow, stored_rows
from caseapp.usecases.facts import Loaded, load_with
from caseapp.usecases.hand_over_write import ENTITY
from caseapp.usecases.outcome import UnknownRecord
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


@dataclass(frozen=True, slots=True)
class AppliedCase:
    """Everything about one applied hand-over: its own events, the later ones, the clients now.

    `imported` are the lines (client row id, code) of case managers that came in since.
    """

    event: Any
    undone: bool
    own: list[Any]
    later: list[Any]
    imported: set[tuple[int, str]]
    clients: dict[int, Any]
    loaded: Loaded
    rows: dict[str, StoredRow]
    names: dict[str, str]


def applied(session: Session) -> list[AppliedRow]:
    """The latest hand-overs, in three statements."""
    events = session.execute(
        select(AuditEvent)
        .where(AuditEvent.entity == ENTITY, AuditEvent.action == "apply")
        .order_by(AuditEvent.id.desc())
        .limit(MOST_LISTED)
    ).scalars()
    found = list(events)
    undone = _undone(session, {event.entity_id for event in found})
    names = _names(session, found)
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


def load_applied(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> AppliedCase:
    event = session.execute(
        select(AuditEvent).where(
            AuditEvent.entity == ENTITY, AuditEvent.entity_id == public_id, AuditEvent.action == "apply"
        )
    ).scalar_one_or_none()
    if event is None or event.after is None:
        raise UnknownRecord
    own = list(
        session.execute(
            select(AuditEvent)
            .where(
                AuditEvent.entity == "case_manager",
                AuditEvent.entity_id.in_(event.after["case_managers"]),
                AuditEvent.batch_id == event.id,
            )
            .order_by(AuditEvent.id)
        ).scalars()
    )
    wanted = {one.client_id for one in own}
    statement = (
        select(
            Client.id,
            Client.public_id,
            Client.number,
            Client.first_name,
            Client.last_name,
            Client.status,
            (Client.last_name + ", " + Client.first_name).label("name"),
        )
        .where(Client.id.in_(wanted), visible_to(actor))
        .order_by(Client.id)
    )
    clients = session.execute(statement.with_for_update() if lock else statement).all()
    if len(clients) < len(wanted):
        raise UnknownRecord
    later = list(
        session.execute(
            select(AuditEvent)
            .where(
                AuditEvent.client_id.in_(wanted),
                AuditEvent.entity == "case_manager",
                AuditEvent.id > event.id,
                AuditEvent.batch_id.is_distinct_from(event.id),
            )
            .order_by(AuditEvent.id)
        ).scalars()
    )
    # An import writes no event for each row that it adds.
    imported = session.execute(
        select(CaseManager.client_id, ServiceLine.code)
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(
            CaseManager.client_id.in_(wanted),
            CaseManager.recorded_at > event.at,
            CaseManager.removed_at.is_(None),
        )
    )
    loaded = load_with(session, clients, removed=True)
    rows, _ = stored_rows(loaded.case_managers, loaded.clinicians)
    return AppliedCase(
        event=event,
        undone=bool(_undone(session, {public_id})),
        own=own,
        later=later,
        imported={(row.client_id, row.code) for row in imported},
        clients={client.id: client for client in clients},
        loaded=loaded,
        rows=rows,
        names=_names(session, [event]),
    )


def _undone(session: Session, public_ids: set[Any]) -> set[Any]:
    return set(
        session.execute(
            select(AuditEvent.entity_id).where(
                AuditEvent.entity == ENTITY,
                AuditEvent.entity_id.in_(public_ids),
                AuditEvent.action == "undo",
            )
        ).scalars()
    )


def _names(session: Session, events: list[AuditEvent]) -> dict[str, str]:
    numbers = {
        number
        for event in events
        for number in [*(event.after or {}).get("successors", []), (event.after or {}).get("clinician")]
    }
    rows = session.execute(
        select(Clinician.number, Clinician.first_name, Clinician.last_name).where(
            Clinician.number.in_(numbers)
        )
    )
    return {number: f"{first} {last}".strip() or number for number, first, last in rows}


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

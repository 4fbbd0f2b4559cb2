"""One hand-over that was applied, with what happened to its case managers since."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import AuditEvent, CaseManager, Client, Clinician, ServiceLine
from caseapp.usecases.case_manager_facts import StoredRow, stored_rows
from caseapp.usecases.facts import Loaded, load_with
from caseapp.usecases.hand_over_write import ENTITY
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.visibility import visible_to


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
        undone=bool(undone_of(session, {public_id})),
        own=own,
        later=later,
        imported={(row.client_id, row.code) for row in imported},
        clients={client.id: client for client in clients},
        loaded=loaded,
        rows=rows,
        names=names_in(session, [event]),
    )


def undone_of(session: Session, public_ids: set[Any]) -> set[Any]:
    return set(
        session.execute(
            select(AuditEvent.entity_id).where(
                AuditEvent.entity == ENTITY,
                AuditEvent.entity_id.in_(public_ids),
                AuditEvent.action == "undo",
            )
        ).scalars()
    )


def names_in(session: Session, events: list[AuditEvent]) -> dict[str, str]:
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

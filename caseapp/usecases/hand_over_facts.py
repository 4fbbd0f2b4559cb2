"""Load what a hand-over asks of its clinician, of the lines of one part, and of all who could follow.

A plan is made of at most MOST lines at a time, by the clients' names; `after` goes on behind one of them. So
a plan costs the same whatever a clinician's caseload is, and each part is applied by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.client import CaseManager as CaseManagerFacts
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, Client, ServiceLine
from caseapp.usecases.case_manager_facts import Removed, StoredRow, stored_rows
from caseapp.usecases.clinician_facts import load_clinicians
from caseapp.usecases.clinician_leaving import next_session_after, to_hand_over
from caseapp.usecases.facts import load_with
from caseapp.usecases.successor import caseloads
from caseapp.usecases.visibility import visible_to

MOST = 60


@dataclass(frozen=True, slots=True)
class Whose:
    """The client of a case manager, as the plan names them; `sort` is the order of the plan."""

    client_id: int
    client: str
    name: str
    sort: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The lines of one part, and of those that were posted, by the public ID of their case manager.

    `due` are those of this part, in order, that the plan holds now; `next` is where the next part goes on.
    """

    due: tuple[str, ...]
    next: str | None
    whose: dict[str, Whose]
    standing: dict[str, CaseManagerFacts]
    rows: dict[str, StoredRow]
    removed: dict[str, Removed]
    facts: dict[int, ClientFacts]


@dataclass(frozen=True, slots=True)
class Staff:
    """All clinicians by number, and their row ids by number."""

    clinicians: dict[str, Clinician]
    ids: dict[str, int]

    def by_public_id(self, public_id: str) -> Clinician | None:
        return next((c for c in self.clinicians.values() if c.id == public_id), None)


def load_staff(session: Session) -> Staff:
    """Everybody, in two statements."""
    found = load_clinicians(session)
    return Staff(
        {clinician.number: clinician for clinician in found.values()},
        {clinician.number: row_id for row_id, clinician in found.items()},
    )


def loads_of(session: Session, staff: Staff, lines: Collection[str], day: date) -> dict[str, int]:
    """The caseloads on a day of those who practise one of these service lines."""
    among = [
        staff.ids[number]
        for number, clinician in staff.clinicians.items()
        if clinician.may_be_case_manager and not clinician.service_lines.isdisjoint(lines)
    ]
    return caseloads(session, day, among)


def load_part(
    session: Session,
    actor: Actor,
    hand_over: HandOver,
    clinician_id: int,
    now: datetime,
    practice: Practice,
    *,
    after: str | None = None,
    posted: Collection[str] = (),
    writes: bool = False,
) -> Part:
    """One part of the plan with the facts of its clients, in eight statements at most.

    `posted` are the public IDs of case managers of which a form speaks, whatever has become of them; unknown
    ones are left out. With `writes` the clients are locked where the database has such locks.
    """
    keys = _keys(session, actor, hand_over, clinician_id, now, practice, after)
    due = tuple(keys[:MOST])
    statement = (
        select(
            CaseManager.public_id,
            CaseManager.id.label("case_manager_id"),
            ServiceLine.code,
            Client.id,
            Client.public_id.label("client"),
            Client.number,
            Client.first_name,
            Client.last_name,
            Client.status,
            Client.sort_key,
        )
        .join_from(CaseManager, Client, Client.id == CaseManager.client_id)
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(CaseManager.public_id.in_({*due, *posted}), visible_to(actor))
        .order_by(Client.id)
    )
    if writes:
        statement = statement.with_for_update(of=Client)
    found = session.execute(statement).all()
    whose = {
        row.public_id: Whose(
            row.id,
            row.client,
            f"{row.last_name}, {row.first_name}".strip(" ,"),
            (row.sort_key, row.id, row.code, row.case_manager_id),
        )
        for row in found
    }
    clients = list({row.id: row for row in found}.values())
    if not clients:
        return Part(due=(), next=None, whose={}, standing={}, rows={}, removed={}, facts={})
    loaded = load_with(session, clients, removed=True)
    rows, removed = stored_rows(loaded.case_managers, loaded.clinicians)
    standing = {cm.id: cm for facts in loaded.facts.values() for cm in facts.case_managers}
    return Part(
        due=due,
        next=due[-1] if len(keys) > MOST else None,
        whose=whose,
        standing=standing,
        rows=rows,
        removed=removed,
        facts=loaded.facts,
    )


def _keys(
    session: Session,
    actor: Actor,
    hand_over: HandOver,
    clinician_id: int,
    now: datetime,
    practice: Practice,
    after: str | None,
) -> list[str]:
    """The case managers (public IDs) that the plan holds from a place on, one more than are shown."""
    key = (Client.sort_key, Client.id, ServiceLine.code, CaseManager.id)
    last_day = hand_over.last_day
    conditions = [
        *to_hand_over(actor, clinician_id, last_day, next_session_after(last_day, now, practice)),
    ]
    if hand_over.back_on is not None:
        conditions.append(CaseManager.start_date < hand_over.back_on)
    if after:
        place = session.execute(
            select(*key)
            .join_from(CaseManager, Client, Client.id == CaseManager.client_id)
            .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
            .where(CaseManager.public_id == after)
        ).one_or_none()
        if place is not None:
            conditions.append(tuple_(*key) > tuple_(*place))
    statement = (
        select(CaseManager.public_id)
        .join_from(CaseManager, Client, Client.id == CaseManager.client_id)
        .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
        .where(*conditions)
        .order_by(*key)
        .limit(MOST + 1)
    )
    return list(session.execute(statement).scalars())

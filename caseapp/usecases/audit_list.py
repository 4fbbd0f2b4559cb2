"""All that is on record, changes and access events together, newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, cast

from sqlalchemy import Select, Table, and_, case, func, or_, select
from sqlalchemy.orm import Session

from caseapp.domain.access_words import CHANGES
from caseapp.domain.actor import Actor
from caseapp.domain.seal import Stream
from caseapp.models import AccessEvent, ApiToken, AuditEvent, Client, UserAccount
from caseapp.usecases.history import names_of
from caseapp.usecases.visibility import visible_to

PAGE = 50
BLOCK = 500
MOST_PEOPLE = 500

_TABLES: dict[Stream, Table] = {
    "access_event": cast(Table, AccessEvent.__table__),
    "audit_event": cast(Table, AuditEvent.__table__),
}
"""Of two events of one instant the one of the later table stands first."""

_RANKS: dict[Stream, int] = {stream: rank for rank, stream in enumerate(_TABLES)}


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which event a page begins."""

    at: datetime
    rank: int
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for; empty and None ask for all.

    `kind` is changes or a kind of access event; `person` the whole name; `client` a client number; `since` is
    the first instant asked for, `until` the first after it.
    """

    kind: str = ""
    person: str = ""
    client: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as it was recorded. `what` is a change's action, or the kind of an access event.

    `called` is the name of the user or token that a change is about.
    """

    place: Place
    actor: str
    what: str
    detail: str = ""
    entity: str = ""
    called: str = ""
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str = ""
    client: str = ""
    client_number: str = ""

    @property
    def at(self) -> datetime:
        return self.place.at

    @property
    def is_change(self) -> bool:
        return bool(self.entity)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`older` is the place to go on from, None at the end; `names` are of clinicians and payors.

    `knows_client` is false where the client number asked for is nobody's.
    """

    events: tuple[Event, ...]
    older: Place | None
    names: dict[str, str]
    knows_client: bool = True


def audit_page(session: Session, actor: Actor, asked: Question, size: int = PAGE) -> AuditPage:
    """One page, in at most four statements."""
    client_id = None
    if asked.client:
        client_id = session.execute(
            select(Client.id).where(Client.number == asked.client, visible_to(actor))
        ).scalar_one_or_none()
        if client_id is None:
            return AuditPage((), None, {}, knows_client=False)
    streams = [s for s in _TABLES if not asked.kind or (s == "audit_event") == (asked.kind == CHANGES)]
    parts = [_part(session, actor, asked, client_id, stream, size + 1) for stream in streams]
    found = list(islice(merge(*parts, key=_order, reverse=True), size + 1))
    events = tuple(found[:size])
    names = names_of(session, (values for e in events for values in (e.before, e.after)))
    return AuditPage(events, events[-1].place if len(found) > size else None, names)


def audit_pages(session: Session, actor: Actor, asked: Question) -> Iterator[AuditPage]:
    """All that is asked for, in large pages: as many statements as there are pages, four times."""
    while True:
        page = audit_page(session, actor, asked, BLOCK)
        yield page
        if page.older is None:
            return
        asked = replace(asked, before=page.older)


def _order(event: Event) -> tuple[datetime, int, int]:
    return event.place.at, event.place.rank, event.place.id


def _part(
    session: Session, actor: Actor, asked: Question, client_id: int | None, stream: Stream, most: int
) -> list[Event]:
    table, rank = _TABLES[stream], _RANKS[stream]
    about = () if stream == "access_event" else (_called(table).label("called"),)
    statement: Select[Any] = (
        select(table, Client.public_id, Client.number, *about)
        .outerjoin_from(table, Client, and_(Client.id == table.c.client_id, visible_to(actor)))
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(most)
    )
    if client_id is not None:
        statement = statement.where(table.c.client_id == client_id)
    if asked.person:
        statement = statement.where(table.c.actor == asked.person)
    if asked.kind and stream == "access_event":
        statement = statement.where(table.c.kind == asked.kind)
    if asked.since is not None:
        statement = statement.where(table.c.at >= asked.since)
    if asked.until is not None:
        statement = statement.where(table.c.at < asked.until)
    if asked.before is not None:
        statement = statement.where(*_behind(table, rank, asked.before))
    return [_event(row, rank) for row in session.execute(statement)]


def _called(table: Table) -> Any:
    """A column over changes: the user or token that one is about, empty for anything else."""
    user = select(UserAccount.username).where(UserAccount.public_id == table.c.entity_id)
    token = select(ApiToken.name).where(ApiToken.public_id == table.c.entity_id)
    return case(
        (table.c.entity == "user_account", user.scalar_subquery()),
        (table.c.entity == "api_token", token.scalar_subquery()),
    )


def _behind(table: Table, rank: int, place: Place) -> list[Any]:
    at = table.c.at
    if rank != place.rank:
        return [at <= place.at if rank < place.rank else at < place.at]
    return [at <= place.at, or_(at < place.at, table.c.id < place.id)]


def _event(row: Any, rank: int) -> Event:
    whose = {"client": row.public_id or "", "client_number": row.number or ""}
    place = Place(row.at, rank, row.id)
    if rank == _RANKS["access_event"]:
        return Event(
            place=place,
            actor=row.actor,
            what=row.kind,
            detail=row.detail or "",
            before={},
            after={},
            **whose,
        )
    return Event(
        place=place,
        actor=row.actor,
        what=row.action,
        entity=row.entity,
        called=row.called or "",
        before=row.before or {},
        after=row.after or {},
        reason=row.reason or "",
        **whose,
    )


def people(session: Session) -> list[str]:
    """The names of users, as a help to fill in a person; not all where there are very many."""
    statement = select(UserAccount.name).order_by(UserAccount.name).distinct().limit(MOST_PEOPLE)
    return list(session.execute(statement).scalars())


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looked at one client's record: in how many hours, first, last, and in emergencies."""

    name: str
    hours: int
    first: datetime
    last: datetime
    emergencies: int


def who_saw(session: Session, client_id: int, most: int = BLOCK) -> list[Viewer]:
    """Who looked at a client's record (row id), the latest first, in one statement."""
    table = _TABLES["access_event"]
    last = func.max(table.c.at)
    statement = (
        select(
            table.c.actor,
            func.count().label("hours"),
            func.min(table.c.at).label("first"),
            last.label("last"),
            func.count(table.c.detail).label("emergencies"),
        )
        .where(table.c.client_id == client_id, table.c.kind == "viewed")
        .group_by(table.c.actor)
        .order_by(last.desc(), table.c.actor)
        .limit(most)
    )
    return [Viewer(*row) for row in session.execute(statement)]

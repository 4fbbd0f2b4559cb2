"""Append who came in, looked, searched, took out or was refused.

A use-case that writes anyway calls `record` in its own transaction. What only reads is written by
`write_soon` in one of its own, after the answer is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import Insert, String, Table, Text, bindparam, not_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from caseapp.domain.access_event import AccessKind, once_in
from caseapp.domain.actor import Actor
from caseapp.models import AccessEvent, Client, begin_write
from caseapp.models.base import Instant
from caseapp.models.hasty import append_hastily
from caseapp.usecases.visibility import visible_to

_event = cast(Table, AccessEvent.__table__)
_client = cast(Table, Client.__table__)
_COLUMNS = ("at", "actor", "user_id", "kind", "detail", "once")
Whose = Literal["", "any", "foreign", "asked", "called"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An event to be written. `client` is a public ID, empty for none.

    `foreign` asks that it is written only where there is such a client, and the actor may not see them; a
    refusal without it is written also where there is none. `called` is the ID by which another system knows
    the client, in place of `client`.
    """

    actor: Actor
    at: datetime
    kind: AccessKind
    client: str = ""
    called: str = ""
    foreign: bool = False
    detail: str = ""
    once: str | None = field(init=False)

    def __post_init__(self) -> None:
        once = once_in(self.kind, self.actor, self.client, self.detail, self.at)
        object.__setattr__(self, "once", once)


def record(session: Session, actor: Actor, now: datetime, kind: AccessKind, detail: str = "") -> None:
    """Append one event that is about no client. Part of its caller's transaction."""
    _append(session, Access(actor=actor, at=now, kind=kind, detail=detail))


def record_export(session: Session, actor: Actor, now: datetime, what: str) -> None:
    """Append, in a transaction of its own, that a table is about to be taken out of the practice."""
    begin_write(session)
    record(session, actor, now, "exported", what)
    session.commit()


def write_all(session: Session, events: Sequence[Access]) -> None:
    """Append events in a transaction of their own, however long another writer takes.

    What is open in the session is rolled back first: it is not this one's to commit.
    """
    session.rollback()
    begin_write(session)
    for event in events:
        _append(session, event)
    session.commit()


def write_soon(session: Session, events: Sequence[Access]) -> bool:
    """The same where nobody else writes just now; else False, and nothing is written."""
    dialect = session.get_bind().dialect.name
    return append_hastily(session, [(_how(event, dialect), _values(event)) for event in events])


def _append(session: Session, event: Access) -> None:
    connection = session.connection()
    connection.execute(_how(event, connection.dialect.name), _values(event))


def _how(event: Access, dialect: str) -> Insert:
    whose: Whose = ""
    if event.called:
        whose = "called"
    elif event.client:
        whose = "foreign" if event.foreign else "asked" if event.kind == "denied" else "any"
    return _statement(dialect, whose) if whose != "foreign" else _insert(dialect, whose, event.actor)


def _values(event: Access) -> dict[str, Any]:
    values = {
        "at": event.at,
        "actor": event.actor.name,
        "user_id": event.actor.user_id,
        "kind": event.kind,
        "detail": event.detail or None,
        "once": event.once,
    }
    of_client = event.called or event.client
    return values | {"of_client": of_client} if of_client else values


@lru_cache
def _statement(dialect: str, whose: Whose) -> Insert:
    return _insert(dialect, whose, None)


def _insert(dialect: str, whose: Whose, actor: Actor | None) -> Insert:
    """The statement; the row of the client is looked up in it. What is kept once is not written twice."""
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(_event)
    if not whose:
        named = {name: bindparam(name, type_=_event.c[name].type) for name in _COLUMNS}
        return cast(Insert, insert.values(named).on_conflict_do_nothing(index_elements=["once"]))
    types = {"at": Instant(), "user_id": _event.c.user_id.type}
    columns = [bindparam(name, type_=types.get(name, Text())) for name in _COLUMNS]
    key = _client.c.external_id if whose == "called" else _client.c.public_id
    client = select(_client.c.id).where(key == bindparam("of_client", type_=String()))
    if whose in ("asked", "called"):
        found = select(*columns, client.scalar_subquery())
    else:
        found = client.with_only_columns(*columns, _client.c.id)
    if actor is not None:
        found = found.where(not_(visible_to(actor)))
    inserted = insert.from_select([*_COLUMNS, "client_id"], found)
    return cast(Insert, inserted.on_conflict_do_nothing(index_elements=["once"]))

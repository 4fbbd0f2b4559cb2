"""The list behind a number of the caseloads: the clients of a clinician, or the cases of interims."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, cast

from sqlalchemy import Integer, Select, String, Table, and_, bindparam, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.models import CaseManager, Client, Clinician, ServiceLine
from caseapp.usecases.caseload_query import case_today
from caseapp.usecases.visibility import kept_by_sight, visible_to

PAGE_SIZE = 50
Kind = Literal["clients", "interim", "held"]
"""Of whom they are case manager; of whom they are as an interim; of whom an interim is for them."""

_client = cast(Table, Client.__table__)
_manager = cast(Table, CaseManager.__table__)
_line = cast(Table, ServiceLine.__table__)


class Case(NamedTuple):
    """One service line; `other` is for whom the interim stands in or, of `held`, who does; else empty."""

    service_line: str
    since: date
    until: date | None
    other: str


@dataclass(frozen=True, slots=True)
class ClientOfList:
    """A client with the cases that count; `client` is the public ID."""

    client: str
    name: str
    number: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """A page, by the clients' names; `next` is the client behind whom it goes on, None at the end."""

    clients: tuple[ClientOfList, ...]
    next: str | None


def cases(
    session: Session, actor: Actor, clinician_id: int, kind: Kind, today: date, after: str = ""
) -> Cases:
    """In one statement, with `after` in two; an unknown place begins anew."""
    asked: dict[str, Any] = {"clinician": clinician_id, "today": today}
    connection = session.connection()
    place = None
    if after:
        known = select(_client.c.sort_key, _client.c.id).where(
            _client.c.public_id == after, visible_to(actor)
        )
        place = connection.execute(known.where(visible_to(actor))).one_or_none()
    if place:
        asked |= {"sort_key": place[0], "client": place[1]}
    found: dict[int, list[Any]] = {}
    for row in connection.execute(_statement(actor, kind, bool(place)), asked):
        found.setdefault(row.id, []).append(row)
    shown = tuple(_client_of(rows) for rows in list(found.values())[:PAGE_SIZE])
    return Cases(shown, shown[-1].client if len(found) > PAGE_SIZE else None)


def _client_of(rows: list[Any]) -> ClientOfList:
    first = rows[0]
    return ClientOfList(
        client=first.public_id,
        name=f"{first.last_name}, {first.first_name}".strip(" ,"),
        number=first.number,
        cases=tuple(_case(row) for row in rows),
    )


def _case(row: Any) -> Case:
    other = f"{row.other_first or ''} {row.other_last or ''}".strip()
    return Case(row.code, row.start_date, row.end_date, other)


@kept_by_sight()
def _statement(actor: Actor, kind: Kind, goes_on: bool) -> Select[Any]:
    """The page is found by its clients' keys alone; only their cases are then looked at."""
    own = _manager.c.for_clinician_id if kind == "held" else _manager.c.clinician_id
    counts = and_(own == bindparam("clinician", type_=Integer), case_today(), visible_to(actor))
    if kind == "interim":
        counts = and_(counts, _manager.c.for_clinician_id.is_not(None))
    of_client = _manager.join(_client, _client.c.id == _manager.c.client_id)
    key = (_client.c.sort_key, _client.c.id)
    keys = select(*key).distinct().select_from(of_client).where(counts).order_by(*key).limit(PAGE_SIZE + 1)
    if goes_on:
        place = tuple_(bindparam("sort_key", type_=String), bindparam("client", type_=Integer))
        keys = keys.where(tuple_(*key) > place)
    page = keys.subquery("page")
    other = cast(Table, Clinician.__table__).alias("other")
    is_other = other.c.id == (_manager.c.clinician_id if kind == "held" else _manager.c.for_clinician_id)
    return (
        select(
            _client.c.id,
            _client.c.public_id,
            _client.c.last_name,
            _client.c.first_name,
            _client.c.number,
            _line.c.code,
            _manager.c.start_date,
            _manager.c.end_date,
            other.c.first_name.label("other_first"),
            other.c.last_name.label("other_last"),
        )
        .select_from(
            of_client.join(_line, _line.c.id == _manager.c.service_line_id).outerjoin(other, is_other)
        )
        .where(counts, _client.c.id.in_(select(page.c.id)))
        .order_by(_client.c.sort_key, _client.c.id, _line.c.code)
    )

"""The statements of the client list. Each kind of question is put together once and kept.

A branch walks one index in the order of the list and stops after a page: the clients themselves, the terms of
the longest word, the clients of a case manager. The rest of the question is asked of each row that it passes.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.sql.selectable import CompoundSelect

from caseapp.domain.actor import Actor
from caseapp.models import (
    Appointment,
    CaseManager,
    Client,
    ClientServiceLine,
    ClientTerm,
    Clinician,
    CoverageTurn,
    FundingSource,
    Payor,
    ServiceLine,
)
from caseapp.models.base import Instant
from caseapp.usecases.client_search import PREFIX_LENGTH
from caseapp.usecases.coverage_counts import errors_of, somebody_is_due
from caseapp.usecases.visibility import kept_by_sight, own_clients

# As tables, not as mapped classes: a list makes no objects of rows that it only shows.
_client = cast(Table, Client.__table__)
_term = cast(Table, ClientTerm.__table__)
_line = cast(Table, ServiceLine.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_manager = cast(Table, CaseManager.__table__)
_clinician = cast(Table, Clinician.__table__)
_turn = cast(Table, CoverageTurn.__table__)
_funding = cast(Table, FundingSource.__table__)
_payor = cast(Table, Payor.__table__)
_visit = cast(Table, Appointment.__table__)

TODAY = bindparam("today", type_=Date)
_MOST_OF_ONE_CLINICIAN = 100_000
_MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked, without the values. `words` has, for each reading, how its words are looked up.

    A word is `short` (one term) or `long` (longer than the kept prefixes). With `errors` each row also tells
    the number of the menu, and whether anybody's findings are of an earlier day.
    """

    words: tuple[tuple[str, ...], ...]
    status: bool
    service_line: bool
    clinician: bool
    direction: str
    limit: int
    errors: bool = False


def today_in(period: Table) -> ColumnElement[bool]:
    columns = period.c
    return and_(columns.start_date <= TODAY, or_(columns.end_date.is_(None), columns.end_date >= TODAY))


def readings_of(words: list[list[tuple[str, ...]]]) -> list[list[str]]:
    """Each way to read the whole search, its longest word first; what another word implies is left out."""
    found: list[list[str]] = []
    for chosen in product(*words):
        flat = sorted({word for reading in chosen for word in reading}, key=lambda word: (-len(word), word))
        kept = [word for place, word in enumerate(flat) if not any(w.startswith(word) for w in flat[:place])]
        if kept not in found:
            found.append(kept)
        if len(found) == _MOST_READINGS:
            break
    return found


def values_of(readings: list[list[str]]) -> dict[str, str]:
    """The bound values of the words of `readings`."""
    values = {}
    for reading, words in enumerate(readings):
        for place, word in enumerate(words):
            values[f"w{reading}_{place}"] = word[:PREFIX_LENGTH]
            if len(word) > PREFIX_LENGTH:
                values[f"from{reading}_{place}"] = word
                values[f"below{reading}_{place}"] = word + "\U0010ffff"
    return values


def kinds_of(readings: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple("long" if len(word) > PREFIX_LENGTH else "short" for word in words) for words in readings
    )


@kept_by_sight(500)
def page_statement(kind: Kind, actor: Actor) -> Select[Any]:
    """One page of clients, as `shown` says: their own columns, payor, next appointment, findings due."""
    # A clinician's own are few: they are found once, and walked; not all clients in search of them.
    own = None if actor.sight is None else own_clients(actor.sight).cte("own")
    branches = [_branch(kind, own, reading) for reading in range(len(kind.words) or 1)]
    found = (branches[0] if len(branches) == 1 else _either(branches)).subquery("found")
    payor = (
        select(_payor.c.name)
        .join_from(_funding, _payor, _payor.c.id == _funding.c.payor_id)
        .where(_funding.c.client_id == _client.c.id, _funding.c.priority == "primary", today_in(_funding))
        .limit(1)
    )
    # Not the smallest of all: the first one ends the walk along the index.
    next_visit = (
        select(_visit.c.starts_at)
        .where(
            _visit.c.client_id == _client.c.id,
            _visit.c.status == "scheduled",
            _visit.c.starts_at >= bindparam("now", type_=Instant),
        )
        .order_by(_visit.c.starts_at)
        .limit(1)
    )
    turn_has_come = exists(
        select(literal(1)).where(
            _turn.c.client_id == _client.c.id, or_(_turn.c.next_turn <= TODAY, _turn.c.asked_on > TODAY)
        )
    )
    shown = (
        _client.c.id,
        _client.c.public_id,
        _client.c.last_name,
        _client.c.first_name,
        _client.c.preferred_name,
        _client.c.number,
        _client.c.date_of_birth,
        _client.c.status,
        _client.c.sort_key,
        payor.scalar_subquery(),
        next_visit.scalar_subquery(),
        turn_has_come,
        *((errors_of(actor, own), somebody_is_due()) if kind.errors else ()),
    )
    order = (found.c.sort_key, found.c.id)
    return (
        select(*shown)
        .join_from(found, _client, _client.c.id == found.c.id)
        .order_by(*([column.desc() for column in order] if kind.direction == "before" else order))
        .limit(kind.limit)
    )


def _either(branches: list[Select[Any]]) -> CompoundSelect[Any]:
    """A client who is found by two readings is one client. SQLite wants a bounded branch in brackets."""
    return union(*(select(branch.subquery()) for branch in branches))


def _branch(kind: Kind, own: FromClause | None, reading: int) -> Select[Any]:
    words = (
        [(f"{reading}_{place}", how) for place, how in enumerate(kind.words[reading])] if kind.words else []
    )
    conditions: list[ColumnElement[bool]] = []
    if kind.clinician:
        # Bounded, so that no planner turns it inside out and walks all clients instead.
        managed = select(_manager.c.client_id).distinct().where(*_manages_today())
        start = managed.limit(_MOST_OF_ONE_CLINICIAN).subquery("managed")
        if own is not None:
            conditions.append(_client.c.id.in_(select(own.c.client_id)))
        source: FromClause = start.join(_client, _client.c.id == start.c.client_id)
        key = (_client.c.sort_key, _client.c.id)
    elif own is not None:
        source = own.join(_client, _client.c.id == own.c.client_id)
        key = (_client.c.sort_key, _client.c.id)
    elif words or kind.service_line:
        driver = _term.alias("driver")
        source = driver.join(_client, _client.c.id == driver.c.client_id)
        key = (driver.c.sort_key, driver.c.client_id)
        if words:
            (name, how), *words = words
            conditions += [driver.c.term == bindparam(f"w{name}", type_=String)]
            if how == "long":
                conditions.append(_has_word(name, how, key))
        else:
            conditions.append(driver.c.term == literal("#") + bindparam("service_line", type_=String))
    else:
        source = _client
        key = (_client.c.sort_key, _client.c.id)
    conditions += [_has_word(name, how, key) for name, how in words]
    if kind.status:
        conditions.append(_client.c.status == bindparam("status", type_=String))
    if kind.service_line:
        conditions.append(_receives_today())
    place = tuple_(bindparam("sort_key", type_=String), bindparam("id", type_=Integer))
    if kind.direction == "after":
        conditions.append(tuple_(*key) > place)
    elif kind.direction == "before":
        conditions.append(tuple_(*key) < place)
    columns = (key[0].label("sort_key"), key[1].label("id"))
    order = [column.desc() for column in key] if kind.direction == "before" else list(key)
    return select(*columns).select_from(source).where(*conditions).order_by(*order).limit(kind.limit)


def _has_word(name: str, how: str, key: tuple[ColumnElement[Any], ColumnElement[Any]]) -> ColumnElement[bool]:
    other = _term.alias(f"word{name}")
    if how == "long":
        named = and_(
            other.c.term >= bindparam(f"from{name}", type_=String),
            other.c.term < bindparam(f"below{name}", type_=String),
        )
    else:
        named = other.c.term == bindparam(f"w{name}", type_=String)
    # The offset keeps PostgreSQL from planning all orders of joining the words: longer than asking itself.
    same = select(literal(1)).where(named, other.c.sort_key == key[0], other.c.client_id == key[1])
    return exists(same.offset(0))


def _manages_today() -> tuple[ColumnElement[bool], ...]:
    of_number = select(_clinician.c.id).where(_clinician.c.number == bindparam("clinician", type_=String))
    return (
        _manager.c.clinician_id == of_number.scalar_subquery(),
        _manager.c.removed_at.is_(None),
        today_in(_manager),
    )


def _receives_today() -> ColumnElement[bool]:
    of_code = select(_line.c.id).where(_line.c.code == bindparam("service_line", type_=String))
    return exists(
        select(literal(1)).where(
            _received.c.client_id == _client.c.id,
            _received.c.service_line_id == of_code.scalar_subquery(),
            today_in(_received),
        )
    )

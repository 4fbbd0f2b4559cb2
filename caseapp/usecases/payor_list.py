"""The payors of the practice: one page of them, with how many clients each pays for first today."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, String, Table, bindparam, func, select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import True_

from caseapp.domain.actor import Actor
from caseapp.domain.payor import must_be_enrolled
from caseapp.domain.payor_entry import TYPE_WORDS, PayorValues, requirement_words
from caseapp.models import Client, FundingSource, Payor
from caseapp.usecases.client_list_query import today_in
from caseapp.usecases.visibility import kept_by_sight, visible_to

PAGE = 50
MOST_COUNTED = 1_000
_payor = cast(Table, Payor.__table__)
_funding = cast(Table, FundingSource.__table__)
_KEY = (_payor.c.name, _payor.c.code)
_PLACE = select(*_KEY).where(_payor.c.public_id == bindparam("public_id", type_=String))


@dataclass(frozen=True, slots=True)
class PayorRow:
    """All as it is shown; `clients` are those whom the actor sees, with it as primary payor today."""

    id: str
    name: str
    code: str
    type: str
    requires: bool
    requirement: str
    clients: str


@dataclass(frozen=True, slots=True)
class PayorList:
    """A page; `next` is the payor to go on behind, None at the end."""

    rows: tuple[PayorRow, ...]
    next: str | None


def payor_list(session: Session, actor: Actor, today: date, after: str | None = None) -> PayorList:
    """A page of payors by name, in at most two statements. Nothing is counted beyond MOST_COUNTED."""
    connection = session.connection()
    values: dict[str, Any] = {"today": today}
    place = None
    if after:
        # The place is an ID: a name in an address could be a person's who pays.
        place = connection.execute(_PLACE, {"public_id": after}).one_or_none()
    if place is not None:
        values |= {"name": place[0], "code": place[1]}
    rows = connection.execute(_statement(actor, place is not None), values).all()
    shown = tuple(
        _row(
            row.public_id,
            PayorValues(
                code=row.code, name=row.name, type=row.type, requires_enrollment=row.requires_enrollment
            ),
            row.clients,
        )
        for row in rows[:PAGE]
    )
    return PayorList(shown, shown[-1].id if len(rows) > PAGE else None)


@kept_by_sight()
def _statement(actor: Actor, goes_on: bool) -> Select[Any]:
    """The page, put together once; where it `goes_on`, behind the place that is bound to name and code."""
    visible = visible_to(actor)
    counted = (
        select(_funding.c.client_id)
        .where(
            _funding.c.payor_id == _payor.c.id,
            _funding.c.priority == "primary",
            today_in(_funding),
        )
        .correlate(_payor)
        .limit(MOST_COUNTED + 1)
    )
    if not isinstance(visible, True_):  # who sees them all is not asked client by client
        counted = counted.join(Client, Client.id == _funding.c.client_id).where(visible)
    clients = counted.subquery()
    found = select(
        _payor.c.public_id,
        _payor.c.name,
        _payor.c.code,
        _payor.c.type,
        _payor.c.requires_enrollment,
        select(func.count()).select_from(clients).scalar_subquery().label("clients"),
    )
    if goes_on:
        place = tuple_(bindparam("name", type_=String), bindparam("code", type_=String))
        found = found.where(tuple_(*_KEY) > place)
    return found.order_by(*_KEY).limit(PAGE + 1)


def _row(public_id: str, values: PayorValues, clients: int) -> PayorRow:
    payor = values.payor
    return PayorRow(
        id=public_id,
        name=values.name,
        code=values.code,
        type=TYPE_WORDS[payor.type],
        requires=must_be_enrolled(payor),
        requirement=requirement_words(payor),
        clients=f"more than {MOST_COUNTED:,}" if clients > MOST_COUNTED else f"{clients:,}",
    )

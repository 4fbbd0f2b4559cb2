"""The payors of the practice: one page of them, with how many clients each pays for first today."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, String, Table, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.payor import must_be_enrolled
from caseapp.domain.payor_entry import TYPE_WORDS, PayorValues, requirement_words
from caseapp.models import FundingSource, Payor
from caseapp.usecases.client_list_query import today_in

PAGE = 50
MOST_COUNTED = 1_000
_payor = cast(Table, Payor.__table__)
_funding = cast(Table, FundingSource.__table__)
_KEY = (_payor.c.name, _payor.c.code)
_PLACE = select(*_KEY).where(_payor.c.public_id == bindparam("public_id", type_=String))


@dataclass(frozen=True, slots=True)
class PayorRow:
    """All as it is shown; `clients` are those with it as primary payor today."""

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


def payor_list(session: Session, today: date, after: str | None = None) -> PayorList:
    """A page of payors by name, in at most two statements. Nothing is counted beyond MOST_COUNTED.

    The numbers are those of the whole practice, whoever asks: they tell of no single client.
    """
    connection = session.connection()
    values: dict[str, Any] = {"today": today}
    place = None
    if after:
        # The place is an ID: a name in an address could be a person's who pays.
        place = connection.execute(_PLACE, {"public_id": after}).one_or_none()
    if place is not None:
        values |= {"name": place[0], "code": place[1]}
    rows = connection.execute(_statement(place is not None), values).all()
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


@cache
def _statement(goes_on: bool) -> Select[Any]:
    """The page, put together once; where it `goes_on`, behind the place that is bound to name and code."""
    counted = (
        select(_funding.c.client_id)
        .where(
            _funding.c.payor_id == _payor.c.id,
            _funding.c.priority == "primary",
            today_in(_funding),
        )
        .correlate(_payor)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    found = select(
        _payor.c.public_id,
        _payor.c.name,
        _payor.c.code,
        _payor.c.type,
        _payor.c.requires_enrollment,
        select(func.count()).select_from(counted).scalar_subquery().label("clients"),
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

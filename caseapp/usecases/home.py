"""The start page: what must be mended this week, what changes soon, and whose first session comes.

Read from the kept findings and turns; nothing is counted to its end. Source: docs/domain.md, *What comes
first*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_day import HORIZON, LOOK_AHEAD
from caseapp.domain.coverage_gap import place_from
from caseapp.domain.dates import ONE_DAY, day_of, first_instant
from caseapp.domain.period import OPEN
from caseapp.domain.practice import Practice
from caseapp.domain.weekly import ONE_WEEK, monday_of
from caseapp.usecases import home_query as query
from caseapp.usecases.coverage_gap import BATCH, refresh_due

SHOWN = 8
"""So many rows a card has."""


class ToMend(NamedTuple):
    """An error; `mend_by` is before today where it is overdue. `client` is the public ID."""

    client: str
    client_name: str
    service_line: str
    code: str
    mend_by: date
    at_risk: int
    message: str


class Change(NamedTuple):
    """One cause with so many clients; `last_day` is the last good one."""

    code: str
    last_day: date
    message: str
    clients: int


class Beginning(NamedTuple):
    """A client's first session in a service line.

    `covered_by` is the case manager of its day, empty where there is none; `late` where they start less than
    the notice before it.
    """

    client: str
    client_name: str
    service_line: str
    starts_at: datetime
    covered_by: str
    late: bool


@dataclass(frozen=True, slots=True)
class Home:
    """Each card with at most SHOWN rows, and whether there are more.

    `sunday` ends the week; `to_mend_many` and `changes_partly` say that not all were looked at. `refreshing`
    where more clients are still to be judged anew, `anybody` False where there are no clients at all.
    """

    sunday: date
    to_mend: tuple[ToMend, ...]
    to_mend_number: int
    to_mend_many: bool
    changes: tuple[Change, ...]
    more_changes: bool
    changes_partly: bool
    beginnings: tuple[Beginning, ...]
    more_beginnings: bool
    refreshing: bool
    anybody: bool


def home(session: Session, actor: Actor, now: datetime, practice: Practice) -> Home:
    """In six statements at most, after at most one batch of clients whose turn has come was judged anew."""
    today = day_of(now, practice.zone)
    refreshing = refresh_due(session, today, practice) >= BATCH
    sunday = monday_of(today) + ONE_WEEK - ONE_DAY
    connection = session.connection()
    until_sunday = {"until": place_from("error", sunday + ONE_DAY)}
    to_mend = connection.execute(query.to_mend(actor, SHOWN), until_sunday).all()
    number = len(to_mend)
    if number == SHOWN:
        number = connection.execute(query.number_to_mend(actor), until_sunday).scalar_one()
    days = {"since": today, "until": today + LOOK_AHEAD + ONE_DAY}
    soon = {name: place_from("warning", day) for name, day in days.items()}
    changes = connection.execute(query.changes(actor, SHOWN + 1), soon).all()
    beginnings = _beginnings(session, actor, now, today, practice)
    shown = bool(to_mend or changes or beginnings)
    # Whether the practice has any others is not theirs to know who see their own alone.
    anybody = shown or actor.sight is not None or connection.execute(query.ANYBODY).first() is not None
    return Home(
        sunday=sunday,
        to_mend=tuple(_to_mend(row) for row in to_mend),
        to_mend_number=number,
        to_mend_many=number >= query.MOST_COUNTED,
        changes=tuple(Change(*row[:4]) for row in changes[:SHOWN]),
        more_changes=len(changes) > SHOWN,
        changes_partly=bool(changes) and changes[0].looked_at >= query.MOST_CHANGES,
        beginnings=tuple(beginnings[:SHOWN]),
        more_beginnings=len(beginnings) > SHOWN,
        refreshing=refreshing,
        anybody=anybody,
    )


def _to_mend(row: Any) -> ToMend:
    public_id, last, first, *told = row
    return ToMend(public_id, _name(last, first), *told)


def _name(last: str, first: str) -> str:
    return f"{last}, {first}".strip(" ,")


def _beginnings(
    session: Session, actor: Actor, now: datetime, today: date, practice: Practice
) -> list[Beginning]:
    """The next first sessions, in two statements; one where there are none."""
    connection = session.connection()
    end = first_instant(today + HORIZON + ONE_DAY, practice.zone)
    lines = connection.execute(query.beginnings(actor, SHOWN + 1), {"now": now, "end": end}).all()
    if not lines:
        return []
    asked = {"client_ids": [row.client_id for row in lines]}
    managers: dict[tuple[int, int], list[Any]] = {}
    for row in connection.execute(query.CASE_MANAGERS, asked):
        managers.setdefault((row.client_id, row.service_line_id), []).append(row)
    return [
        _beginning(row, managers.get((row.client_id, row.service_line_id), ()), practice) for row in lines
    ]


def _beginning(row: Any, managers: Sequence[Any], practice: Practice) -> Beginning:
    """Late is told by the kept finding of the 24-hour rule, where this session is the one that decides."""
    day = day_of(row.first_session, practice.zone)
    covering = [m for m in managers if m.start_date <= day <= (m.end_date or OPEN)]
    names = [f"{m.first_name} {m.last_name}".strip() for m in covering]
    late = row.late_mend_by is not None and row.late_mend_by == day_of(
        row.first_session - practice.notice, practice.zone
    )
    return Beginning(
        row.public_id,
        _name(row.last_name, row.first_name),
        row.code,
        row.first_session,
        names[0] if names else "",
        late and bool(names),
    )

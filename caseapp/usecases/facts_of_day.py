"""Load of many clients what can matter to their coverage on one day; all else stays in the database.

The gaps of that day, its first sessions and its next turn are the same of these facts as of all. Most
sessions lie out of sight of every rule, and where the short way tells that all is well, no rule asks for any
but those of the horizon.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Date, Table, bindparam, or_, select, true, union_all
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_well import lines_to_judge, looks_beyond
from caseapp.models import Appointment as AppointmentRow
from caseapp.models import CaseManager, Client, ClientServiceLine, Clinician, ServiceLine
from caseapp.models.among import Among
from caseapp.models.base import Instant
from caseapp.usecases.collecting import no_collecting
from caseapp.usecases.facts import CLIENTS, STANDING_COLUMNS, load_periods, put_together
from caseapp.usecases.facts_made import Known, made_appointments, made_sessions
from caseapp.usecases.visibility import visible_to

CLIENTS_AT_ONCE = 500

_visit = cast(Table, AppointmentRow.__table__)
_other = _visit.alias("other")
_client = cast(Table, Client.__table__)
_manager = cast(Table, CaseManager.__table__)
_line = cast(Table, ServiceLine.__table__)
_clinician = cast(Table, Clinician.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_ON = bindparam("on", type_=Date)


def _counted(table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.billable, table.c.status != "cancelled"


def _from(name: str, table: Any = _visit) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], table.c.starts_at >= bindparam(name, type_=Instant))


def _before(name: str, table: Any = _visit) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], table.c.starts_at < bindparam(name, type_=Instant))


# Sessions that are not counted are asked for by no rule of coverage.
_START = select(_visit.c.client_id, _line.c.code, _visit.c.starts_at).where(*_counted(_visit))
_WHOLE = select(
    _visit.c.client_id, _line.c.code, _visit.c.starts_at, _visit.c.status, true(), _clinician.c.number
).where(*_counted(_visit))


def _one(of: Any, *where: ColumnElement[bool], order: Any) -> ColumnElement[bool]:
    """The session is the first in an order of those of a client."""
    first = select(_other.c.id).where(_other.c.client_id == of, *where, *_counted(_other))
    return _visit.c.id == first.order_by(order).limit(1).scalar_subquery()


_with_line = (_line, _line.c.id == _visit.c.service_line_id)
_with_clinician = (_clinician, _clinician.c.id == _visit.c.clinician_id)
_WITHIN = _START.join_from(_visit, *_with_line).where(
    Among(_visit.c.client_id, "client_ids"), _from("begin"), _before("end")
)
# Whether an episode has begun, the last session before the horizon tells as well as all. Where there is none,
# the row has no start.
_last_before = (
    select(_visit.c.starts_at)
    .where(
        _visit.c.client_id == _received.c.client_id,
        _visit.c.service_line_id == _received.c.service_line_id,
        _before("begin"),
        *_counted(_visit),
    )
    .order_by(_visit.c.starts_at.desc())
    .limit(1)
)
# The session behind the horizon makes the next turn.
_AROUND: CompoundSelect[Any] = union_all(
    _WITHIN,
    _START.join_from(_client, _visit, _one(_client.c.id, _from("end", _other), order=_other.c.starts_at))
    .join(*_with_line)
    .where(Among(_client.c.id, "client_ids")),
    select(_received.c.client_id, _line.c.code, _last_before.scalar_subquery())
    .join_from(_received, _line, _line.c.id == _received.c.service_line_id)
    .where(
        Among(_received.c.client_id, "client_ids"),
        _received.c.start_date < _ON,
        or_(_received.c.end_date.is_(None), _received.c.end_date >= _ON),
    ),
)
# Whether a line had sessions before, the last of them tells as well as all.
_IN_SIGHT = union_all(
    _WHOLE.join_from(_visit, *_with_line)
    .outerjoin(*_with_clinician)
    .where(Among(_visit.c.client_id, "client_ids"), _from("look_back"), _before("sight")),
    _WHOLE.distinct()
    .join_from(
        _manager,
        _visit,
        _one(
            _manager.c.client_id,
            _other.c.service_line_id == _manager.c.service_line_id,
            _before("look_back", _other),
            order=_other.c.starts_at.desc(),
        ),
    )
    .join(*_with_line)
    .outerjoin(*_with_clinician)
    .where(Among(_manager.c.client_id, "client_ids"), _manager.c.removed_at.is_(None)),
)
_STANDING = (
    select(*STANDING_COLUMNS)
    .join_from(_manager, _line, _line.c.id == _manager.c.service_line_id)
    .where(Among(_manager.c.client_id, "client_ids"), _manager.c.removed_at.is_(None))
)


class FactsOfDay:
    """The facts for one day asked. Use it within one transaction: what clients share is loaded once.

    With `gaps_only` they tell neither the next turn nor the first sessions of that day.
    """

    def __init__(self, session: Session, asked: CoverageDay, *, gaps_only: bool = False) -> None:
        self._connection = session.connection()
        self._asked = asked
        self._coming = _WITHIN if gaps_only else _AROUND
        self._known = Known()

    @no_collecting()
    def load(self, client_ids: Collection[int]) -> dict[int, ClientFacts]:
        """Of the clients with these row ids; unknown ones are left out. At most six statements."""
        of_clients = {"client_ids": list(client_ids)}
        rows = self._connection.execute(CLIENTS, of_clients).all()
        standing = self._connection.execute(_STANDING, of_clients).all()
        coming = made_sessions(self._rows(self._coming, client_ids))
        periods = load_periods(self._connection, [row.id for row in rows], self._known)
        belongings = replace(periods, sessions=coming)
        facts = put_together(self._connection, rows, standing, belongings, self._known)
        asked = self._asked
        judged = [
            row_id for row_id, of in facts.items() if looks_beyond(of, asked) and lines_to_judge(of, asked)
        ]
        if judged:
            sight, seen = asked.sight, made_appointments(self._rows(_IN_SIGHT, judged))
            for row_id in judged:
                beyond = [
                    a for a in coming.get(row_id, ()) if a.starts_at >= sight or a.starts_at < asked.look_back
                ]
                sessions = (*seen.get(row_id, ()), *beyond)
                facts[row_id] = replace(facts[row_id], appointments=sessions)
        return facts

    def _rows(self, statement: Any, client_ids: Iterable[int]) -> Sequence[Any]:
        asked = self._asked
        bounds = {name: getattr(asked, name) for name in ("on", "begin", "end", "look_back", "sight")}
        return self._connection.execute(statement, {"client_ids": list(client_ids)} | bounds).all()


def facts_of_all(session: Session, actor: Actor, asked: CoverageDay) -> Iterator[tuple[str, ClientFacts]]:
    """The public ID of every client whom the actor may see, and the facts that tell the gaps.

    A batch is in memory at a time.
    """
    last_id, loading = 0, FactsOfDay(session, asked, gaps_only=True)
    while True:
        page = select(Client.id, Client.public_id).where(visible_to(actor), Client.id > last_id)
        rows = session.execute(page.order_by(Client.id).limit(CLIENTS_AT_ONCE)).all()
        if not rows:
            return
        last_id, public_ids = rows[-1].id, {row.id: row.public_id for row in rows}
        for client_id, facts in loading.load(public_ids).items():
            yield public_ids[client_id], facts

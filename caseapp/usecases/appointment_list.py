"""A client's appointments as the tab Appointments shows them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Integer, String, Table, bindparam, select, tuple_
from sqlalchemy.orm import Session

from caseapp.models import Appointment, Clinician, ServiceLine
from caseapp.models.base import Instant
from caseapp.usecases.client_page import clinician_name

_appointment = cast(Table, Appointment.__table__)
_line = cast(Table, ServiceLine.__table__)
_clinician = cast(Table, Clinician.__table__)

# The statements are put together once: that costs more than a database needs to answer them.
_OF_CLIENT = (
    select(
        _appointment.c.id,
        _appointment.c.public_id,
        _appointment.c.version,
        _appointment.c.number,
        _appointment.c.starts_at,
        _appointment.c.minutes,
        _line.c.code,
        _clinician.c.first_name,
        _clinician.c.last_name,
        _clinician.c.credential,
        _appointment.c.status,
        _appointment.c.billable,
    )
    .select_from(
        _appointment.join(_line, _line.c.id == _appointment.c.service_line_id).outerjoin(
            _clinician, _clinician.c.id == _appointment.c.clinician_id
        )
    )
    .where(_appointment.c.client_id == bindparam("client_id", type_=Integer))
)
_PLACE = tuple_(_appointment.c.starts_at, _appointment.c.id)
_GIVEN = tuple_(bindparam("start", type_=Instant), bindparam("id", type_=Integer))
_PART = bindparam("part", type_=Integer)
_FROM = _OF_CLIENT.where(_PLACE > _GIVEN).order_by(_appointment.c.starts_at, _appointment.c.id).limit(_PART)
_BEFORE = (
    _OF_CLIENT.where(_PLACE < _GIVEN)
    .order_by(_appointment.c.starts_at.desc(), _appointment.c.id.desc())
    .limit(_PART)
)
_ONE = _OF_CLIENT.where(_appointment.c.public_id == bindparam("public_id", type_=String))
BEGINNING = (datetime(1900, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment; `clinician` is empty where nobody is named."""

    id: int
    public_id: str
    version: int
    number: str
    starts_at: datetime
    minutes: int
    service_line: str
    clinician: str
    status: str
    billable: bool


def appointments(
    session: Session,
    client_id: int,
    *,
    since: tuple[datetime, int] = BEGINNING,
    until: tuple[datetime, int] | None = None,
    limit: int = 25,
) -> tuple[list[Visit], bool]:
    """Up to `limit` appointments, and whether there are more behind them.

    From `since` (an instant, and the id of the appointment before the part; 0 for none) on, the earliest
    first; or before `until`, the latest first.
    """
    asked: dict[str, Any] = {"client_id": client_id, "part": limit + 1}
    asked["start"], asked["id"] = until or since
    statement = _BEFORE if until is not None else _FROM
    visits = [_visit(row) for row in session.connection().execute(statement, asked)]
    return visits[:limit], len(visits) > limit


def appointment(session: Session, client_id: int, public_id: str) -> Visit | None:
    """One appointment of the client, None where there is none."""
    asked = {"client_id": client_id, "public_id": public_id}
    row = session.connection().execute(_ONE, asked).one_or_none()
    return _visit(row) if row else None


def _visit(row: Any) -> Visit:
    return Visit(
        id=row.id,
        public_id=row.public_id,
        version=row.version,
        number=row.number,
        starts_at=row.starts_at,
        minutes=row.minutes,
        service_line=row.code,
        clinician=clinician_name(row.first_name, row.last_name, row.credential),
        status=row.status,
        billable=row.billable,
    )

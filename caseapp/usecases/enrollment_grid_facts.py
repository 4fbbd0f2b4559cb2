"""What the grid of enrollments asks of the database, in a statement for each kind of thing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Date, Integer, Select, String, Table, bindparam, select, tuple_
from sqlalchemy.orm import Session

from caseapp.domain.payor import Payor as PayorFacts
from caseapp.models import Clinician, ClinicianServiceLine, Enrollment, Payor, ServiceLine
from caseapp.usecases.enrollment_single import active_on

_clinician = cast(Table, Clinician.__table__)
_enrollment = cast(Table, Enrollment.__table__)
_payor = cast(Table, Payor.__table__)
_practised = cast(Table, ClinicianServiceLine.__table__)
_line = cast(Table, ServiceLine.__table__)
_IDS = bindparam("ids", expanding=True, type_=Integer)
_KEY = (_clinician.c.last_name, _clinician.c.first_name, _clinician.c.id)

# The statements are put together once: that costs more than a database needs to answer them.
_PLACE = select(*_KEY).where(_clinician.c.public_id == bindparam("public_id", type_=String))
_LINES = select(_line.c.code, _line.c.id).order_by(_line.c.code)
_PAYORS = select(
    _payor.c.id, _payor.c.public_id, _payor.c.code, _payor.c.name, _payor.c.type, _payor.c.requires_enrollment
).order_by(_payor.c.name, _payor.c.code)
_PRACTISED = (
    select(_practised.c.clinician_id, _line.c.code)
    .join_from(_practised, _line, _line.c.id == _practised.c.service_line_id)
    .where(_practised.c.clinician_id.in_(_IDS))
)
ENROLLMENTS = select(
    _enrollment.c.clinician_id,
    _enrollment.c.payor_id,
    _enrollment.c.id,
    _enrollment.c.public_id,
    _enrollment.c.status,
    _enrollment.c.start_date,
    _enrollment.c.end_date,
    _enrollment.c.applied_on,
).where(
    _enrollment.c.clinician_id.in_(_IDS),
    _enrollment.c.payor_id.in_(bindparam("payors", expanding=True, type_=Integer)),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Empty filters ask for any: `service_line` and `payor` are codes, `everybody` takes inactive ones too.

    `after` is the public ID of the clinician, `column` of the payor, behind which the page begins.
    """

    service_line: str = ""
    payor: str = ""
    everybody: bool = False
    after: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A payor; `row_id` is its row in the database."""

    row_id: int
    id: str
    code: str
    name: str


def payors_by_name(session: Session) -> list[tuple[Column, PayorFacts]]:
    """All payors."""
    return [
        (Column(row_id, public_id, code, name), PayorFacts(code, name, kind, requires))
        for row_id, public_id, code, name, kind, requires in session.connection().execute(_PAYORS)
    ]


def line_ids(session: Session) -> dict[str, int]:
    """Row ids of all service lines by code, in the order of the codes."""
    return dict(session.connection().execute(_LINES).all())


def clinicians_by_name(session: Session, question: Question, most: int, today: date) -> list[Any]:
    """Row id, public ID, names, credential, and whether they are active; `most` of them by name."""
    connection, place = session.connection(), None
    if question.after:
        place = connection.execute(_PLACE, {"public_id": question.after}).one_or_none()
    asked: dict[str, Any] = {"today": today, "code": question.service_line, "part": most}
    if place is not None:
        asked |= {"last_name": place[0], "first_name": place[1], "id": place[2]}
    statement = _people(question.everybody, bool(question.service_line), place is not None)
    return list(connection.execute(statement, asked))


@cache
def _people(everybody: bool, of_line: bool, goes_on: bool) -> Select[Any]:
    active = active_on(bindparam("today", type_=Date))
    found = select(
        _clinician.c.id,
        _clinician.c.public_id,
        _clinician.c.first_name,
        _clinician.c.last_name,
        _clinician.c.credential,
        active.label("active"),
    )
    if not everybody:
        found = found.where(active)
    if of_line:
        practising = (
            select(_practised.c.clinician_id)
            .join_from(_practised, _line, _line.c.id == _practised.c.service_line_id)
            .where(_line.c.code == bindparam("code", type_=String))
        )
        found = found.where(_clinician.c.id.in_(practising))
    if goes_on:
        place = tuple_(
            bindparam("last_name", type_=String),
            bindparam("first_name", type_=String),
            bindparam("id", type_=Integer),
        )
        found = found.where(tuple_(*_KEY) > place)
    return found.order_by(*_KEY).limit(bindparam("part", type_=Integer))


def lines_practised(session: Session, people: list[Any]) -> dict[int, list[str]]:
    """Codes by row id of the clinician, in no order."""
    found: dict[int, list[str]] = defaultdict(list)
    asked = {"ids": [person[0] for person in people]}
    for clinician_id, code in session.connection().execute(_PRACTISED, asked).all():
        found[clinician_id].append(code)
    return found


def enrollments_with(
    session: Session, people: list[Any], columns: list[Column]
) -> dict[tuple[int, int], list[Any]]:
    """The rows of ENROLLMENTS by row id of clinician and payor, the latest first."""
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    asked = {"ids": [person[0] for person in people], "payors": [column.row_id for column in columns]}
    for row in session.connection().execute(ENROLLMENTS, asked).all():
        found[row[0], row[1]].append(row)
    for periods in found.values():
        if len(periods) > 1:
            periods.sort(key=lambda one: (one[5] or date.max, one[2]), reverse=True)
    return found

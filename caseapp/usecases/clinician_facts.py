"""Load clinicians with their enrollments, leaves and service lines, in one statement or two."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Date,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from caseapp.domain.clinician import Clinician, Leave
from caseapp.domain.enrollment import Enrollment
from caseapp.models import Clinician as ClinicianRow
from caseapp.models import ClinicianServiceLine as Practised
from caseapp.models import Enrollment as EnrollmentRow
from caseapp.models import Leave as LeaveRow
from caseapp.models import Payor, ServiceLine

_clinician_table = cast(Table, ClinicianRow.__table__)
_enrollment = cast(Table, EnrollmentRow.__table__)
_leave = cast(Table, LeaveRow.__table__)
_practised = cast(Table, Practised.__table__)
_payor = cast(Table, Payor.__table__)
_line = cast(Table, ServiceLine.__table__)

_ALL = select(
    _clinician_table.c.id,
    _clinician_table.c.number,
    _clinician_table.c.first_name,
    _clinician_table.c.last_name,
    _clinician_table.c.credential,
    _clinician_table.c.npi,
    _clinician_table.c.may_be_case_manager,
    _clinician_table.c.active_from,
    _clinician_table.c.active_to,
    _clinician_table.c.caseload_limit,
    _clinician_table.c.public_id,
)


def _belonging(only: Any = None, *more: Any) -> list[Select[Any]]:
    """Enrollments, leaves and service lines; `only` bounds their clinicians, `more` are columns behind."""
    enrollments = select(
        _enrollment.c.clinician_id,
        _enrollment.c.start_date,
        _enrollment.c.end_date,
        _enrollment.c.applied_on,
        _payor.c.code.label("code"),
        _enrollment.c.status.label("kind"),
        *more,
    ).join_from(_enrollment, _payor, _payor.c.id == _enrollment.c.payor_id)
    leaves = select(
        _leave.c.clinician_id,
        _leave.c.start_date,
        _leave.c.end_date,
        null(),
        _leave.c.note,
        literal("leave"),
        *more,
    )
    lines = select(
        _practised.c.clinician_id, null(), null(), null(), _line.c.code, literal("line"), *more
    ).join_from(_practised, _line, _line.c.id == _practised.c.service_line_id)
    if only is None:
        return [enrollments, leaves, lines]
    return [
        enrollments.where(_enrollment.c.clinician_id.in_(only)),
        leaves.where(_leave.c.clinician_id.in_(only)),
        lines.where(_practised.c.clinician_id.in_(only)),
    ]


_IDS = bindparam("ids", expanding=True, type_=Integer)
_OF_ALL = union_all(*_belonging())
_OF_THESE = union_all(*_belonging(_IDS))
_wanted = (
    select(_clinician_table.c.id)
    .where(
        or_(
            _clinician_table.c.id.in_(_IDS),
            _clinician_table.c.number.in_(bindparam("numbers", expanding=True, type_=String)),
        )
    )
    .cte("wanted")
)
_AS_CLINICIAN = (
    _clinician_table.c.first_name,
    _clinician_table.c.last_name,
    _clinician_table.c.credential,
    _clinician_table.c.npi,
    _clinician_table.c.may_be_case_manager,
    _clinician_table.c.caseload_limit,
    _clinician_table.c.public_id,
)
# A clinician's own columns stand where they fit among those of what belongs to it, and behind them.
_SOME = union_all(
    select(
        _clinician_table.c.id,
        _clinician_table.c.active_from,
        _clinician_table.c.active_to,
        sql_cast(null(), Date),
        _clinician_table.c.number,
        literal("clinician").label("kind"),
        *_AS_CLINICIAN,
    ).where(_clinician_table.c.id.in_(select(_wanted.c.id))),
    *_belonging(select(_wanted.c.id), *(null() for _ in _AS_CLINICIAN)),
)


def load_clinicians(session: Session, which: Any = None) -> dict[int, Clinician]:
    """The clinicians under a condition on their table (None: all) by row id, with all that the rules ask.

    Two statements, however many.
    """
    connection = session.connection()
    if which is None:
        return _made(connection.execute(_ALL).all(), connection.execute(_OF_ALL).all())
    rows = connection.execute(_ALL.where(which)).all()
    return _made(rows, connection.execute(_OF_THESE, {"ids": [row.id for row in rows]}).all()) if rows else {}


def load_some_clinicians(
    connection: Connection, ids: Collection[int], numbers: Collection[str] = ()
) -> dict[int, Clinician]:
    """The same of those with these row ids or numbers, in one statement; unknown ones are left out."""
    rows = connection.execute(_SOME, {"ids": list(ids), "numbers": list(numbers)}).all()
    return _made([row for row in rows if row.kind == "clinician"], rows)


def _made(rows: Iterable[Any], belongings: Iterable[Any]) -> dict[int, Clinician]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in belongings:
        found[row[0]].append(row)
    return {row.id: _clinician(row, found.get(row.id, ())) for row in rows}


def _clinician(row: Any, belongings: Iterable[Any]) -> Clinician:
    enrollments, leaves, lines = [], [], []
    for _, start, end, applied_on, code, kind, *_ in belongings:
        if kind == "clinician":
            continue
        if kind == "line":
            lines.append(code)
        elif kind == "leave":
            leaves.append(Leave(start=start, end=end, note=code or ""))
        else:
            enrollments.append(Enrollment(code, cast(Any, kind), start, end, applied_on))
    return Clinician(
        id=row.public_id,
        number=row.number,
        first_name=row.first_name,
        last_name=row.last_name,
        credential=row.credential,
        npi=row.npi,
        service_lines=frozenset(lines),
        may_be_case_manager=row.may_be_case_manager,
        active_from=row.active_from,
        active_to=row.active_to,
        caseload_limit=row.caseload_limit,
        enrollments=tuple(enrollments),
        leaves=tuple(leaves),
    )

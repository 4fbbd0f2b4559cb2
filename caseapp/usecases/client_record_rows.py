"""The statement behind a save of a client's records: what there is to choose from, what the client has."""

from typing import Any, cast

from sqlalchemy import Boolean, Date, Integer, String, Table, bindparam, literal, null, select, union_all
from sqlalchemy import cast as sql_cast

from caseapp.models import Appointment, ClientServiceLine, Clinician, FundingSource, Payor, ServiceLine
from caseapp.models.base import Instant

_line = cast(Table, ServiceLine.__table__)
_payor = cast(Table, Payor.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_funding = cast(Table, FundingSource.__table__)
_visit = cast(Table, Appointment.__table__)
_clinician = cast(Table, Clinician.__table__)
_OF_CLIENT = bindparam("of_client", type_=Integer)
# PostgreSQL takes the empty columns of a union for text unless it is told.
_NO_DATE = sql_cast(null(), Date)
_NO_TEXT = sql_cast(null(), String)
_NO_NUMBER = sql_cast(null(), Integer)
_NO_FLAG = sql_cast(null(), Boolean)
_NO_INSTANT = sql_cast(null(), Instant)


def _known(kind: str, table: Table, more: Any = _NO_TEXT, requires: Any = _NO_FLAG) -> Any:
    return select(
        literal(kind).label("kind"),
        table.c.id,
        table.c.code,
        table.c.name,
        _NO_TEXT.label("public_id"),
        _NO_NUMBER.label("version"),
        _NO_DATE.label("start_date"),
        _NO_DATE.label("end_date"),
        more.label("priority"),
        requires.label("requires"),
        _NO_INSTANT.label("starts_at"),
    )


RECORDS = union_all(
    _known("line", _line),
    # A payor's type stands where the others have their priority.
    _known("payor", _payor, _payor.c.type, _payor.c.requires_enrollment),
    select(
        literal("received"),
        _received.c.id,
        _line.c.code,
        _NO_TEXT,
        _received.c.public_id,
        _received.c.version,
        _received.c.start_date,
        _received.c.end_date,
        _NO_TEXT,
        _NO_FLAG,
        _NO_INSTANT,
    )
    .join_from(_received, _line, _line.c.id == _received.c.service_line_id)
    .where(_received.c.client_id == _OF_CLIENT),
    select(
        literal("funding"),
        _funding.c.id,
        _payor.c.code,
        _funding.c.member_id,
        _funding.c.public_id,
        _funding.c.version,
        _funding.c.start_date,
        _funding.c.end_date,
        _funding.c.priority,
        _NO_FLAG,
        _NO_INSTANT,
    )
    .join_from(_funding, _payor, _payor.c.id == _funding.c.payor_id)
    .where(_funding.c.client_id == _OF_CLIENT),
    # A session's clinician, status and whether it is billable stand where the others have something like it.
    select(
        literal("session"),
        _visit.c.id,
        _line.c.code,
        _clinician.c.number,
        _NO_TEXT,
        _NO_NUMBER,
        _NO_DATE,
        _NO_DATE,
        _visit.c.status,
        _visit.c.billable,
        _visit.c.starts_at,
    )
    .join_from(_visit, _line, _line.c.id == _visit.c.service_line_id)
    .outerjoin(_clinician, _clinician.c.id == _visit.c.clinician_id)
    .where(_visit.c.client_id == _OF_CLIENT),
)
"""What the practice knows to choose from, and the client's own rows, in one statement."""

"""The statements of the client list beside its page: lines and findings of today, and the filters."""

import json
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from caseapp.models import CaseManager, Client, ClientServiceLine, Clinician, CoverageFinding, ServiceLine
from caseapp.usecases.client_list_query import today_in

_line = cast(Table, ServiceLine.__table__)
_received = cast(Table, ClientServiceLine.__table__)
_manager = cast(Table, CaseManager.__table__)
_clinician = cast(Table, Clinician.__table__)
_finding = cast(Table, CoverageFinding.__table__)


def ids_as_sent(ids: list[int], database: str) -> Any:
    """The value of `ids` for `lines_statement`: all in one, for SQLite takes longer over fifty values."""
    return json.dumps(ids) if database == "sqlite" else ids


def of_page(database: str) -> Any:
    """The ids that `ids_as_sent` sends, as a statement."""
    if database == "sqlite":
        return select(func.json_each(bindparam("ids", type_=String)).table_valued("value").c.value)
    return select(func.unnest(bindparam("ids", type_=ARRAY(Integer))).column_valued("page"))


@cache
def lines_statement(database: str) -> CompoundSelect[Any]:
    """Of the clients `ids`: the kept findings, and the lines open today with today's case manager.

    Of a finding: client_id, the line's code, severity, code, mend_by. Of an open line: client_id, the line's
    code, three empty columns, and the first name, last name and credential.
    """
    page = of_page(database)
    findings = (
        select(
            _finding.c.client_id,
            _line.c.code.label("line"),
            _finding.c.severity,
            _finding.c.code,
            _finding.c.mend_by,
            literal("").label("first"),
            literal("").label("last"),
            literal("").label("credential"),
        )
        .join_from(_finding, _line, _line.c.id == _finding.c.service_line_id)
        .where(_finding.c.client_id.in_(page), _finding.c.severity != "information")
    )
    today = and_(
        _manager.c.client_id == _received.c.client_id,
        _manager.c.service_line_id == _received.c.service_line_id,
        _manager.c.removed_at.is_(None),
        today_in(_manager),
    )
    lines = (
        select(
            _received.c.client_id,
            _line.c.code,
            null(),
            null(),
            null(),
            _clinician.c.first_name,
            _clinician.c.last_name,
            _clinician.c.credential,
        )
        .select_from(
            _received.join(_line, _line.c.id == _received.c.service_line_id)
            .outerjoin(_manager, today)
            .outerjoin(_clinician, _clinician.c.id == _manager.c.clinician_id)
        )
        .where(_received.c.client_id.in_(page), today_in(_received))
    )
    return union_all(findings, lines)


@cache
def choices_statement(most: int) -> CompoundSelect[Any]:
    """What the filters offer, in no order: `line`, code, name; and `clinician`, number, names, credential.

    Where there are more clinicians than `most` there is one row `many` instead of theirs.
    """
    lines = select(literal("line"), _line.c.code, _line.c.name, literal(""), literal(""))
    may = _clinician.c.may_be_case_manager
    one_more = exists(select(literal(1)).select_from(_clinician).limit(1).offset(most))
    people = select(
        literal("clinician"),
        _clinician.c.number,
        _clinician.c.last_name,
        _clinician.c.first_name,
        _clinician.c.credential,
    ).where(may, ~one_more)
    many = select(literal("many"), literal(""), literal(""), literal(""), literal("")).where(one_more)
    return union_all(lines, people, many)


CHOICES_STATE = union_all(
    *(
        select(func.count(), func.max(table.c.id), func.sum(table.c.version)).select_from(table)
        for table in (_line, _clinician)
    )
)
"""Two rows that differ wherever something that the filters offer was added, changed or taken away."""


def anybody() -> Select[Any]:
    """A row where there is any client at all."""
    return select(Client.id).limit(1)

"""The statements of the caseloads, each put together once for those who see the same clients."""

from typing import Any, cast

from sqlalchemy import (
    CompoundSelect,
    Date,
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
    type_coerce,
    union_all,
)
from sqlalchemy import cast as typed
from sqlalchemy.sql.elements import True_

from caseapp.domain.actor import Actor
from caseapp.domain.caseload import MOST_SESSIONS
from caseapp.models import (
    Appointment,
    CaseManager,
    Client,
    Clinician,
    ClinicianServiceLine,
    Enrollment,
    Payor,
    ServiceLine,
)
from caseapp.models.base import Instant
from caseapp.usecases.client_list_details import of_page
from caseapp.usecases.client_list_query import TODAY, today_in
from caseapp.usecases.clinician_caseload import clients_today
from caseapp.usecases.visibility import kept_by_sight, visible_to

ONE_MINUTE = 1_000
"""What a minute weighs in the sum of a week, in which each session weighs one: both come out of one look."""
assert ONE_MINUTE > MOST_SESSIONS

_clinician = cast(Table, Clinician.__table__)
_client = cast(Table, Client.__table__)
_manager = cast(Table, CaseManager.__table__)
_visit = cast(Table, Appointment.__table__)
_enrollment = cast(Table, Enrollment.__table__)
_payor = cast(Table, Payor.__table__)
_line = cast(Table, ServiceLine.__table__)
_practised = cast(Table, ClinicianServiceLine.__table__)

ANYBODY = select(_clinician.c.id).limit(1)
ENROLLMENTS_OF_ONE = (
    select(
        _payor.c.code, _payor.c.name, _enrollment.c.status, _enrollment.c.start_date, _enrollment.c.end_date
    )
    .join_from(_enrollment, _payor, _payor.c.id == _enrollment.c.payor_id)
    .where(_enrollment.c.clinician_id == bindparam("clinician", type_=Integer))
)


@kept_by_sight()
def loads_statement(actor: Actor, database: str) -> Select[Any]:
    """Of the clinicians `ids`: their own columns, `clients` of today, and `week` (see ONE_MINUTE)."""
    return select(
        _clinician.c.id,
        _clinician.c.public_id,
        _clinician.c.last_name,
        _clinician.c.first_name,
        _clinician.c.number,
        _clinician.c.credential,
        _clinician.c.active_from,
        _clinician.c.active_to,
        _clinician.c.caseload_limit,
        clients_today(actor).label("clients"),
        _week(actor).label("week"),
    ).where(_clinician.c.id.in_(of_page(database)))


def _week(actor: Actor) -> Any:
    """The sessions from `begin` to `end` that are not cancelled, from one index alone."""
    sessions = (
        select(_visit.c.minutes)
        .where(
            _visit.c.clinician_id == _clinician.c.id,
            _visit.c.starts_at >= bindparam("begin", type_=Instant),
            _visit.c.starts_at < bindparam("end", type_=Instant),
            _visit.c.status != "cancelled",
        )
        .limit(MOST_SESSIONS)
        .correlate(_clinician)
    )
    visible = visible_to(actor)
    if not isinstance(visible, True_):
        sessions = sessions.join(_client, _client.c.id == _visit.c.client_id).where(visible)
    own = sessions.subquery("own_sessions")
    return select(func.sum(own.c.minutes * ONE_MINUTE + 1)).scalar_subquery()


@kept_by_sight()
def details_statement(actor: Actor, database: str) -> CompoundSelect[Any]:
    """Of the clinicians `ids`, in no order: kind, clinician, key, first, last, start, end, number.

    `line` has the code of a line practised as key; `enrollment` the payor's code as key, the status as first
    and the payor's name as last, of those payors alone with whom something ends by `until`; `interim` and
    `held` the other clinician with the number of cases.
    """
    page = of_page(database)
    no_text, no_day, none = typed(null(), String), typed(null(), Date), literal(0)
    lines = (
        select(
            literal("line"), _practised.c.clinician_id, _line.c.code, no_text, no_text, no_day, no_day, none
        )
        .join_from(_practised, _line, _line.c.id == _practised.c.service_line_id)
        .where(_practised.c.clinician_id.in_(page))
    )
    ends = _enrollment.alias("ends")
    enrollments = (
        select(
            literal("enrollment"),
            _enrollment.c.clinician_id,
            type_coerce(_payor.c.code, String),
            _enrollment.c.status,
            _payor.c.name,
            _enrollment.c.start_date,
            _enrollment.c.end_date,
            none,
        )
        .join_from(_enrollment, _payor, _payor.c.id == _enrollment.c.payor_id)
        .where(
            _enrollment.c.clinician_id.in_(page),
            exists().where(
                ends.c.clinician_id == _enrollment.c.clinician_id,
                ends.c.payor_id == _enrollment.c.payor_id,
                ends.c.end_date >= TODAY,
                ends.c.end_date <= bindparam("until", type_=Date),
            ),
        )
    )
    cases = (
        _cases(actor, kind, own, other, page)
        for kind, own, other in (
            ("interim", _manager.c.clinician_id, _manager.c.for_clinician_id),
            ("held", _manager.c.for_clinician_id, _manager.c.clinician_id),
        )
    )
    return union_all(lines, enrollments, *cases)


def _cases(actor: Actor, kind: str, own: Any, other: Any, page: Any) -> Select[Any]:
    """The cases of interims, counted by the other clinician."""
    somebody = _clinician.alias("somebody")
    names = (somebody.c.public_id, somebody.c.first_name, somebody.c.last_name)
    return (
        select(
            literal(kind),
            own,
            *names,
            typed(null(), Date),
            typed(null(), Date),
            func.count(),
        )
        .select_from(
            _manager.join(_client, _client.c.id == _manager.c.client_id).join(
                somebody, somebody.c.id == other
            )
        )
        .where(own.in_(page), case_today(), visible_to(actor))
        .where(_manager.c.for_clinician_id.is_not(None))
        .group_by(own, *names)
    )


def case_today() -> Any:
    """Over case_manager and client: a case of an active client on the day bound to TODAY.

    The status is no column here but a value, lest a database begin with all active clients.
    """
    active = _client.c.status.concat("") == "active"
    return and_(_manager.c.removed_at.is_(None), today_in(_manager), active)

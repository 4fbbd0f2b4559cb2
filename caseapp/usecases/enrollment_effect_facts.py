"""What a change of an enrollment is told from: its event, the record as it stands, the past sessions."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Date, Integer, Select, String, Table, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from caseapp.domain import payor as payors
from caseapp.domain.actor import Actor
from caseapp.domain.dates import ONE_DAY, first_instant
from caseapp.domain.enrollment import Enrollment as Standing
from caseapp.domain.enrollment_entry import EnrollmentValues, values_told
from caseapp.domain.period import Period
from caseapp.domain.practice import Practice
from caseapp.models import (
    Appointment,
    AuditEvent,
    CaseManager,
    Client,
    Enrollment,
    FundingSource,
    Payor,
    ServiceLine,
)
from caseapp.models.base import Instant
from caseapp.usecases.enrollment_record_facts import ENTITY
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.visibility import kept_by_sight, visible_to

MOST = 5_000

_manager = cast(Table, CaseManager.__table__)
_client = cast(Table, Client.__table__)
_service_line = cast(Table, ServiceLine.__table__)
_visit = cast(Table, Appointment.__table__)
_enrollment = cast(Table, Enrollment.__table__)
_source = cast(Table, FundingSource.__table__)
_payor = cast(Table, Payor.__table__)
_event = cast(Table, AuditEvent.__table__)
_FIRST, _LAST = (bindparam(name, type_=Date) for name in ("first", "last"))
_OF_ENROLLMENT = bindparam("enrollment", type_=String)

# The statements are put together once: that costs more than a database needs to answer them.
_EVENTS = (
    select(_event.c.action, _event.c.subject_id, _event.c.before, _event.c.after)
    .where(_event.c.entity == ENTITY, _event.c.entity_id == _OF_ENROLLMENT)
    .order_by(_event.c.id.desc())
)
_STANDING = (
    select(
        _payor.c.code,
        _enrollment.c.status,
        _enrollment.c.applied_on,
        _enrollment.c.start_date,
        _enrollment.c.end_date,
        _enrollment.c.learned_on,
    )
    .join_from(_enrollment, _payor, _payor.c.id == _enrollment.c.payor_id)
    .where(_enrollment.c.public_id == _OF_ENROLLMENT)
)
_PRIMARIES = (
    select(
        _source.c.client_id,
        _source.c.start_date,
        _source.c.end_date,
        _source.c.priority,
        _payor.c.code,
        _payor.c.name,
        _payor.c.type,
        _payor.c.requires_enrollment,
    )
    .join_from(_source, _payor, _payor.c.id == _source.c.payor_id)
    .where(
        _source.c.client_id.in_(bindparam("clients", expanding=True, type_=Integer)),
        _source.c.priority == "primary",
        _source.c.start_date <= _LAST,
        or_(_source.c.end_date.is_(None), _source.c.end_date >= _FIRST),
    )
)


@dataclass(frozen=True, slots=True)
class EnrollmentChange:
    """One event of an enrollment; `clinician` is a public ID.

    `before` and `after` are None where there was or is none.
    """

    version: int
    clinician: str
    before: EnrollmentValues | None
    after: EnrollmentValues | None


def load_change(session: Session, enrollment: str, version: int | None) -> EnrollmentChange:
    """The change to this version, None for the latest. Raises UnknownRecord."""
    events = session.connection().execute(_EVENTS, {"enrollment": enrollment}).all()
    for action, subject, before, after in events:
        reached = (after or {}).get("version")
        if subject and reached is not None and version in (None, reached):
            return EnrollmentChange(
                reached,
                subject,
                values_told(before) if before else None,
                values_told(after) if action != "remove" else None,
            )
    raise UnknownRecord


def load_standing(session: Session, enrollment: str) -> Standing | None:
    """The enrollment as it is now, None where it was removed."""
    row = session.connection().execute(_STANDING, {"enrollment": enrollment}).one_or_none()
    if row is None:
        return None
    return EnrollmentValues(
        payor=row.code,
        status=row.status,
        applied_on=row.applied_on,
        start_date=row.start_date,
        end_date=row.end_date,
        learned_on=row.learned_on,
    ).enrollment


def load_visits(
    session: Session,
    actor: Actor,
    clinician_id: int,
    codes: Collection[str],
    days: Period,
    now: datetime,
    practice: Practice,
) -> list[Any]:
    """The sessions on these days before now of the lines whose case manager the clinician was at any time.

    Of clients without a primary payor of these codes on any day a change of them tells nothing.
    """
    asked = {
        "clinician": clinician_id,
        "first": days.start,
        "last": days.last,
        "since": first_instant(days.start, practice.zone),
        "until": min(now, first_instant(days.last + ONE_DAY, practice.zone)),
        "codes": sorted(codes),
        "most": MOST + 1,
    }
    return list(session.connection().execute(_visits(actor), asked).all())


@kept_by_sight()
def _visits(actor: Actor) -> Select[Any]:
    paid = exists().where(
        _source.c.client_id == _manager.c.client_id,
        _source.c.priority == "primary",
        _payor.c.id == _source.c.payor_id,
        _payor.c.code.in_(bindparam("codes", expanding=True, type_=String)),
    )
    return (
        select(
            _visit.c.number,
            _visit.c.starts_at,
            _visit.c.minutes,
            _visit.c.status,
            _visit.c.billable,
            _visit.c.client_id,
            _client.c.public_id,
            _client.c.first_name,
            _client.c.last_name,
            _client.c.number.label("client_number"),
            _service_line.c.code,
            _manager.c.start_date,
            _manager.c.end_date,
        )
        .select_from(
            _manager.join(_client, _client.c.id == _manager.c.client_id)
            .join(_service_line, _service_line.c.id == _manager.c.service_line_id)
            .join(
                _visit,
                and_(
                    _visit.c.client_id == _manager.c.client_id,
                    _visit.c.service_line_id == _manager.c.service_line_id,
                ),
            )
        )
        .where(
            _manager.c.clinician_id == bindparam("clinician", type_=Integer),
            _manager.c.removed_at.is_(None),
            _manager.c.start_date <= _LAST,
            or_(_manager.c.end_date.is_(None), _manager.c.end_date >= _FIRST),
            paid,
            _visit.c.starts_at >= bindparam("since", type_=Instant),
            _visit.c.starts_at < bindparam("until", type_=Instant),
            visible_to(actor),
        )
        .order_by(_visit.c.starts_at.desc(), _client.c.number, _service_line.c.code, _visit.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def load_primaries(
    session: Session, client_ids: set[int], days: Period
) -> Mapping[int, tuple[payors.FundingSource, ...]]:
    """The primary funding sources of these clients that hold any of the days."""
    found: dict[int, tuple[payors.FundingSource, ...]] = defaultdict(tuple)
    asked = {"clients": list(client_ids), "first": days.start, "last": days.last}
    rows: Any = session.connection().execute(_PRIMARIES, asked).all()
    for client_id, start, end, priority, code, name, kind, requires in rows:
        payor = payors.Payor(code, name, kind, requires)
        source = payors.FundingSource(payor=payor, priority=priority, start=start, end=end)
        found[client_id] += (source,)
    return found

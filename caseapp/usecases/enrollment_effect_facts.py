"""What a change of an enrollment is told from: its event, the record as it stands, the past sessions."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
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
from caseapp.usecases.enrollment_record_facts import ENTITY
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.visibility import visible_to

MOST = 5_000


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
    events = session.execute(
        select(AuditEvent.action, AuditEvent.subject_id, AuditEvent.before, AuditEvent.after)
        .where(AuditEvent.entity == ENTITY, AuditEvent.entity_id == enrollment)
        .order_by(AuditEvent.id.desc())
    ).all()
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
    row = session.execute(
        select(
            Payor.code,
            Enrollment.status,
            Enrollment.applied_on,
            Enrollment.start_date,
            Enrollment.end_date,
            Enrollment.learned_on,
        )
        .join(Payor, Payor.id == Enrollment.payor_id)
        .where(Enrollment.public_id == enrollment)
    ).one_or_none()
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
    session: Session, actor: Actor, clinician_id: int, days: Period, now: datetime, practice: Practice
) -> list[Any]:
    """The sessions on these days before now of the lines whose case manager the clinician was at any time."""
    until = min(now, first_instant(days.last + ONE_DAY, practice.zone))
    return list(
        session.execute(
            select(
                Appointment.number,
                Appointment.starts_at,
                Appointment.minutes,
                Appointment.status,
                Appointment.billable,
                Appointment.client_id,
                Client.public_id,
                Client.first_name,
                Client.last_name,
                Client.number.label("client_number"),
                ServiceLine.code,
                CaseManager.start_date,
                CaseManager.end_date,
            )
            .select_from(CaseManager)
            .join(Client, Client.id == CaseManager.client_id)
            .join(ServiceLine, ServiceLine.id == CaseManager.service_line_id)
            .join(
                Appointment,
                (Appointment.client_id == CaseManager.client_id)
                & (Appointment.service_line_id == CaseManager.service_line_id),
            )
            .where(
                CaseManager.clinician_id == clinician_id,
                CaseManager.removed_at.is_(None),
                CaseManager.start_date <= days.last,
                (CaseManager.end_date.is_(None)) | (CaseManager.end_date >= days.start),
                Appointment.starts_at >= first_instant(days.start, practice.zone),
                Appointment.starts_at < until,
                visible_to(actor),
            )
            .order_by(Appointment.starts_at.desc(), Client.number, ServiceLine.code, Appointment.id)
            .limit(MOST + 1)
        )
    )


def load_primaries(
    session: Session, client_ids: set[int], days: Period
) -> Mapping[int, tuple[payors.FundingSource, ...]]:
    """The primary funding sources of these clients that hold any of the days."""
    found: dict[int, tuple[payors.FundingSource, ...]] = defaultdict(tuple)
    rows: Any = session.execute(
        select(
            FundingSource.client_id,
            FundingSource.start_date,
            FundingSource.end_date,
            FundingSource.priority,
            Payor.code,
            Payor.name,
            Payor.type,
            Payor.requires_enrollment,
        )
        .join(Payor, Payor.id == FundingSource.payor_id)
        .where(
            FundingSource.client_id.in_(client_ids),
            FundingSource.priority == "primary",
            FundingSource.start_date <= days.last,
            (FundingSource.end_date.is_(None)) | (FundingSource.end_date >= days.start),
        )
    )
    for client_id, start, end, priority, code, name, kind, requires in rows:
        payor = payors.Payor(code, name, kind, requires)
        source = payors.FundingSource(payor=payor, priority=priority, start=start, end=end)
        found[client_id] += (source,)
    return found

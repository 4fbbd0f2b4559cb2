"""Remove a case manager entered in error: say first what it leaves uncovered, then keep it in the history."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from caseapp.domain import client as clients
from caseapp.domain.actor import Actor
from caseapp.domain.appointment import Appointment
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, begin_write
from caseapp.usecases import audit
from caseapp.usecases.case_manager_facts import Case, Removed, load_case
from caseapp.usecases.conflict import changed_meanwhile
from caseapp.usecases.coverage_gap import keep
from caseapp.usecases.outcome import Refused, UnknownRecord

REASON_NEEDED = Finding(
    "required", "reason", "error", "Say why it is removed: it covered sessions that have taken place."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What removing one case manager would mean.

    `past` and `coming` are the counted sessions that nobody else covers; `last_covered` is the day of the
    latest past one, on which it could be ended instead. `gone` tells that it is removed already.
    """

    case_manager: clients.CaseManager
    version: int
    past: tuple[Appointment, ...]
    coming: tuple[Appointment, ...]
    last_covered: date | None

    @property
    def needs_reason(self) -> bool:
        return bool(self.past)


@dataclass(frozen=True, slots=True)
class Gone:
    """It is removed already, by this very request or by somebody else."""

    removed: Removed


def plan_removal(
    session: Session, actor: Actor, now: datetime, practice: Practice, client: str, case_manager: str
) -> Removal | Gone:
    """What removing would leave uncovered; changes nothing. Raises UnknownRecord."""
    return _plan(_load(session, actor, client), now, practice, case_manager)


def remove_case_manager(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    client: str,
    case_manager: str,
    *,
    reason: str,
    version: int | None = None,
) -> Removal | Gone | Refused:
    """Take it off the screens and keep it in the history. Raises UnknownRecord.

    Refused without a reason where past sessions were covered, and where somebody changed it since `version`
    (None: whatever its version). Removing again answers Gone and writes nothing.
    """
    begin_write(session)
    case = _load(session, actor, client)
    plan = _plan(case, now, practice, case_manager)
    if isinstance(plan, Gone):
        session.rollback()
        return plan
    if version is not None and version != plan.version:
        told = changed_meanwhile(session, "case_manager", case_manager, version, practice, case.names)
        session.rollback()
        return Refused((told,), plan.version)
    if plan.needs_reason and not reason.strip():
        session.rollback()
        return Refused((REASON_NEEDED,), plan.version)
    row = case.rows[case_manager]
    why = reason.strip() or None
    session.execute(
        update(CaseManager)
        .where(CaseManager.id == row.id)
        .values(removed_at=now, removed_by=actor.name, removed_reason=why, version=row.version + 1)
    )
    audit.record(
        session,
        actor,
        now,
        "remove",
        "case_manager",
        case_manager,
        client_id=case.client_id,
        before=row.values,
        after={**row.values, "removed_at": now.isoformat(), "version": row.version + 1},
        reason=why,
    )
    left = tuple(cm for cm in case.facts.case_managers if cm.id != case_manager)
    facts = replace(case.facts, case_managers=left)
    keep(session, case.client_id, facts, case.line_ids, day_of(now, practice.zone), practice)
    session.commit()
    return plan


def _load(session: Session, actor: Actor, client: str) -> Case:
    return load_case(session, actor, client, read_entry(CaseManagerEntry()))


def _plan(case: Case, now: datetime, practice: Practice, public_id: str) -> Removal | Gone:
    stored = case.by_id(public_id)
    if stored is None:
        if public_id not in case.removed:
            raise UnknownRecord
        return Gone(case.removed[public_id])
    covered = sorted(
        (
            appointment
            for appointment in case.facts.appointments
            if appointment.service_line == stored.service_line
            and appointment.counted
            and stored.holds(day_of(appointment.starts_at, practice.zone))
        ),
        key=lambda appointment: appointment.starts_at,
    )
    past = tuple(a for a in covered if a.starts_at < now)
    return Removal(
        case_manager=stored,
        version=case.rows[public_id].version,
        past=past,
        coming=tuple(a for a in covered if a.starts_at >= now),
        last_covered=day_of(past[-1].starts_at, practice.zone) if past else None,
    )

"""Add, edit and remove a clinician's enrollments: load, ask the domain, write, refresh, commit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.enrollment import EnrollmentStatus
from caseapp.domain.enrollment_effect import days_touched
from caseapp.domain.enrollment_entry import (
    EnrollmentEntry,
    EnrollmentJudgement,
    EnrollmentValues,
    judge_enrollment,
)
from caseapp.domain.enrollment_words import STATUS_WORDS
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, Enrollment, begin_write
from caseapp.usecases import audit
from caseapp.usecases.conflict import changed_meanwhile, removed_meanwhile, saved_before
from caseapp.usecases.coverage_touched import refresh_touched
from caseapp.usecases.done import done_by
from caseapp.usecases.enrollment_record_facts import (
    ENTITY,
    EnrollmentsOf,
    OpenEnrollment,
    open_for_writing,
    removal_of,
)
from caseapp.usecases.outcome import Refused, Saved, UnknownRecord
from caseapp.usecases.record import Change, asked_again

_JUDGED_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save: `clinician` and `enrollment` are public IDs; without `enrollment` it adds."""

    clinician: str
    entry: EnrollmentEntry
    enrollment: str | None = None
    version: int | None = None
    form_token: str | None = None


@dataclass(frozen=True, slots=True)
class SavedEnrollment(Saved):
    """`touches_past` tells that days before today changed: sessions may be billable now, or no longer."""

    touches_past: bool = False


def save_enrollment(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> SavedEnrollment | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing. Whether the form was saved before is
    asked where something stands in the way: else the database refuses its token, and it is asked then.
    """
    return asked_again(
        session,
        lambda: _save(session, actor, now, practice, request, suspects=False),
        lambda: _save(session, actor, now, practice, request, suspects=True),
    )


def _save(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: SaveRequest,
    *,
    suspects: bool,
) -> SavedEnrollment | Refused:
    begin_write(session)
    of, named = open_for_writing(session, request.clinician, request.entry.payor.strip())
    before = of.enrollments.get(request.enrollment or "")
    stored = before.values if before else None
    names = {**of.payors, **named.names}
    today = day_of(now, practice.zone)

    def judge(*but: str | None) -> EnrollmentJudgement:
        return judge_enrollment(request.entry, of.name, named.names, of.others(*but), today, stored)

    judged = judge(request.enrollment)
    version = before.stored.version if before else None
    stale = request.enrollment is not None and request.version != version
    if suspects or stale or judged.errors:
        done = done_by(session, request.form_token)
        if done:
            judged = judge(request.enrollment, done.public_id)
            session.rollback()
            told = {"clinician": of.number, **judged.values.told}
            if not done.is_of(ENTITY, request.enrollment, told, subject_id=of.clinician):
                return Refused((saved_before(),), version)
            if done.public_id not in of.enrollments:
                return SavedEnrollment(done.public_id, "This was saved before and has been removed since.")
            return _saved(of, done.public_id, judged, names, touches_past=True)
    if request.enrollment and before is None:
        return _refuse_removed(session, practice, of, request.enrollment)
    if before and stale:
        conflict = changed_meanwhile(
            session, ENTITY, before.stored.public_id, request.version, practice, names
        )
        session.rollback()
        if judged.errors or judged.values != before.values:
            return Refused((conflict,), version)
        return _saved(of, before.stored.public_id, judged, names, touches_past=True)
    if judged.errors:
        session.rollback()
        return Refused(judged.errors, version)
    change = Change(
        session, actor, now, ENTITY, Enrollment, subject_id=of.clinician, form_token=request.form_token
    )
    public_id = _write(change, of, before, judged.values, named.payors[judged.values.payor][0])
    _refresh(session, of.clinician_id, today, practice, named.line_ids)
    session.commit()
    touches = days_touched(stored, judged.values, today) is not None
    return _saved(of, public_id, judged, names, touches_past=touches)


def _write(
    change: Change,
    of: EnrollmentsOf,
    before: OpenEnrollment | None,
    values: EnrollmentValues,
    payor_id: int,
) -> str:
    told = {"clinician": of.number, **values.told}
    columns = {
        "payor_id": payor_id,
        "status": values.status,
        "applied_on": values.applied_on,
        "start_date": values.start_date,
        "end_date": values.end_date,
        "learned_on": values.learned_on,
    }
    if before:
        change.change(before.stored, columns, told)
        return before.stored.public_id
    _, public_id = change.add({**columns, "clinician_id": of.clinician_id}, told)
    return public_id


def remove_enrollment(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    clinician: str,
    enrollment: str,
    *,
    reason: str,
    version: int | None,
) -> SavedEnrollment | Refused:
    """Take off an enrollment entered in error; the history keeps it. Raises UnknownRecord.

    Removing again answers the same and writes nothing. Refused where somebody changed it since `version`.
    """
    begin_write(session)
    of, named = open_for_writing(session, clinician)
    gone = of.enrollments.get(enrollment)
    if gone is None:
        removed = removal_of(session, clinician, enrollment)
        session.rollback()
        if removed is None:
            raise UnknownRecord
        return SavedEnrollment(
            enrollment, "This enrollment has been removed. It stays in the history.", touches_past=True
        )
    if version is not None and version != gone.stored.version:
        conflict = changed_meanwhile(session, ENTITY, enrollment, version, practice, of.payors)
        session.rollback()
        return Refused((conflict,), gone.stored.version)
    session.execute(delete(Enrollment).where(Enrollment.id == gone.stored.id))
    audit.record(
        session,
        actor,
        now,
        "remove",
        ENTITY,
        enrollment,
        subject_id=of.clinician,
        before=gone.stored.told,
        after={**gone.stored.told, "removed_at": now.isoformat(), "version": gone.stored.version + 1},
        reason=reason.strip() or None,
    )
    today = day_of(now, practice.zone)
    _refresh(session, of.clinician_id, today, practice, named.line_ids)
    session.commit()
    name = of.payors[gone.values.payor]
    return SavedEnrollment(
        enrollment,
        f"Removed: {of.name} with {name}. It stays in the history.",
        touches_past=days_touched(gone.values, None, today) is not None,
    )


def _refuse_removed(session: Session, practice: Practice, of: EnrollmentsOf, enrollment: str) -> Refused:
    removed = removal_of(session, of.clinician, enrollment)
    session.rollback()
    if removed is None:
        raise UnknownRecord
    return Refused((removed_meanwhile(ENTITY, removed.actor, removed.at, removed.reason, practice),))


def _refresh(
    session: Session,
    clinician_id: int,
    today: date,
    practice: Practice,
    line_ids: dict[str, int],
) -> None:
    """Judge those clients anew whose case manager the clinician is, or was not long ago, or by an interim."""
    clients = (
        select(CaseManager.client_id)
        .distinct()
        .where(
            or_(CaseManager.clinician_id == clinician_id, CaseManager.for_clinician_id == clinician_id),
            CaseManager.removed_at.is_(None),
            or_(CaseManager.end_date.is_(None), CaseManager.end_date >= today - _JUDGED_BACK),
        )
    )
    refresh_touched(session, clients, today, practice, line_ids)


def _saved(
    of: EnrollmentsOf,
    public_id: str,
    judged: EnrollmentJudgement,
    names: dict[str, str],
    *,
    touches_past: bool,
) -> SavedEnrollment:
    """Saved: Mei Lindqvist with Aetna, approved from 3 Feb 2026."""
    values = judged.values
    status = STATUS_WORDS[cast(EnrollmentStatus, values.status)]
    start = f" from {words.day(values.start_date)}" if values.start_date else ""
    end = f" to {words.day(values.end_date)}" if values.end_date else ""
    text = f"Saved: {of.name} with {names.get(values.payor, values.payor)}, {status}{start}{end}."
    return SavedEnrollment(public_id, text, judged.warnings, touches_past)

"""The past sessions that a change of an enrollment makes billable, or no longer: for the page and the biller.

Told from the event that recorded the change, with the clinician's other enrollments as they stand now.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.appointment import Appointment
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import day_of
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.enrollment_effect import Verdict, around, days_touched, verdict
from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.domain.payor import primary_on
from caseapp.domain.period import Period
from caseapp.domain.practice import Practice
from caseapp.models import Clinician as ClinicianRow
from caseapp.usecases.clinician_facts import load_clinicians
from caseapp.usecases.enrollment_effect_facts import (
    MOST,
    EnrollmentChange,
    load_change,
    load_primaries,
    load_standing,
    load_visits,
)
from caseapp.usecases.outcome import UnknownRecord


class EffectRow(NamedTuple):
    """One past session; `client` is the public ID, `in_the_way` what else keeps it from being billed."""

    client: str
    client_name: str
    client_number: str
    service_line: str
    day: date
    appointment_number: str
    minutes: int
    payor: str
    in_the_way: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one version of an enrollment changed; `more` tells that not all sessions were looked at."""

    enrollment: str
    version: int
    clinician: str
    clinician_name: str
    npi: str
    gained: tuple[EffectRow, ...] = ()
    lost: tuple[EffectRow, ...] = ()
    more: bool = False

    @property
    def billable(self) -> tuple[EffectRow, ...]:
        """The gained ones with nothing else in the way."""
        return tuple(row for row in self.gained if not row.in_the_way)


def enrollment_effect(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    enrollment: str,
    version: int | None = None,
) -> Effect:
    """What the change to this version (None: the latest) did, in six statements. Raises UnknownRecord."""
    return _effect(session, actor, now, practice, enrollment, load_change(session, enrollment, version))


def removal_effect(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    clinician: str,
    values: EnrollmentValues,
) -> Effect:
    """What it would do to remove an enrollment of this clinician (public ID) that has these values."""
    change = EnrollmentChange(0, clinician, values, None)
    return _effect(session, actor, now, practice, "", change, values.enrollment)


def _effect(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    enrollment: str,
    change: EnrollmentChange,
    stands: Enrollment | None = None,
) -> Effect:
    today = day_of(now, practice.zone)
    loaded = load_clinicians(session, ClinicianRow.public_id == change.clinician)
    if not loaded:
        raise UnknownRecord
    ((clinician_id, clinician),) = loaded.items()
    effect = Effect(
        enrollment=enrollment,
        version=change.version,
        clinician=change.clinician,
        clinician_name=clinician.name,
        npi=clinician.npi or "",
    )
    days = days_touched(change.before, change.after, today)
    if days is None:
        return effect
    was, becomes = around(
        clinician, stands or load_standing(session, enrollment), change.before, change.after
    )
    codes = {values.payor for values in (change.before, change.after) if values is not None}
    visits = load_visits(session, actor, clinician_id, codes, days, now, practice)
    gained, lost = _rows(session, visits[:MOST], (was, becomes), days, today, practice)
    return replace(effect, gained=gained, lost=lost, more=len(visits) > MOST)


def _rows(
    session: Session,
    visits: list[Any],
    clinicians: tuple[Clinician, Clinician],
    days: Period,
    today: date,
    practice: Practice,
) -> tuple[tuple[EffectRow, ...], tuple[EffectRow, ...]]:
    """(gained, lost), each in the order of days."""
    sources = load_primaries(session, {visit.client_id for visit in visits}, days) if visits else {}
    verdicts: dict[tuple[str, date], Verdict | None] = {}
    gained: list[EffectRow] = []
    lost: list[EffectRow] = []
    for visit in reversed(visits):
        day = day_of(visit.starts_at, practice.zone)
        appointment = Appointment(
            service_line=visit.code, starts_at=visit.starts_at, status=visit.status, billable=visit.billable
        )
        if not appointment.counted or not Period(start=visit.start_date, end=visit.end_date).holds(day):
            continue
        primary = primary_on(sources.get(visit.client_id, ()), day)
        if primary is None:
            continue
        # Whom it concerns beside the day is the payor alone: sessions of one day share the answer.
        asked = (primary.payor.code, day)
        if asked not in verdicts:
            verdicts[asked] = verdict(*clinicians, (primary,), day, today)
        told = verdicts[asked]
        if told is None:
            continue
        (gained if told.gained else lost).append(
            EffectRow(
                client=visit.public_id,
                client_name=f"{visit.last_name}, {visit.first_name}".strip(" ,"),
                client_number=visit.client_number,
                service_line=visit.code,
                day=day,
                appointment_number=visit.number,
                minutes=visit.minutes,
                payor=told.payor,
                in_the_way=told.in_the_way,
            )
        )
    return tuple(gained), tuple(lost)

"""A clinician's standing with a payor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseapp.domain import words
from caseapp.domain.period import OPEN, unbroken_last_day

EnrollmentStatus = Literal["not_started", "in_process", "approved", "denied", "terminated"]
ENROLLMENT_STATUSES: tuple[EnrollmentStatus, ...] = (
    "not_started",
    "in_process",
    "approved",
    "denied",
    "terminated",
)


@dataclass(frozen=True, slots=True)
class Enrollment:
    """`payor` is the payor's code; `start` the effective date, None where there is none yet."""

    payor: str
    status: EnrollmentStatus
    start: date | None = None
    end: date | None = None
    applied_on: date | None = None


def counts(enrollment: Enrollment) -> bool:
    """Approved or terminated, with an effective date: on its days the clinician is enrolled."""
    if enrollment.start is None:
        return False
    if enrollment.status == "terminated":
        return enrollment.end is not None
    return enrollment.status == "approved"


def enrolled_until(enrollments: Iterable[Enrollment], payor: str, day: date) -> date | None:
    """The last day of the unbroken enrollment that holds `day`, None where not enrolled; `OPEN` has no end.

    Source: docs/domain.md, *Enrolled on a day*: adjoining or overlapping periods with one payor count as one.
    """
    spans = [
        (enrollment.start, enrollment.end or OPEN)
        for enrollment in enrollments
        if enrollment.payor == payor and counts(enrollment) and enrollment.start is not None
    ]
    return unbroken_last_day(spans, day) if spans else None


def standing(enrollments: Iterable[Enrollment], payor: str, day: date, today: date) -> str:
    """How it stands with a payor on a day on which the clinician is not enrolled, in words."""
    known = [enrollment for enrollment in enrollments if enrollment.payor == payor]
    later = [e for e in known if counts(e) and e.start is not None and e.start > day]
    if later:
        return f"enrolled from {words.day_and_month(min(e.start for e in later if e.start), today)}"
    in_process = [e for e in known if e.status == "in_process"]
    if in_process:
        applied = max((e.applied_on for e in in_process if e.applied_on), default=None)
        return f"applied on {words.day_and_month(applied, today)}, in process" if applied else "in process"
    ended = [e.end for e in known if counts(e) and e.end is not None]
    if ended:
        return f"enrollment ended {words.day_and_month(max(ended), today)}"
    if any(e.status == "denied" for e in known):
        return "denied"
    if any(e.status in ("approved", "terminated") for e in known):
        return (
            "approved without an effective date"
            if any(e.status == "approved" for e in known)
            else "terminated"
        )
    return "no application yet"

"""What is told, without forbidding it, when a session is saved.

Source: docs/domain.md, *Coverage gaps*: a session is judged on its date by the rules that judge the gaps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from caseapp.domain import billing, words
from caseapp.domain.appointment import Appointment
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import Point, line_gaps
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice


@dataclass(frozen=True, slots=True)
class Booking:
    """Another session of the clinician: nothing of it is needed but when it is."""

    starts_at: datetime
    minutes: int

    def overlaps(self, other: "Booking") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The sessions of one save, one or a weekly series, earliest first; `facts` hold them already.

    `clinician` sees the client where known, `bookings` are that clinician's other sessions around these.
    """

    facts: ClientFacts
    sessions: tuple[Appointment, ...]
    minutes: int
    clinician: Clinician | None = None
    bookings: Sequence[Booking] = ()


def appointment_warnings(saved: Sessions, today: date, practice: Practice) -> tuple[Finding, ...]:
    """Each warning once, for a series with the number of its sessions. A cancelled session has none."""
    standing = [session for session in saved.sessions if session.status != "cancelled"]
    if not standing:
        return ()
    found: dict[str, tuple[str, int]] = {}
    for session in standing:
        for code, message in _of_session(saved, session, today, practice):
            first, number = found.get(code, (message, 0))
            found[code] = (first, number + 1)
    found |= _of_coverage(saved, [session for session in standing if session.counted], practice)
    return tuple(
        Finding(code, None, "warning", _counted(message, number, len(standing)))
        for code, (message, number) in found.items()
    )


def _counted(message: str, number: int, of: int) -> str:
    return message if of == 1 else f"{number} of {of} sessions: {message}"


def _of_session(
    saved: Sessions, session: Appointment, today: date, practice: Practice
) -> Iterable[tuple[str, str]]:
    """What the client's status and the clinician's time say of a session: (code, words)."""
    facts, clinician = saved.facts, saved.clinician
    if facts.status == "on_hold":
        yield "client_on_hold", f"{facts.first_name} is on hold. Readmit the client if care goes on."
    if facts.status == "discharged":
        yield "client_discharged", f"{facts.first_name} is discharged. Readmit the client if care goes on."
    if clinician is None:
        return
    day = day_of(session.starts_at, practice.zone)
    inactive = billing.activity(clinician, day, today)
    if inactive is not None:
        yield "session_clinician_inactive", inactive.message
    leave = next((leave for leave in clinician.leaves if leave.holds(day)), None)
    if leave is not None:
        span = words.span(leave.start, leave.end, today)
        sentence = f"{clinician.name} is on leave {span}. Move the session, or let somebody else give it."
        yield "session_clinician_on_leave", sentence
    here = Booking(session.starts_at, saved.minutes)
    other = next((booking for booking in saved.bookings if booking.overlaps(here)), None)
    if other is not None:
        when = words.moment(other.starts_at, practice.zone, today)
        sentence = f"{clinician.name} has another session on {when}, {other.minutes} min. Move one of them."
        yield "double_booked", sentence


def _of_coverage(
    saved: Sessions, counted: Sequence[Appointment], practice: Practice
) -> dict[str, tuple[str, int]]:
    """The coverage gaps in which these sessions would stand, told as the gaps are told.

    One that starts too late is not told again of sessions that have no case manager at all.
    """
    if not counted:
        return {}
    points = [Point(day_of(session.starts_at, practice.zone), session) for session in counted]
    gaps = line_gaps(saved.facts, counted[0].service_line, points[0].day, practice, points)
    errors = {gap.code: gap for gap in gaps if gap.severity == "error" and gap.at_risk}
    bare = errors.get("no_case_manager")
    if bare is not None and bare.at_risk == _at_risk(errors.get("starts_too_late")):
        del errors["starts_too_late"]
    return {gap.code: (gap.message, gap.at_risk) for gap in errors.values()}


def _at_risk(gap: Gap | None) -> int:
    return gap.at_risk if gap else -1

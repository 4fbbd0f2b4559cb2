"""A clinician's load: clients against the limit, hours of a week, and enrollments that end soon.

Source: docs/domain.md, *Caseloads*.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.domain.coverage_day import LOOK_AHEAD
from caseapp.domain.enrollment import Enrollment, enrolled_until

MOST_COUNTED = 100
"""Clients are counted so far, so that no practice is so large that a page of its clinicians is slow."""
MOST_SESSIONS = 200
"""So are the sessions of a week, whose hours are summed."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """The distinct active clients of today, counted up to MOST_COUNTED, beside the clinician's own limit."""

    number: int
    limit: int | None

    @property
    def number_words(self) -> str:
        """7; 100 or more."""
        return f"{self.number} or more" if self.number >= MOST_COUNTED else str(self.number)

    @property
    def words(self) -> str:
        """7; 7 of 12; 100 or more."""
        return self.number_words if self.limit is None else f"{self.number_words} of {self.limit}"

    @property
    def badge(self) -> tuple[str, str] | None:
        """The kind and words of a badge where the limit is reached."""
        if self.limit is None or self.number < self.limit:
            return None
        return ("neutral", "full") if self.number == self.limit else ("warning", "over the limit")

    @property
    def room(self) -> int | None:
        """For how many clients there is room, negative over the limit; None where there is no limit."""
        return None if self.limit is None else self.limit - self.number

    @property
    def room_words(self) -> str:
        """Room for 5; full; 3 over the limit; no limit."""
        room = self.room
        if room is None:
            return "no limit"
        if room > 0:
            return f"room for {room}"
        if self.number >= MOST_COUNTED:
            return "over the limit" if room else "full or over the limit"
        return f"{-room} over the limit" if room else "full"


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """The minutes of a week's sessions, of MOST_SESSIONS at most."""

    minutes: int
    sessions: int

    @property
    def words(self) -> str:
        """31 h; 7 h 30 min; 200 h or more."""
        hours, minutes = divmod(self.minutes, 60)
        told = (
            f"{hours} h {minutes} min" if minutes and hours else f"{minutes} min" if minutes else f"{hours} h"
        )
        return f"{told} or more" if self.sessions >= MOST_SESSIONS else told


def ending_soon(by_payor: Mapping[str, Iterable[Enrollment]], today: date) -> list[tuple[date, str]]:
    """(last day, payor's code) of each payor with which the clinician is enrolled today but not for long.

    Soonest first. Adjoining and overlapping periods with one payor count as one.
    """
    found = []
    for payor, enrollments in by_payor.items():
        last_day = enrolled_until(enrollments, payor, today)
        if last_day is not None and last_day <= today + LOOK_AHEAD:
            found.append((last_day, payor))
    return sorted(found)

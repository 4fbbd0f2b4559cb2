"""A day on which coverage is asked, with all of it that is the same for every client.

Source: docs/domain.md, *Coverage gaps*.
"""

from datetime import date, timedelta

from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY, first_instant
from caseapp.domain.enrollment import enrolled_until
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.payor import Payor, must_be_enrolled
from caseapp.domain.practice import Practice

HORIZON = timedelta(days=14)
LOOK_BACK = timedelta(days=90)
LOOK_AHEAD = timedelta(days=60)
NEVER = date.max
"""Stands for no turn where turns are compared."""


def settled_by(on: date, practice: Practice) -> date:
    """Who started by this day has no session before start + notice in the 90 days before the day asked.

    In whole days, with one more for a day that a change of the clock makes longer.
    """
    return on - LOOK_BACK - ONE_DAY + practice.notice // -ONE_DAY * ONE_DAY


class CoverageDay:
    """The day `on` and the days and instants that the rules count from it.

    `horizon` and `ahead` are the last days of the 14 and of the 60, `begin` and `end` the instants between
    which the sessions of the horizon start, `look_back` that of the first day of the 90. Who started by
    `settled` cannot break the 24-hour rule within them.

    Clients share clinicians and payors. What depends on nothing else is remembered, so many clients of one
    load are best asked of one such day. It is remembered by identity, of values that cannot change.
    """

    __slots__ = (
        "_borne", "_ending", "_turns", "ahead", "begin", "end", "horizon", "look_back", "on", "practice",
        "settled", "sight",
    )  # fmt: skip

    def __init__(self, on: date, practice: Practice) -> None:
        zone = practice.zone
        self.on, self.practice = on, practice
        self.horizon, self.ahead = on + HORIZON, on + LOOK_AHEAD
        self.begin, self.end = first_instant(on, zone), first_instant(self.horizon + ONE_DAY, zone)
        self.look_back = first_instant(on - LOOK_BACK, zone)
        self.sight = first_instant(self.ahead + HORIZON + ONE_DAY, zone)
        self.settled = settled_by(on, practice)
        self._borne: dict[tuple[int, ...], tuple[Clinician, tuple[Payor, ...], bool]] = {}
        self._ending: dict[int, tuple[Clinician, bool]] = {}
        self._turns: dict[int, tuple[Clinician, date]] = {}

    def bears(self, clinician: Clinician, payors: tuple[Payor, ...]) -> bool:
        """The clinician's name can go on the claims to these payors, primary first, on all 60 days and after.

        That is active, with a valid NPI where the primary is insurance, and enrolled wherever one must be.
        """
        key = (id(clinician), *map(id, payors))
        known = self._borne.get(key)
        if known is None:
            # Kept with what the key stands for, which therefore stands for nothing else meanwhile.
            known = self._borne[key] = clinician, payors, self._bears(clinician, payors)
        return known[2]

    def _bears(self, clinician: Clinician, payors: tuple[Payor, ...]) -> bool:
        if not clinician.is_active_on(self.on) or not clinician.is_active_on(self.ahead + ONE_DAY):
            return False
        if payors[0].type == "insurance" and not npi_is_valid(clinician.npi):
            return False
        return all(
            (until := enrolled_until(clinician.enrollments, payor.code, self.on)) is not None
            and until > self.ahead
            for payor in payors
            if must_be_enrolled(payor)
        )

    def is_ending(self, clinician: Clinician) -> bool:
        """The clinician leaves, or an enrollment of theirs ends, within the 60 days."""
        known = self._ending.get(id(clinician))
        if known is None:
            ends = (clinician.active_to, *(enrollment.end for enrollment in clinician.enrollments))
            ending = any(end is not None and self.on <= end <= self.ahead for end in ends)
            known = self._ending[id(clinician)] = clinician, ending
        return known[1]

    def turn_of(self, clinician: Clinician) -> date:
        """The next day on which something of the clinician turns, `NEVER` where nothing does."""
        known = self._turns.get(id(clinician))
        if known is None:
            turn = self.turn(clinician.active_from, clinician.active_to)
            for enrollment in clinician.enrollments:
                turn = min(turn, self.turn(enrollment.start, enrollment.end))
            known = self._turns[id(clinician)] = clinician, turn
        return known[1]

    def turn(self, start: date | None, end: date | None) -> date:
        """The next day after `on` on which a period can change an answer, `NEVER` where it will not.

        Its first day is looked for 60 and 14 days ahead, its last day 60 days ahead and until it is over.
        """
        turn = NEVER
        if start is not None and start > self.on:
            if start > self.ahead:
                turn = start - LOOK_AHEAD
            else:
                turn = start - HORIZON if start > self.horizon else start
        if end is not None and end >= self.on and end != NEVER:
            turn = min(turn, end - LOOK_AHEAD if end > self.ahead else end + ONE_DAY)
        return turn

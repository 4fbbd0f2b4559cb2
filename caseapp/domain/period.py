"""A stretch of calendar days, both ends included; an open end is None."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caseapp.domain.dates import ONE_DAY

OPEN = date.max
"""Stands for an open end where ends are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` through `end`; `end` None is open."""

    start: date
    end: date | None = None

    @property
    def last(self) -> date:
        """The last day, `OPEN` where there is none: so that ends compare."""
        return OPEN if self.end is None else self.end

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "Period") -> bool:
        return self.start <= other.last and other.start <= self.last


def unbroken_last_day(spans: Iterable[tuple[date, date]], day: date) -> date | None:
    """The last day of the unbroken cover that holds `day`, or None where nothing holds it.

    `spans` are (first, last) pairs in any order; adjoining and overlapping ones count as one.
    """
    first = last = None
    for start, end in sorted(spans):
        if last is None or start > (last if last == OPEN else last + ONE_DAY):
            if first is not None and last is not None and first <= day <= last:
                return last
            first, last = start, end
        elif end > last:
            last = end
    return last if first is not None and last is not None and first <= day <= last else None

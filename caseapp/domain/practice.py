"""What the practice sets for all rules: its time zone and its notice."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Practice:
    """`zone` turns instants into days; `notice` is the 24 hours of the 24-hour rule."""

    zone: ZoneInfo
    notice: timedelta = timedelta(hours=24)

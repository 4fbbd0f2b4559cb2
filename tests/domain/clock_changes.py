"""Zones of every kind, and the days on which their clocks change."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = (
    "America/New_York",
    "America/Phoenix",  # never changes
    "Europe/Berlin",
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Beirut",  # jumps over midnight in spring, repeats the hour before midnight in autumn
    "America/Havana",  # jumps over midnight in spring, repeats the hour after midnight in autumn
)
YEARS = range(2020, 2036)


@cache
def changes(zone: ZoneInfo) -> tuple[date, ...]:
    """The days of 2020 to 2035 on which the offset changes, found by looking at each quarter hour of UTC."""
    found = set()
    instant = datetime(YEARS.start, 1, 1, tzinfo=UTC)
    while instant.year < YEARS.stop:
        before, after = (instant + timedelta(days=n) for n in (0, 1))
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            step = next(
                moment
                for quarter in range(1, 97)
                if (moment := before + timedelta(minutes=15 * quarter)).astimezone(zone).utcoffset()
                == after.astimezone(zone).utcoffset()
            )
            # Where the clock changes at midnight itself, the days on both sides are tried.
            found |= {(step - timedelta(seconds=1)).astimezone(zone).date(), step.astimezone(zone).date()}
        instant = after
    return tuple(sorted(found))

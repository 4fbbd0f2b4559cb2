"""Calendar dates and instants, and the way from one to the other in the practice's zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_DATE = date(1900, 1, 1)
LAST_DATE = date(2100, 12, 31)
ONE_DAY = timedelta(days=1)

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_date(text: str) -> date:
    """Read an ISO date, 1900 to 2100; anything else is a ValueError."""
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if not FIRST_DATE <= day <= LAST_DATE:
        raise ValueError(text)
    return day


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, in UTC; also where the clock jumps over midnight."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day on which an instant falls in a zone."""
    return instant.astimezone(zone).date()


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for the 29th, where that year has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)

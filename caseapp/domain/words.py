"""Dates, times and counts as the screens say them, the same in every locale of the machine."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_YEAR_IS_CLEAR = 180


def day(value: date) -> str:
    """3 Feb 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date, today: date) -> str:
    """Tue 24 Nov, with the year where it lies more than half a year from `today`."""
    text = f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return text if abs((value - today).days) <= _YEAR_IS_CLEAR else f"{text} {value.year}"


def near_day(value: date) -> str:
    """Tue 24 Nov, for days so near that the year is clear."""
    return short_day(value, value)


def day_and_month(value: date, today: date) -> str:
    """24 Nov, with the year where it lies more than half a year from `today`."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return text if abs((value - today).days) <= _YEAR_IS_CLEAR else f"{text} {value.year}"


def span(start: date, end: date | None, today: date) -> str:
    """7 Dec; 7–18 Dec; 28 Dec to 8 Jan; from 7 Dec, where the end is open."""
    first = day_and_month(start, today)
    if end is None:
        return f"from {first}"
    if end == start:
        return first
    last = day_and_month(end, today)
    return (
        f"{start.day}–{last}" if (start.year, start.month) == (end.year, end.month) else f"{first} to {last}"
    )


def time_of(instant: datetime, zone: ZoneInfo) -> str:
    """9:00 am, in the zone."""
    return _time(instant.astimezone(zone))


def moment(instant: datetime, zone: ZoneInfo, today: date) -> str:
    """Tue 24 Nov, 9:00 am, in the zone."""
    local = instant.astimezone(zone)
    return f"{short_day(local.date(), today)}, {_time(local)}"


def _time(local: datetime) -> str:
    hour = local.hour
    return f"{hour % 12 or 12}:{local.minute:02d} {'am' if hour < 12 else 'pm'}"


def count(number: int, singular: str) -> str:
    """1 session, 2 sessions."""
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"


def these(number: int, singular: str) -> str:
    """This session, these 2 sessions."""
    return f"this {singular}" if number == 1 else f"these {number} {singular}s"


def month(value: date) -> str:
    """October 2026."""
    return f"{_LONG_MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """Oct."""
    return _MONTHS[value.month - 1]

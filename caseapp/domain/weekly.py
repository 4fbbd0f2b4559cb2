"""Weeks: the same local time once a week, across clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MAX_SESSIONS = 60
ONE_WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """The Monday of the week that holds the day."""
    return day - timedelta(days=day.weekday())


def instant_at(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant, in UTC, at which the clocks of a zone show a time on a day.

    None where the clocks skip that time; the first of the two where they show it twice.
    """
    local = datetime.combine(day, at.replace(fold=0), zone)
    instant = local.astimezone(UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    return instant if shown == local.replace(tzinfo=None) else None


def weekly_days(first: date, until: date) -> list[date]:
    """The days of a weekly series from `first` through `until`, both included; empty where `until` is before.

    At most one more than MAX_SESSIONS are told, so that a far date costs nothing.
    """
    number = min((until - first).days // 7 + 1, MAX_SESSIONS + 1)
    return [first + week * ONE_WEEK for week in range(number)]

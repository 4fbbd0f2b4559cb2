"""The days by which gaps are to be mended, as an iCalendar file that names clients by number alone."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from icalendar import Calendar, Event

PRODUCT = "-//Caseapp//Coverage gaps//EN"


class MendingDay(NamedTuple):
    """One gap with the day by which it is to be mended. `key` is what stays the same of it while it lasts."""

    key: str
    day: date
    summary: str
    description: str


def gap_calendar(days: Iterable[MendingDay], made_at: datetime) -> bytes:
    """One event of a whole day for each; the same gap keeps its UID from file to file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Coverage gaps")
    calendar.add("x-wr-calname", "Coverage gaps")
    for day in days:
        event = Event()
        event.add("uid", f"{sha256(day.key.encode()).hexdigest()[:32]}@caseapp")
        event.add("dtstamp", made_at)
        event.add("dtstart", day.day)
        event.add("dtend", day.day + timedelta(days=1))
        event.add("summary", day.summary)
        event.add("description", day.description)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written

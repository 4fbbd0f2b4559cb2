"""What the tabs Appointments and History show: times in the practice's zone, words for what happened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain.words import day, moment, short_day, time_of
from caseapp.extensions import db
from caseapp.usecases import client_page
from caseapp.usecases.client_page import LARGEST_ID, Change, Visit

VISIT_STATUS = {
    "scheduled": "scheduled",
    "completed": "completed",
    "no_show": "no-show",
    "cancelled": "cancelled",
}
_PLACE = re.compile(r"([0-9]{1,11})-([0-9]{1,10})")
_SAID_LENGTH = 300
_NOT_SHOWN = {"id", "public_id", "version", "recorded_at", "client_id"}


@dataclass(frozen=True, slots=True)
class VisitRow:
    when: str
    length: str
    service_line: str
    clinician: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class AppointmentTab:
    """`later` and `earlier` are what stands in the address that goes on, empty where there is nothing."""

    upcoming: list[VisitRow]
    past: list[VisitRow]
    later: str
    earlier: str
    first_page: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    when: str
    who: str
    what: str
    details: list[str]
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryTab:
    """`older` is the id to go on from, None where there is nothing."""

    rows: list[ChangeRow]
    older: int | None


def appointment_tab(client_id: int, sent: Mapping[str, str]) -> AppointmentTab:
    """First those to come and the latest past ones; with `after` or `before` one more part of either."""
    session, now, today = db.session(), clock.now(), clock.today()
    zone = current_settings().zone
    after, before = _place(sent.get("after", "")), _place(sent.get("before", ""))
    upcoming: list[Visit] = []
    past: list[Visit] = []
    more_upcoming = more_past = False
    if not before:
        upcoming, more_upcoming = client_page.appointments(session, client_id, since=after or (now, 0))
    if not after:
        past, more_past = client_page.appointments(session, client_id, until=before or (now, 0))
    return AppointmentTab(
        upcoming=[_visit(visit, zone, today) for visit in upcoming],
        past=[_visit(visit, zone, today) for visit in past],
        later=_address(upcoming[-1]) if more_upcoming else "",
        earlier=_address(past[-1]) if more_past else "",
        first_page=not (after or before),
    )


def _visit(visit: Visit, zone: ZoneInfo, today: date) -> VisitRow:
    return VisitRow(
        when=moment(visit.starts_at, zone, today),
        length=f"{visit.minutes} min",
        service_line=visit.service_line,
        clinician=visit.clinician,
        status=VISIT_STATUS[visit.status],
        note="" if visit.billable else "not billable",
    )


def _address(visit: Visit) -> str:
    return f"{int(visit.starts_at.timestamp())}-{visit.id}"


def _place(text: str) -> tuple[datetime, int] | None:
    match = _PLACE.fullmatch(text)
    if not match or int(match[2]) > LARGEST_ID:
        return None
    return datetime.fromtimestamp(int(match[1]), UTC), int(match[2])


def read_before(sent: Mapping[str, str]) -> int | None:
    """The id of an event in the address; None where there is none."""
    text = sent.get("before", "")
    return min(int(text), LARGEST_ID) if re.fullmatch(r"[0-9]{1,18}", text) else None


def history_tab(client_id: int, before: int | None) -> HistoryTab:
    changes, more = client_page.history(db.session(), client_id, before=before)
    zone, today = current_settings().zone, clock.today()
    rows = [_change(change, zone, today) for change in changes]
    return HistoryTab(rows, changes[-1].id if more else None)


def _change(change: Change, zone: ZoneInfo, today: date) -> ChangeRow:
    local = change.at.astimezone(zone).date()
    return ChangeRow(
        when=f"{short_day(local, today)}, {time_of(change.at, zone)}",
        who=change.actor,
        what=f"{change.entity} {change.action}".replace("_", " ").capitalize(),
        details=_details(change),
        reason=change.reason or "",
    )


def _details(change: Change) -> list[str]:
    """Each value that differs: `End date: empty, now 3 Feb 2026`; of a new or removed record what it held."""
    keys = [key for key in {**change.before, **change.after} if key not in _NOT_SHOWN]
    told = []
    for key in keys:
        old, new = change.before.get(key), change.after.get(key)
        label = key.removesuffix("_id").replace("_", " ").capitalize()
        if change.before and change.after:
            if old != new:
                told.append(f"{label}: {_said(old)}, now {_said(new)}")
        elif (value := new if change.after else old) not in (None, "", [], {}):
            told.append(f"{label}: {_said(value)}")
    return told


def _said(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else text[:_SAID_LENGTH]
    except ValueError:
        return text

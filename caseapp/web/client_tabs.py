"""What the tab Appointments shows: times in the practice's zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain.words import moment
from caseapp.extensions import db
from caseapp.usecases import client_page
from caseapp.usecases.client_page import LARGEST_ID, Visit

VISIT_STATUS = {
    "scheduled": "scheduled",
    "completed": "completed",
    "no_show": "no-show",
    "cancelled": "cancelled",
}
_PLACE = re.compile(r"([0-9]{1,11})-([0-9]{1,10})")


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

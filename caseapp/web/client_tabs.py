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
from caseapp.usecases.appointment_list import Visit, appointment, appointments
from caseapp.usecases.client_page import LARGEST_ID

VISIT_STATUS = {
    "scheduled": "scheduled",
    "completed": "completed",
    "no_show": "no-show",
    "cancelled": "cancelled",
}
ACTS = (
    ("complete", "Complete", "completed"),
    ("no-show", "No-show", "no_show"),
    ("cancel", "Cancel appointment", "cancelled"),
)
_PLACE = re.compile(r"([0-9]{1,11})-([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class VisitRow:
    """`acts` are the items of its menu beside Edit: (end of the address, words)."""

    id: str
    version: int
    number: str
    when: str
    length: str
    service_line: str
    clinician: str
    status: str
    note: str
    past: bool
    acts: list[tuple[str, str]]

    @property
    def key(self) -> str:
        """The id of its row on the page."""
        return f"appointment-{self.id}"

    @property
    def actions(self) -> str:
        """What its menu button is called."""
        return f"Actions for {self.service_line}, {self.when}"


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
        upcoming, more_upcoming = appointments(session, client_id, since=after or (now, 0))
    if not after:
        past, more_past = appointments(session, client_id, until=before or (now, 0))
    return AppointmentTab(
        upcoming=[_visit(visit, zone, today) for visit in upcoming],
        past=[_visit(visit, zone, today) for visit in past],
        later=_address(upcoming[-1]) if more_upcoming else "",
        earlier=_address(past[-1]) if more_past else "",
        first_page=not (after or before),
    )


def appointment_row(client_id: int, public_id: str) -> VisitRow | None:
    """One row as it stands, None where the client has no such appointment."""
    visit = appointment(db.session(), client_id, public_id)
    return _visit(visit, current_settings().zone, clock.today()) if visit else None


def _visit(visit: Visit, zone: ZoneInfo, today: date) -> VisitRow:
    return VisitRow(
        id=visit.public_id,
        version=visit.version,
        number=visit.number,
        when=moment(visit.starts_at, zone, today),
        length=f"{visit.minutes} min",
        service_line=visit.service_line,
        clinician=visit.clinician,
        status=VISIT_STATUS[visit.status],
        note="" if visit.billable else "not billable",
        past=visit.status in ("cancelled", "no_show"),
        acts=[(end, words) for end, words, status in ACTS if status != visit.status],
    )


def _address(visit: Visit) -> str:
    return f"{int(visit.starts_at.timestamp())}-{visit.id}"


def _place(text: str) -> tuple[datetime, int] | None:
    match = _PLACE.fullmatch(text)
    if not match or int(match[2]) > LARGEST_ID:
        return None
    return datetime.fromtimestamp(int(match[1]), UTC), int(match[2])

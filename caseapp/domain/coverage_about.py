"""What a coverage gap is about: whom and what its form needs to know, and what it hits.

Source: docs/domain.md, *Coverage gaps* and *Impact*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY, day_of, first_instant
from caseapp.domain.payor import Payor, primary_on

HIT_WITHIN = timedelta(days=14)

Cause = Literal["leaving", "enrollment"]
CAUSES: dict[str, Cause] = {
    "clinician_leaves": "leaving",
    "clinician_inactive": "leaving",
    "enrollment_ends": "enrollment",
    "payor_changes": "enrollment",
    "not_enrolled": "enrollment",
}
"""Which gaps have one cause: a clinician who leaves, or one who is not enrolled with one payor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Besides the words of a gap: `clinician` and `case_manager` are public IDs, `payor` a code, '' for none.

    `begins` is the day from which the record that mends it is to hold, None where that is the day asked.
    `first_session` is the start of the first session at risk. `alone` counts the sessions at risk that no
    other gap of the line has counted, `sessions` what the cause of the gap hits within fourteen days.
    """

    clinician: str = ""
    payor: str = ""
    case_manager: str = ""
    begins: date | None = None
    first_session: datetime | None = None
    alone: int = 0
    sessions: int = 0


NOTHING = About()


def sessions_after(
    facts: ClientFacts, line: str, last: date, clinician: Clinician, payor: Payor | None, zone: ZoneInfo
) -> int:
    """The counted sessions in the fourteen days after `last` that the clinician still is to cover.

    With a payor, those that it pays as primary payor.
    """
    return sum(
        1
        for _, day in _counted(facts, line, last + ONE_DAY, zone)
        if (cm := facts.case_manager_on(line, day)) is not None
        and cm.clinician.number == clinician.number
        and (
            payor is None
            or ((source := primary_on(facts.funding_sources, day)) is not None and source.payor == payor)
        )
    )


def _counted(
    facts: ClientFacts, line: str, first: date, zone: ZoneInfo
) -> Iterator[tuple[Appointment, date]]:
    begin, end = first_instant(first, zone), first_instant(first + HIT_WITHIN, zone)
    for appointment in facts.appointments:
        if begin <= appointment.starts_at < end and appointment.counted and appointment.service_line == line:
            yield appointment, day_of(appointment.starts_at, zone)

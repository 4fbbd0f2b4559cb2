"""When a client's service line begins: the first counted session of an episode of care.

Source: docs/domain.md, *What comes first*.
"""

from datetime import datetime

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.dates import ONE_DAY, first_instant


def first_sessions(facts: ClientFacts, asked: CoverageDay) -> dict[str, datetime]:
    """By service line: the session with which an episode begins, where that lies within the horizon.

    Where several episodes of a line have theirs still to come, the earliest is told.
    """
    zone = asked.practice.zone
    counted: dict[str, list[datetime]] = {}
    for appointment in facts.appointments:
        if appointment.counted:
            counted.setdefault(appointment.service_line, []).append(appointment.starts_at)
    coming: dict[str, datetime] = {}
    for episode in facts.service_lines:
        sessions = counted.get(episode.service_line)
        if not sessions:
            continue
        begin = first_instant(episode.start, zone)
        end = None if episode.end is None else first_instant(episode.end + ONE_DAY, zone)
        first = min((at for at in sessions if begin <= at and (end is None or at < end)), default=None)
        if first is None or not asked.begin <= first < asked.end:
            continue
        coming[episode.service_line] = min(first, coming.get(episode.service_line, first))
    return coming

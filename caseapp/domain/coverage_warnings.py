"""What is about to go wrong with a service line that can be billed today.

Source: docs/domain.md, *Coverage gaps*, the warnings. Each function answers the last good day and the words.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from caseapp.domain import billing, words
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY, day_of
from caseapp.domain.enrollment import enrolled_until
from caseapp.domain.payor import Payor, must_be_enrolled, primary_on
from caseapp.domain.period import OPEN, unbroken_last_day

Warned = tuple[str, date | None, str, Clinician | None, Payor | None]


def warnings(facts: ClientFacts, line: str, on: date, until: date, zone: ZoneInfo) -> Iterator[Warned]:
    """All warnings of a line asked on a day, looking ahead through `until`.

    Each is the code, the last good day, the words, whom and which payor it is about.
    """
    case_manager = facts.case_manager_on(line, on)
    if case_manager is not None:
        yield from _case_manager_ends(facts, line, on, until)
        yield from _enrollment_ends(facts, line, case_manager, on, until)
        yield from _clinician_leaves(facts, line, case_manager, on, until)
    yield from _payor_changes(facts, line, on, until)
    yield from _monthly_care_missed(facts, line, on, zone)


def _case_manager_ends(facts: ClientFacts, line: str, on: date, until: date) -> Iterator[Warned]:
    """The unbroken cover that holds the day ends, and the line is open on the day after."""
    spans = ((cm.start, cm.last) for cm in facts.case_managers if cm.service_line == line)
    end = unbroken_last_day(spans, on)
    if end is None or end == OPEN or end > until or not facts.receives(line, end + ONE_DAY):
        return
    last = facts.case_manager_on(line, end)
    message = f"The case manager ends on {words.near_day(end)}, and nobody follows."
    yield "case_manager_ends", end, message, last.clinician if last else None, None


def _enrollment_ends(
    facts: ClientFacts, line: str, case_manager: CaseManager, on: date, until: date
) -> Iterator[Warned]:
    """Enrolled until a day, and on the day after still case manager, with the same payor, not enrolled."""
    primary = primary_on(facts.funding_sources, on)
    if primary is None or not must_be_enrolled(primary.payor):
        return
    clinician = case_manager.clinician
    end = enrolled_until(clinician.enrollments, primary.payor.code, on)
    if end is None or end > until:
        return
    after = facts.case_manager_on(line, end + ONE_DAY)
    payor_after = primary_on(facts.funding_sources, end + ONE_DAY)
    if after is None or after.clinician.number != clinician.number:
        return
    if payor_after is None or payor_after.payor.code != primary.payor.code:
        return
    yield (
        "enrollment_ends",
        end,
        f"{clinician.name}'s enrollment with {primary.payor.name} ends on {words.near_day(end)}.",
        clinician,
        primary.payor,
    )


def _clinician_leaves(
    facts: ClientFacts, line: str, case_manager: CaseManager, on: date, until: date
) -> Iterator[Warned]:
    """The case manager has a last day and is still case manager on the day after."""
    clinician = case_manager.clinician
    last_day = clinician.active_to
    if last_day is None or not on <= last_day <= until:
        return
    after = facts.case_manager_on(line, last_day + ONE_DAY)
    if after is None or after.clinician.number != clinician.number:
        return
    yield (
        "clinician_leaves",
        last_day,
        f"{clinician.name}'s last day is {words.near_day(last_day)}, and nobody follows.",
        clinician,
        None,
    )


def _payor_changes(facts: ClientFacts, line: str, on: date, until: date) -> Iterator[Warned]:
    """Another primary payor begins, and that day's case manager is not enrolled with it."""
    for source in sorted(facts.funding_sources, key=lambda source: source.start):
        if source.priority != "primary" or not on < source.start <= until:
            continue
        before = primary_on(facts.funding_sources, source.start - ONE_DAY)
        if before is not None and before.payor.code == source.payor.code:
            continue
        case_manager = facts.case_manager_on(line, source.start)
        if case_manager is None or billing.is_enrolled(case_manager.clinician, source.payor, source.start):
            continue
        yield (
            "payor_changes",
            source.start - ONE_DAY,
            (
                f"{source.payor.name} becomes the primary payor on {words.near_day(source.start)}, "
                f"and {case_manager.clinician.name} is not enrolled with it."
            ),
            case_manager.clinician,
            source.payor,
        )
        return


def _monthly_care_missed(facts: ClientFacts, line: str, on: date, zone: ZoneInfo) -> Iterator[Warned]:
    """In the last full calendar month there were counted sessions, and none completed by the interim."""
    last = on.replace(day=1) - ONE_DAY
    first = last.replace(day=1)
    for interim in facts.case_managers:
        if interim.service_line != line or interim.for_clinician is None:
            continue
        if interim.start > first or interim.last < last:
            continue
        margin = timedelta(days=2)
        sessions = [
            a
            for a in facts.appointments
            if a.service_line == line
            and a.counted
            and first - margin <= a.starts_at.date() <= last + margin
            and first <= day_of(a.starts_at, zone) <= last
        ]
        seen = any(a.status == "completed" and a.clinician == interim.clinician.number for a in sessions)
        if sessions and not seen:
            yield (
                "monthly_care_missed",
                None,
                (
                    f"{interim.clinician.name} stands in for {interim.for_clinician.name} and completed no "
                    f"{line} session in {words.month(first)}. An interim case manager gives care monthly."
                ),
                interim.clinician,
                None,
            )
            return

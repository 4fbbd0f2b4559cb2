"""What is told after a save has gone through.

Source: docs/domain.md, *Warnings are shown after the save has gone through*.
"""

from datetime import date, timedelta

from caseapp.domain import billing, words
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.enrollment import enrolled_until
from caseapp.domain.finding import Finding
from caseapp.domain.payor import must_be_enrolled, primary_on
from caseapp.domain.period import OPEN, Period

SOON = timedelta(days=60)


def _warning(code: str, message: str, short: str) -> Finding:
    return Finding(code, "clinician", "warning", message, short)


def no_primary_payor(facts: ClientFacts, period: Period, today: date) -> Finding | None:
    """No primary funding source on the start date."""
    if primary_on(facts.funding_sources, period.start) is not None:
        return None
    return _warning(
        "no_primary_payor",
        f"{facts.first_name} has no primary payor on {words.short_day(period.start, today)}: "
        "sessions cannot be billed until one is recorded.",
        "no primary payor",
    )


def enrollment_ends(clinician: Clinician, facts: ClientFacts, period: Period, today: date) -> Finding | None:
    """The enrollment with the primary payor ends before the end date, or soon where that is open."""
    primary = primary_on(facts.funding_sources, period.start)
    if primary is None or not must_be_enrolled(primary.payor):
        return None
    until = enrolled_until(clinician.enrollments, primary.payor.code, period.start)
    if until is None or until == OPEN:
        return None
    if until >= (period.last if period.end else max(today, period.start) + SOON + ONE_DAY):
        return None
    return _warning(
        "enrollment_ends",
        f"{clinician.name}'s enrollment with {primary.payor.name} ends on {words.short_day(until, today)}. "
        "Renew it, or plan who follows.",
        f"enrollment ends {words.day_and_month(until, today)}",
    )


def payor_changes(clinician: Clinician, facts: ClientFacts, period: Period, today: date) -> Finding | None:
    """Another primary payor, already known, with which the clinician is not enrolled on its first day."""
    now_primary = primary_on(facts.funding_sources, period.start)
    for source in sorted(facts.funding_sources, key=lambda source: source.start):
        if source.priority != "primary" or not period.start < source.start <= period.last:
            continue
        if now_primary is not None and source.payor.code == now_primary.payor.code:
            continue
        if not billing.is_enrolled(clinician, source.payor, source.start):
            return _warning(
                "payor_changes",
                f"{source.payor.name} becomes the primary payor on {words.short_day(source.start, today)}, "
                f"and {clinician.name} is not enrolled with it then.",
                f"{source.payor.name} from {words.day_and_month(source.start, today)}: not enrolled",
            )
    return None


def clinician_leaves(clinician: Clinician, period: Period, today: date) -> Finding | None:
    """Active until a day before the end date, or any known last day with an open end."""
    last_day = clinician.active_to
    if last_day is None or last_day >= period.last:
        return None
    return _warning(
        "clinician_leaves",
        f"{clinician.name}'s last day is {words.short_day(last_day, today)}. "
        "Plan who follows from the day after.",
        f"leaves {words.day_and_month(last_day, today)}",
    )


def caseload_full(
    clinician: Clinician, facts: ClientFacts, period: Period, others: int, already: bool
) -> Finding | None:
    """This save makes the distinct active clients on the start date more than the clinician's limit.

    `others` counts the clinician's other active clients on the start date; `already` says that this client
    was one of them before the save.
    """
    limit = clinician.caseload_limit
    if limit is None or already or facts.status != "active" or others + 1 <= limit:
        return None
    return _warning(
        "caseload_full",
        f"{clinician.name} now has {words.count(others + 1, 'client')} on "
        f"{words.day(period.start)}; the limit is {limit}.",
        "caseload full",
    )


def warnings(
    clinician: Clinician, facts: ClientFacts, period: Period, today: date, *, others: int, already: bool
) -> list[Finding]:
    """All warnings and information of a save that broke no rule; `facts` as they were before it."""
    found = [
        *billing.secondary(clinician, facts.funding_sources, period.start, today),
        no_primary_payor(facts, period, today),
        enrollment_ends(clinician, facts, period, today),
        payor_changes(clinician, facts, period, today),
        clinician_leaves(clinician, period, today),
        caseload_full(clinician, facts, period, others, already),
        *billing.leave_words(clinician, max(today, period.start)),
    ]
    return [finding for finding in found if finding is not None]

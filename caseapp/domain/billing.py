"""Can a clinician's name go on the claims of a day? The predicates that saving, coverage and claims share.

Source: docs/domain.md, *What must hold when a case manager is saved*.
"""

from datetime import date

from caseapp.domain import words
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import enrolled_until, standing
from caseapp.domain.finding import Finding
from caseapp.domain.npi import npi_is_valid
from caseapp.domain.payor import FundingSource, Payor, must_be_enrolled, others_on, primary_on

FIELD = "clinician"


def is_enrolled(clinician: Clinician, payor: Payor, day: date) -> bool:
    """Enrolled with the payor on the day, or the payor does not ask for it."""
    return not must_be_enrolled(payor) or enrolled_until(clinician.enrollments, payor.code, day) is not None


def activity(clinician: Clinician, day: date, today: date) -> Finding | None:
    """`clinician_inactive`: the clinician is not active on the day."""
    if clinician.is_active_on(day):
        return None
    if clinician.active_from is not None and day < clinician.active_from:
        verb, when = "is ", f"active only from {words.day(clinician.active_from)}"
    else:
        verb, when = "", f"left on {words.day(clinician.active_to or day)}"
    return Finding(
        "clinician_inactive",
        FIELD,
        "error",
        f"{clinician.name} {verb}{when}. Choose somebody who is active on {words.short_day(day, today)}, "
        "or correct the clinician's dates.",
        when,
    )


def npi(clinician: Clinician, payor: Payor) -> Finding | None:
    """`npi_missing`: where the primary payor is insurance, the clinician has a valid individual NPI."""
    if payor.type != "insurance" or npi_is_valid(clinician.npi):
        return None
    what = f"the NPI {clinician.npi} is not valid" if clinician.npi else "no NPI is recorded"
    return Finding(
        "npi_missing",
        FIELD,
        "error",
        f"{clinician.name} cannot go on claims to {payor.name}: {what}. "
        "Record the individual NPI, or choose somebody else.",
        "NPI not valid" if clinician.npi else "no NPI",
    )


def enrollment(clinician: Clinician, payor: Payor, day: date, today: date) -> Finding | None:
    """`not_enrolled`: where the primary payor requires it, the clinician is enrolled with it on the day."""
    if is_enrolled(clinician, payor, day):
        return None
    return Finding(
        "not_enrolled",
        FIELD,
        "error",
        f"{clinician.name} is not enrolled with {payor.name} on {words.short_day(day, today)} "
        f"({standing(clinician.enrollments, payor.code, day, today)}). "
        "Choose somebody who is enrolled, or record the enrollment first.",
        f"not enrolled with {payor.name}",
    )


def secondary(
    clinician: Clinician, sources: tuple[FundingSource, ...], day: date, today: date
) -> list[Finding]:
    """`secondary_not_enrolled`: a secondary or tertiary payor of the day that requires enrollment."""
    return [
        secondary_finding(clinician, source, day, today)
        for source in not_enrolled_others(clinician, sources, day)
    ]


def not_enrolled_others(
    clinician: Clinician, sources: tuple[FundingSource, ...], day: date
) -> list[FundingSource]:
    """The secondary and tertiary sources of the day with whose payor the clinician is not enrolled."""
    return [source for source in others_on(sources, day) if not is_enrolled(clinician, source.payor, day)]


def secondary_finding(clinician: Clinician, source: FundingSource, day: date, today: date) -> Finding:
    """What is said of one of them."""
    return Finding(
        "secondary_not_enrolled",
        FIELD,
        "warning",
        f"{clinician.name} is not enrolled with {source.payor.name}, the {source.priority} payor "
        f"({standing(clinician.enrollments, source.payor.code, day, today)}). "
        f"What {source.payor.name} would pay may be denied.",
        f"not enrolled with {source.payor.name} ({source.priority})",
    )


def errors_on(
    clinician: Clinician, sources: tuple[FundingSource, ...], day: date, today: date
) -> list[Finding]:
    """What keeps a case manager's name off the claims of a day; a missing primary payor is not said here."""
    found = [activity(clinician, day, today)]
    primary = primary_on(sources, day)
    if primary is not None:
        found += [npi(clinician, primary.payor), enrollment(clinician, primary.payor, day, today)]
    return [finding for finding in found if finding is not None]


def leave_words(clinician: Clinician, day: date, within: int = 30) -> list[Finding]:
    """`on_leave`: leaves that hold the day or begin within so many days; no change is needed."""
    found = []
    for leave in sorted(clinician.leaves, key=lambda leave: leave.start):
        if leave.last < day or (leave.start - day).days > within:
            continue
        span = words.span(leave.start, leave.end, day)
        found.append(
            Finding(
                "on_leave",
                FIELD,
                "information",
                f"{clinician.name} is on leave {span}. No change is needed: "
                "the case manager changes only when the rendering provider does.",
                f"On leave {span}: no change needed",
            )
        )
    return found

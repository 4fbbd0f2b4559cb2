"""The rules that keep a case manager from being saved, one predicate each.

Source: docs/domain.md, *What must hold when a case manager is saved*.
"""

from datetime import date, datetime

from caseapp.domain import billing, words
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import LAST_DATE, ONE_DAY
from caseapp.domain.finding import Finding
from caseapp.domain.notice import Notice
from caseapp.domain.period import Period, unbroken_last_day
from caseapp.domain.practice import Practice


def service_line_not_open(facts: ClientFacts, service_line: str, start: date, today: date) -> Finding | None:
    """The client receives the line on the start date, or begins to within the 30 days after."""
    if facts.period_for(service_line, start) is not None:
        return None
    own = sorted(
        (line for line in facts.service_lines if line.service_line == service_line),
        key=lambda line: line.start,
    )
    when = words.short_day(start, today)
    if not own:
        why = f"does not receive {service_line}"
        mend = "Choose a service line that the client receives, or add this one to the client first."
    else:
        later = [line for line in own if line.start > start]
        if later:
            why = f"receives {service_line} only from {words.short_day(later[0].start, today)}"
            mend = "A case manager may start at most 30 days before; choose a later start date."
        else:
            why = f"received {service_line} until {words.short_day(own[-1].end or start, today)}"
            mend = "Choose an earlier start date, or open the service line again first."
    return Finding(
        "service_line_not_open",
        "service_line",
        "error",
        f"On {when} {facts.first_name} {why}. {mend}",
        f"{service_line} not received on {words.day_and_month(start, today)}",
    )


def wrong_discipline(clinician: Clinician, service_line: str) -> Finding | None:
    """The clinician practises this service line."""
    if service_line in clinician.service_lines:
        return None
    practises = " and ".join(sorted(clinician.service_lines)) or "no service line"
    return Finding(
        "wrong_discipline",
        "clinician",
        "error",
        f"{clinician.name} practises {practises}, not {service_line}. Choose somebody who does.",
        f"does not practise {service_line}",
    )


def cannot_be_responsible(clinician: Clinician) -> Finding | None:
    """The clinician may take clinical responsibility."""
    if clinician.may_be_case_manager:
        return None
    credential = f", {clinician.credential}," if clinician.credential else ""
    return Finding(
        "cannot_be_responsible",
        "clinician",
        "error",
        f"{clinician.name}{credential} may not take clinical responsibility. "
        "Choose the clinician who supervises the care.",
        "may not take clinical responsibility",
    )


def clinician_errors(
    clinician: Clinician, facts: ClientFacts, service_line: str | None, start: date | None, today: date
) -> list[Finding]:
    """Every rule that speaks of the person; what cannot be judged yet is left out.

    Also orders the choices of a form: a clinician without any could be saved.
    """
    found = [wrong_discipline(clinician, service_line)] if service_line else []
    found.append(cannot_be_responsible(clinician))
    if start is not None:
        found += billing.errors_on(clinician, facts.funding_sources, start, today)
    return [finding for finding in found if finding is not None]


def blocking(facts: ClientFacts, service_line: str, period: Period, itself: str | None) -> list[CaseManager]:
    """The line's other case managers who share a day with the period, earliest first."""
    return sorted(
        (
            cm
            for cm in facts.case_managers
            if cm.service_line == service_line and cm.id != itself and cm.overlaps(period)
        ),
        key=lambda cm: cm.start,
    )


def overlap(
    facts: ClientFacts, service_line: str, period: Period, itself: str | None, today: date
) -> Finding | None:
    """No day has two case managers for one client's one service line."""
    standing = blocking(facts, service_line, period, itself)
    if not standing:
        return None
    first = standing[0]
    name = first.clinician.name
    since = words.short_day(first.start, today)
    short = f"{name} is case manager then"
    if first.start > period.start:
        message = (
            f"{name} is {service_line} case manager from {since}. "
            f"End this one by {words.short_day(first.start - ONE_DAY, today)}."
        )
        return Finding("overlap", "start_date", "error", message, short)
    until = f" to {words.short_day(first.end, today)}" if first.end else ", with no end date"
    ways = []
    free = _first_free_day(facts, service_line, period, itself)
    if free is not None:
        ways.append(f"start on {words.short_day(free, today)}")
    if first.start < period.start:
        ends = words.short_day(period.start - ONE_DAY, today)
        ways.append(f"end {name} by {ends} to start on this day")
    else:
        ways.append("edit that one instead")
    mend = ", or ".join(ways)
    message = (
        f"{name} is already {service_line} case manager from {since}{until}. {mend[:1].upper()}{mend[1:]}."
    )
    return Finding("overlap", "start_date", "error", message, short)


def _first_free_day(facts: ClientFacts, service_line: str, period: Period, itself: str | None) -> date | None:
    """The first day from the start on that nobody else holds, None where the period has none."""
    others = (
        (cm.start, cm.last)
        for cm in facts.case_managers
        if cm.service_line == service_line and cm.id != itself
    )
    last = unbroken_last_day(others, period.start)
    return last + ONE_DAY if last is not None and last < min(period.last, LAST_DATE) else None


def starts_too_late(
    facts: ClientFacts, service_line: str, notice: Notice, practice: Practice, now: datetime, today: date
) -> Finding | None:
    """The 24-hour rule, with the latest start that would do and the appointment that decides."""
    if notice.met or notice.first is None:
        return None
    hours = practice.notice.total_seconds() / 3600
    session = words.moment(notice.first.starts_at, practice.zone, today)
    which = "first appointment" if notice.first.starts_at >= now else "session without a case manager"
    told = f"The {which} is {session}, and a case manager starts at least {hours:g} hours before."
    if notice.latest_start is None:
        mend = (
            f"No start date would do: move that appointment, or correct the dates on which "
            f"{facts.first_name} receives {service_line}."
        )
    elif notice.breaking[-1].starts_at < now:
        mend = (
            f"Start by {words.short_day(notice.latest_start, today)} if that is true, "
            f"or leave {words.these(len(notice.breaking), 'past session')} without a case manager."
        )
    else:
        mend = f"Start by {words.short_day(notice.latest_start, today)}."
    return Finding("starts_too_late", "start_date", "error", f"{told} {mend}", "starts too late")

"""Which of a client's service lines cannot be billed, or soon cannot, and why.

Source: docs/domain.md, *Coverage gaps*; worked cases in tests/data/rules/coverage_gaps.json.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caseapp.domain import billing, words
from caseapp.domain import coverage_warnings as ahead
from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_about import CAUSES, About, sessions_after
from caseapp.domain.coverage_day import HORIZON, LOOK_AHEAD, LOOK_BACK, CoverageDay, settled_by
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_well import lines_to_judge
from caseapp.domain.dates import ONE_DAY, day_of, first_instant
from caseapp.domain.notice import breaks_notice
from caseapp.domain.payor import Payor, primary_on
from caseapp.domain.practice import Practice

HIDDEN_BY = {
    "case_manager_ends": "no_case_manager",
    "enrollment_ends": "not_enrolled",
    "payor_changes": "not_enrolled",
    "clinician_leaves": "clinician_inactive",
}
"""A warning is not told where an error of the same cause already stands."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day on which a line is judged, with the counted appointment on it (None: the day asked)."""

    day: date
    appointment: Appointment | None


Broken = tuple[Point, str, Clinician | None, Payor | None]
"""A point at which a rule is broken, the words, whom and which payor it is about."""


def coverage_gaps(facts: ClientFacts, on: date, practice: Practice) -> list[Gap]:
    """The gaps of all service lines of one client asked on a day, in order."""
    return gaps_of_day(facts, CoverageDay(on, practice))


def gaps_of_day(facts: ClientFacts, asked: CoverageDay) -> list[Gap]:
    """The same, for many clients asked on one day."""
    lines = lines_to_judge(facts, asked)
    if not lines:
        return []
    gaps = [
        gap
        for line in lines
        for gap in line_gaps(facts, line, asked.on, asked.practice, _sessions(facts, line, asked))
    ]
    return sorted(gaps, key=lambda gap: gap.order)


def _sessions(facts: ClientFacts, line: str, asked: CoverageDay) -> list[Point]:
    """The counted appointments of a line from the day asked through the horizon, earliest first."""
    begin, end, zone = asked.begin, asked.end, asked.practice.zone
    found = [a for a in facts.appointments if a.service_line == line and begin <= a.starts_at < end]
    found.sort(key=lambda a: a.starts_at)
    return [Point(day_of(a.starts_at, zone), a) for a in found if a.counted]


def line_gaps(
    facts: ClientFacts, line: str, on: date, practice: Practice, sessions: list[Point]
) -> list[Gap]:
    """The gaps of one service line, from its sessions within the horizon."""
    points = [Point(on, None), *sessions] if facts.receives(line, on) else sessions
    broken: dict[str, list[Broken]] = {}
    for point in points:
        for code, message, clinician, payor in _judged_at(facts, line, point.day):
            broken.setdefault(code, []).append((point, message, clinician, payor))
    secondary = broken.pop("secondary_not_enrolled", None)
    counted: set[int] = set()
    gaps = [_error(facts, line, code, found, on, practice, counted) for code, found in broken.items()]
    gaps += _late_starts(facts, line, on, practice, sessions, counted)
    told = list(ahead.warnings(facts, line, on, on + LOOK_AHEAD, practice.zone))
    if secondary:
        told.append(("secondary_not_enrolled", None, *secondary[0][1:]))
    standing = {gap.code for gap in gaps}
    gaps += [
        _warning(facts, line, warned, practice) for warned in told if HIDDEN_BY.get(warned[0]) not in standing
    ]
    return gaps


def _warning(facts: ClientFacts, line: str, warned: ahead.Warned, practice: Practice) -> Gap:
    code, last_good_day, message, clinician, payor = warned
    begins, sessions = None, 0
    if last_good_day is not None:
        begins = last_good_day + ONE_DAY
        if clinician is not None and code in CAUSES:
            sessions = sessions_after(facts, line, last_good_day, clinician, payor, practice.zone)
    about = About(
        clinician=clinician.id if clinician else "",
        payor=payor.code if payor else "",
        begins=begins,
        sessions=sessions,
    )
    return Gap(line, code, "warning", last_good_day, 0, message, about)


def _judged_at(
    facts: ClientFacts, line: str, day: date
) -> Iterable[tuple[str, str, Clinician | None, Payor | None]]:
    """What is wrong with a session on a day: code, words, whom and which payor it is about."""
    source = primary_on(facts.funding_sources, day)
    payor = source.payor if source else None
    if not facts.receives(line, day):
        words_of_it = f"{facts.first_name} does not receive {line} on that day."
        yield "service_line_not_open", words_of_it, None, payor
        return
    case_manager = facts.case_manager_on(line, day)
    clinician = case_manager.clinician if case_manager else None
    if payor is None:
        yield "no_primary_payor", "No primary payor.", clinician, None
    if clinician is None:
        yield "no_case_manager", "No case manager.", None, payor
        return
    for finding in billing.errors_on(clinician, facts.funding_sources, day, day):
        yield finding.code, f"{clinician.name}: {finding.short}.", clinician, payor
    for other in billing.not_enrolled_others(clinician, facts.funding_sources, day):
        short = billing.secondary_finding(clinician, other, day, day).short
        yield "secondary_not_enrolled", f"{clinician.name}: {short}.", clinician, other.payor


def _error(
    facts: ClientFacts,
    line: str,
    code: str,
    found: list[Broken],
    on: date,
    practice: Practice,
    counted: set[int],
) -> Gap:
    at_risk = [point.appointment for point, *_ in found if point.appointment is not None]
    first = at_risk[0] if at_risk else None
    mend_by = None
    if first is not None:
        in_time = first.starts_at - practice.notice if code == "no_case_manager" else first.starts_at
        mend_by = day_of(in_time, practice.zone)
    _, message, clinician, payor = found[0]
    if first is not None:
        message += f" First session at risk {_moment(first, practice)}"
        message += f": start by {words.near_day(mend_by)}." if code == "no_case_manager" and mend_by else "."
    about = About(
        clinician=clinician.id if clinician else "",
        payor=payor.code if payor else "",
        begins=_begins(facts, line, code, mend_by, on),
        first_session=first.starts_at if first else None,
        alone=_alone(at_risk, counted),
        sessions=len(at_risk) if code in CAUSES else 0,
    )
    return Gap(line, code, "error", mend_by, len(at_risk), message, about)


def _begins(facts: ClientFacts, line: str, code: str, mend_by: date | None, on: date) -> date | None:
    """From when on the record holds that mends an error; None where it is wanted on the day asked."""
    if code == "no_primary_payor":
        return mend_by if primary_on(facts.funding_sources, on) else None
    if code == "no_case_manager":
        return None if facts.receives(line, on) else mend_by
    if code == "service_line_not_open":
        return mend_by
    current = facts.case_manager_on(line, on)
    good = current is not None and not billing.errors_on(current.clinician, facts.funding_sources, on, on)
    return mend_by if good else None


def _alone(at_risk: Iterable[Appointment], counted: set[int]) -> int:
    """How many of the sessions no other gap has counted; they are counted now."""
    fresh = {id(appointment) for appointment in at_risk} - counted
    counted |= fresh
    return len(fresh)


def _moment(appointment: Appointment, practice: Practice) -> str:
    """When it starts, without reference to the day asked: kept words must not change before their turn."""
    day = day_of(appointment.starts_at, practice.zone)
    return f"{words.near_day(day)}, {words.time_of(appointment.starts_at, practice.zone)}"


def late_case_managers(
    facts: ClientFacts, line: str, on: date, practice: Practice
) -> list[tuple[CaseManager, Appointment]]:
    """Who has not ended and breaks the 24-hour rule, not long ago, each with the appointment that decides."""
    late = []
    settled = settled_by(on, practice)
    for cm in facts.case_managers:
        if cm.service_line != line or cm.last < on or cm.start <= settled:
            continue
        breaking = breaks_notice(facts, line, cm, practice, itself=cm.id, counted_from=cm.uncovered_left_at)
        if breaking and on - LOOK_BACK <= day_of(breaking[0].starts_at, practice.zone) <= on + HORIZON:
            late.append((cm, breaking[0]))
    return sorted(late, key=lambda found: found[0].start)


def _late_starts(
    facts: ClientFacts,
    line: str,
    on: date,
    practice: Practice,
    sessions: list[Point],
    counted: set[int],
) -> list[Gap]:
    """`starts_too_late`: the sessions at risk are those that nobody else covers."""
    late = late_case_managers(facts, line, on, practice)
    at_risk: dict[int, Appointment] = {}
    for cm, _ in late:
        in_time_from = first_instant(cm.start, practice.zone) + practice.notice
        for point in sessions:
            appointment = point.appointment
            if appointment is None or appointment.starts_at >= in_time_from:
                continue
            if not facts.receives(line, point.day):
                continue
            covering = facts.case_manager_on(line, point.day)
            if covering is None or covering.id == cm.id:
                at_risk[id(appointment)] = appointment
    if not late:
        return []
    first = min(at_risk.values(), key=lambda a: a.starts_at, default=None)
    mend_by = day_of(first.starts_at - practice.notice, practice.zone) if first else None
    cm, deciding = late[0]
    message = (
        f"{cm.clinician.name} starts on {words.day(cm.start)}, less than "
        f"{practice.notice.total_seconds() / 3600:g} hours before the session "
        f"{_moment(deciding, practice)}."
    )
    about = About(
        clinician=cm.clinician.id,
        case_manager=cm.id,
        first_session=first.starts_at if first else None,
        alone=_alone(at_risk.values(), counted),
    )
    return [Gap(line, "starts_too_late", "error", mend_by, len(at_risk), message, about)]

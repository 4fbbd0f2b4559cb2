"""The short way to the answer that nothing is wrong with a service line: most lines of a practice are well.

Every question here is sufficient and none is necessary. What is not told well is judged by the rules
(`coverage_gap.line_gaps`), which have the last word. Source: docs/domain.md, *Coverage gaps*.
"""

from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.payor import Payor


def lines_asked(facts: ClientFacts, asked: CoverageDay) -> set[str]:
    """The service lines with a counted session within the horizon, and an active client's that are open."""
    begin, end = asked.begin, asked.end
    lines = {
        session.service_line
        for session in facts.appointments
        if begin <= session.starts_at < end and session.counted
    }
    if facts.status == "active":
        on, until = asked.on, asked.horizon
        for line in facts.service_lines:
            if line.start <= until and (line.end is None or on <= line.end):
                lines.add(line.service_line)
    return lines


def lines_to_judge(facts: ClientFacts, asked: CoverageDay) -> list[str]:
    """The lines asked that are not told well, in order. Of the others there is no gap."""
    lines = lines_asked(facts, asked)
    if not lines:
        return []
    payors = _steady_payors(facts, asked)
    if payors is None:
        return sorted(lines)
    return sorted(line for line in lines if not _is_well(facts, line, payors, asked))


def looks_beyond(facts: ClientFacts, asked: CoverageDay) -> bool:
    """Whether a rule may ask for sessions outside the horizon, before it or behind it.

    Those before decide whether somebody started too late, and whether an interim gave care in the month
    before; those behind are what is hit where something of the cover ends within 60 days.
    """
    on, ahead = asked.on, asked.ahead
    for cm in facts.case_managers:
        if cm.for_clinician is not None:
            return True
        if cm.end is not None and cm.end < on:
            continue
        if cm.start > asked.settled and not _follows_at_once(cm, facts.case_managers):
            return True
        if (cm.end is not None and cm.end <= ahead) or asked.is_ending(cm.clinician):
            return True
    return any(
        source.priority == "primary" and on < source.start <= ahead for source in facts.funding_sources
    )


def _follows_at_once(covering: CaseManager, case_managers: tuple[CaseManager, ...]) -> bool:
    """The line was covered on the day before, so the 24-hour rule is met."""
    day_before = covering.start - ONE_DAY
    return any(
        cm.end == day_before and cm.service_line == covering.service_line and cm.id != covering.id
        for cm in case_managers
    )


def _steady_payors(facts: ClientFacts, asked: CoverageDay) -> tuple[Payor, ...] | None:
    """The primary payor of the whole horizon, whom none follows within 60 days, and then all others of it.

    None where that is not so.
    """
    on, primary, others = asked.on, None, []
    for source in facts.funding_sources:
        start, end, priority = source.start, source.end, source.priority
        if priority == "inactive" or (end is not None and end < on):
            continue
        if priority != "primary":
            if start <= asked.horizon:
                others.append(source.payor)
        elif start <= asked.ahead:
            if primary is not None or start > on or (end is not None and end < asked.horizon):
                return None
            primary = source.payor
    return None if primary is None else (primary, *others)


def _is_well(facts: ClientFacts, line: str, payors: tuple[Payor, ...], asked: CoverageDay) -> bool:
    """One settled case manager covers the line for more than 60 days, and it is open for the 14."""
    on, covering = asked.on, None
    for cm in facts.case_managers:
        if cm.service_line != line:
            continue
        if cm.for_clinician is not None:
            return False
        if cm.end is None or cm.end >= on:
            if covering is not None:
                return False
            covering = cm
    if covering is None or covering.start > on or (covering.end is not None and covering.end <= asked.ahead):
        return False
    if covering.start > asked.settled and not _follows_at_once(covering, facts.case_managers):
        return False
    if not asked.bears(covering.clinician, payors):
        return False
    return any(
        period.service_line == line
        and period.start <= on
        and (period.end is None or period.end >= asked.horizon)
        for period in facts.service_lines
    )

"""When the responsible clinician of an interim case may take it over: the information `hand_over`.

Source: docs/domain.md, *When the responsible clinician is not enrolled yet*. It is kept and shown beside the
coverage gaps, and is none of them.
"""

from datetime import date

from caseapp.domain import words
from caseapp.domain.case_manager_rules import clinician_errors
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.coverage_about import About
from caseapp.domain.coverage_day import LOOK_AHEAD, CoverageDay
from caseapp.domain.coverage_gap import Gap
from caseapp.domain.coverage_judging import gaps_of_day
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.enrollment import counts
from caseapp.domain.payor import primary_on

HAND_OVER = "hand_over"


def findings(facts: ClientFacts, asked: CoverageDay) -> list[Gap]:
    """All that is kept of a client asked on a day: the coverage gaps, and then the hand-overs to offer."""
    return [*gaps_of_day(facts, asked), *hand_overs(facts, asked.on)]


def hand_overs(facts: ClientFacts, on: date) -> list[Gap]:
    """One for each interim of the day whose responsible clinician could be saved within the 60 days after."""
    if facts.status != "active":
        return []
    offered = []
    for cm in facts.case_managers:
        responsible = cm.for_clinician
        if responsible is None or not cm.holds(on):
            continue
        days = _days(facts, cm, responsible, on)
        day = next((day for day in days if _could(responsible, facts, cm, day)), None)
        if day is not None:
            offered.append(_offer(facts, cm, responsible, day))
    return sorted(offered, key=lambda gap: gap.order)


def first_day(gap_begins: date | None, on: date) -> date:
    """The later of tomorrow and the day since which the responsible clinician could be saved."""
    return max(gap_begins or on, on + ONE_DAY)


def _days(facts: ClientFacts, cm: CaseManager, responsible: Clinician, on: date) -> list[date]:
    """Tomorrow, and the days within sight on which what stands in the way may change."""
    starts = {
        *(enrollment.start for enrollment in responsible.enrollments),
        *(source.start for source in facts.funding_sources),
        *(line.start for line in facts.service_lines),
        responsible.active_from,
    }
    tomorrow, until = on + ONE_DAY, min(on + LOOK_AHEAD, cm.last)
    later = sorted(day for day in starts if day is not None and tomorrow < day <= until)
    return [tomorrow, *later] if tomorrow <= cm.last else []


def _could(responsible: Clinician, facts: ClientFacts, cm: CaseManager, day: date) -> bool:
    """The interim holds the day, the line is open and paid on it, and no rule speaks against the person."""
    return (
        facts.receives(cm.service_line, day)
        and primary_on(facts.funding_sources, day) is not None
        and not clinician_errors(responsible, facts, cm.service_line, day, day)
    )


def _offer(facts: ClientFacts, cm: CaseManager, responsible: Clinician, day: date) -> Gap:
    """In words without reference to the day asked: kept words must not change before their turn."""
    source = primary_on(facts.funding_sources, day)
    assert source is not None, "a day on which nobody pays is not offered"
    lines = [line for line in facts.service_lines if line.service_line == cm.service_line]
    since = [
        *(line.start for line in lines if line.holds(day)),
        source.start,
        cm.start,
        responsible.active_from or date.min,
    ]
    why = f"{responsible.name} can be {cm.service_line} case manager"
    enrolled = [
        enrollment.start
        for enrollment in responsible.enrollments
        if enrollment.payor == source.payor.code
        and enrollment.start is not None
        and enrollment.start <= day <= (enrollment.end or date.max)
        and counts(enrollment)
    ]
    if enrolled:
        since.append(min(enrolled))
        why = f"{responsible.name} is enrolled with {source.payor.name} from {words.day(min(enrolled))}"
    message = f"{why}: {cm.clinician.name}, who stands in, can hand over."
    about = About(clinician=responsible.id, payor=source.payor.code, case_manager=cm.id, begins=max(since))
    return Gap(cm.service_line, HAND_OVER, "information", None, 0, message, about)

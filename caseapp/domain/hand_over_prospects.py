"""Who could follow on one line of a hand-over, from when, and why nobody could.

Source: docs/domain.md, *Hand-over*.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from caseapp.domain.case_manager_rules import clinician_errors
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over import errors_of_the_days, leaves_too
from caseapp.domain.hand_over_entry import HandOver
from caseapp.domain.hand_over_steps import ends_on
from caseapp.domain.practice import Practice
from caseapp.domain.successor import Candidate, ranked

LOOKED_AHEAD = timedelta(days=365)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """`candidates`, best first, could be saved on the day asked; `not_now` practise the line, and why not.

    `earliest` is the first day on which somebody could be saved, and `then` who: the day asked where there
    are candidates, None where no day of the year ahead would do. `why` says it in words where nobody could.
    """

    candidates: tuple[Candidate, ...]
    not_now: tuple[tuple[Clinician, str], ...]
    earliest: date | None
    then: Clinician | None
    why: str = ""


def prospects(
    hand_over: HandOver,
    cm: CaseManager,
    facts: ClientFacts,
    start: date,
    practising: Sequence[Clinician],
    caseloads: Mapping[str, int],
    *,
    now: datetime,
    practice: Practice,
) -> Prospects:
    """Judge everybody of `practising` (those who practise the line) for a start; caseloads by number."""
    today = day_of(now, practice.zone)
    others = [clinician for clinician in practising if clinician.number != hand_over.clinician.number]
    in_the_way = errors_of_the_days(hand_over, cm, facts, start, now, practice)
    could: list[Clinician] = []
    could_not: list[tuple[Clinician, Finding]] = []
    for clinician in others:
        why_not = _why_not(hand_over, cm, facts, clinician, start, today)
        if why_not is None:
            could.append(clinician)
        else:
            could_not.append((clinician, why_not))
    not_now = tuple((clinician, finding.short) for clinician, finding in could_not)
    if could and not in_the_way:
        best = ranked(could, facts, start, practice, caseloads, for_good=True)
        return Prospects(
            candidates=tuple(best), not_now=not_now, earliest=start, then=best[0].clinician, why=""
        )
    earliest, then = _earliest(hand_over, cm, facts, start, others, caseloads, now, practice)
    why = in_the_way[0].message if in_the_way else _why_nobody(cm.service_line, could_not)
    return Prospects(candidates=(), not_now=not_now, earliest=earliest, then=then, why=why)


def _why_not(
    hand_over: HandOver,
    cm: CaseManager,
    facts: ClientFacts,
    clinician: Clinician,
    start: date,
    today: date,
) -> Finding | None:
    """The first rule about the person that keeps them from following on the day."""
    found = clinician_errors(clinician, facts, cm.service_line, start, today)
    return found[0] if found else leaves_too(clinician, start, ends_on(hand_over, cm), today)


def _earliest(
    hand_over: HandOver,
    cm: CaseManager,
    facts: ClientFacts,
    start: date,
    others: Sequence[Clinician],
    caseloads: Mapping[str, int],
    now: datetime,
    practice: Practice,
) -> tuple[date | None, Clinician | None]:
    """The first later day on which somebody could be saved: only when a fact begins can that change."""
    today = day_of(now, practice.zone)
    end = ends_on(hand_over, cm)
    until = min(end or date.max, start + LOOKED_AHEAD)
    shared = {source.start for source in facts.funding_sources} | {line.start for line in facts.service_lines}
    own = {
        clinician.number: {enrollment.start for enrollment in clinician.enrollments} | {clinician.active_from}
        for clinician in others
        if clinician.may_be_case_manager
    }
    days = sorted(day for day in shared.union(*own.values()) if day is not None and start < day <= until)
    for day in dict.fromkeys(days):
        could = [
            clinician
            for clinician in others
            if (day in shared or day in own.get(clinician.number, ()))
            and _why_not(hand_over, cm, facts, clinician, day, today) is None
        ]
        if could and not errors_of_the_days(hand_over, cm, facts, day, now, practice):
            best = ranked(could, facts, day, practice, caseloads, for_good=True)
            return day, best[0].clinician
    return None, None


def _why_nobody(service_line: str, could_not: Sequence[tuple[Clinician, Finding]]) -> str:
    """3 others practise ST: two are not enrolled with Aetna, one leaves on Mon 30 Nov."""
    if not could_not:
        return f"Nobody else practises {service_line}."
    counted = Counter(_reason(finding) for _, finding in could_not)
    told = ", ".join(_told(one, many, number) for (one, many), number in counted.items())
    number = len(could_not)
    verb = "other practises" if number == 1 else "others practise"
    return f"{number} {verb} {service_line}: {told}."


def _reason(finding: Finding) -> tuple[str, str]:
    """Why not, as it is said of one and of several."""
    if finding.code == "npi_missing":
        return "has no valid NPI", "have no valid NPI"
    if finding.code == "successor_leaves":
        return finding.short, finding.short.replace("leaves", "leave", 1)
    if finding.code == "not_enrolled" or finding.short.startswith("active"):
        return f"is {finding.short}", f"are {finding.short}"
    return finding.short, finding.short


def _told(one: str, many: str, number: int) -> str:
    who = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{who} {one if number == 1 else many}"

"""Who could be case manager meanwhile, for a responsible clinician who is not enrolled yet.

Source: docs/domain.md, *When the responsible clinician is not enrolled yet*.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from caseapp.domain.case_manager_rules import clinician_errors
from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.payor import primary_on
from caseapp.domain.practice import Practice
from caseapp.domain.successor import Candidate, ranked


def asks_for_interim(
    clinician: Clinician, facts: ClientFacts, service_line: str, start: date, today: date
) -> bool:
    """Nothing but the missing enrollment keeps the clinician from being saved."""
    found = clinician_errors(clinician, facts, service_line, start, today)
    return [finding.code for finding in found] == ["not_enrolled"]


def candidates(
    clinicians: Iterable[Clinician],
    besides: Collection[str],
    facts: ClientFacts,
    service_line: str,
    start: date,
    today: date,
    practice: Practice,
    caseloads: Mapping[str, int],
) -> list[Candidate]:
    """Best first: those who saw the client in the 31 days before the start, then the smaller caseload.

    Only those whom no rule about the person keeps from being saved, and nobody of `besides` (clinician
    numbers); `caseloads` is by clinician number.
    """
    could_be_saved = (
        clinician
        for clinician in clinicians
        if clinician.number not in besides
        and not clinician_errors(clinician, facts, service_line, start, today)
    )
    return ranked(could_be_saved, facts, start, practice, caseloads)


def stands_in_for(facts: ClientFacts, service_line: str, start: date, today: date) -> Clinician | None:
    """For whom a new case manager from `start` on would be an interim: the one of that day, or of theirs.

    None where anything else than the missing enrollment keeps that clinician from being case manager.
    """
    current = facts.case_manager_on(service_line, start)
    if current is None:
        return None
    responsible = current.for_clinician or current.clinician
    return responsible if asks_for_interim(responsible, facts, service_line, start, today) else None


def replaced(facts: ClientFacts, service_line: str, start: date) -> set[str]:
    """The numbers of those whom somebody new is to follow on `start`: they are not suggested again."""
    days = (start - ONE_DAY, start)
    found = (facts.case_manager_on(service_line, day) for day in days)
    return {cm.clinician.number for cm in found if cm is not None}


def enrolled_with(facts: ClientFacts, start: date) -> str:
    """The primary payor's name on the start date: with whom a candidate is enrolled."""
    source = primary_on(facts.funding_sources, start)
    return source.payor.name if source else ""

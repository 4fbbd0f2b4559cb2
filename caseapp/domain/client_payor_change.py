"""Who must change after a change of primary payor.

Source: docs/domain.md, `not_enrolled` and `payor_changes`: a case manager is enrolled with the primary payor
on its first day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from caseapp.domain import billing
from caseapp.domain.client import CaseManager, ClientFacts
from caseapp.domain.payor import Payor


@dataclass(frozen=True, slots=True)
class MustChange:
    """A case manager who is not enrolled with the primary `payor` on `day`; `message` says so."""

    service_line: str
    case_manager: CaseManager
    payor: Payor
    day: date
    message: str


def who_must_change(facts: ClientFacts, today: date) -> Iterator[MustChange]:
    """For each primary payor of today and later, on the first day that it shares with a case manager.

    A day counts only where the service line is open on it, and what is over before today is left alone.
    """
    sources = sorted(
        (s for s in facts.funding_sources if s.priority == "primary" and s.last >= today),
        key=lambda source: source.start,
    )
    for source in sources:
        for cm in sorted(facts.case_managers, key=lambda cm: (cm.service_line, cm.start)):
            shared = [
                max(source.start, cm.start, line.start)
                for line in facts.service_lines
                if line.service_line == cm.service_line
                and max(source.start, cm.start, line.start, today) <= min(source.last, cm.last, line.last)
            ]
            if not shared:
                continue
            day = min(shared)
            finding = billing.enrollment(cm.clinician, source.payor, day, today)
            if finding:
                yield MustChange(cm.service_line, cm, source.payor, day, finding.message)

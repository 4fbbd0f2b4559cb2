"""Who could follow as case manager, or stand in: the order in which they are suggested, written once.

Source: docs/domain.md, *When the responsible clinician is not enrolled yet* and *Hand-over*.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from caseapp.domain.client import ClientFacts
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import first_instant
from caseapp.domain.practice import Practice

SEEN_WITHIN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be saved; `clients` is the caseload on the start date.

    `already` tells that this client is one of them.
    """

    clinician: Clinician
    saw_the_client: bool
    clients: int
    already: bool = False

    @property
    def has_room(self) -> bool:
        """The client fits in: the limit is not reached without them."""
        limit = self.clinician.caseload_limit
        return limit is None or self.already or self.clients < limit


def seen_by(facts: ClientFacts, start: date, practice: Practice) -> frozenset[str]:
    """The numbers of those who saw the client, in any service line, in the 31 days before the start."""
    since, until = (first_instant(day, practice.zone) for day in (start - SEEN_WITHIN, start))
    return frozenset(
        appointment.clinician
        for appointment in facts.appointments
        if appointment.clinician is not None
        and appointment.status == "completed"
        and since <= appointment.starts_at < until
    )


def is_client_of(facts: ClientFacts, number: str, day: date) -> bool:
    """The clinician of this number is case manager of one of the client's lines on the day."""
    return any(cm.clinician.number == number and cm.holds(day) for cm in facts.case_managers)


def ranked(
    clinicians: Iterable[Clinician],
    facts: ClientFacts,
    start: date,
    practice: Practice,
    caseloads: Mapping[str, int],
    *,
    for_good: bool = False,
) -> list[Candidate]:
    """Best first: who saw the client lately, then the smaller caseload; `caseloads` is by clinician number.

    Who takes over `for_good` had better have room: that is asked before the size of the caseload.
    """
    seen = seen_by(facts, start, practice)
    found = [
        Candidate(
            clinician,
            clinician.number in seen,
            caseloads.get(clinician.number, 0),
            for_good and is_client_of(facts, clinician.number, start),
        )
        for clinician in clinicians
    ]
    return sorted(
        found,
        key=lambda c: (
            not c.saw_the_client,
            for_good and not c.has_room,
            c.clients,
            c.clinician.last_name.casefold(),
            c.clinician.number,
        ),
    )

"""A client with the facts on which the rules are judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from caseapp.domain.appointment import Appointment
from caseapp.domain.clinician import Clinician
from caseapp.domain.payor import FundingSource
from caseapp.domain.period import Period

ClientStatus = Literal["active", "on_hold", "discharged"]
CLIENT_STATUSES: tuple[ClientStatus, ...] = ("active", "on_hold", "discharged")
OPENS_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientServiceLine(Period):
    """An episode of care: the client receives a service line over a period."""

    service_line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManager(Period):
    """Who is responsible for one service line of the client over a period, and goes on its claims.

    `id` is the opaque public ID; `for_clinician` whom an interim stands in for; `uncovered_left_at` the
    instant at which past sessions were knowingly left without a case manager.
    """

    id: str
    service_line: str
    clinician: Clinician
    for_clinician: Clinician | None = None
    uncovered_left_at: datetime | None = None


OfLine = TypeVar("OfLine", ClientServiceLine, CaseManager)


def _holding(periods: Iterable[OfLine], service_line: str, day: date) -> OfLine | None:
    """A plain loop, for it is asked of each session of each client."""
    for period in periods:
        if period.service_line == service_line and period.holds(day):
            return period
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFacts:
    """All that the rules ask of one client; removed case managers are not among them."""

    number: str = ""
    first_name: str = "the client"
    status: ClientStatus = "active"
    service_lines: tuple[ClientServiceLine, ...] = ()
    funding_sources: tuple[FundingSource, ...] = ()
    case_managers: tuple[CaseManager, ...] = ()
    appointments: tuple[Appointment, ...] = ()

    def case_manager_on(self, service_line: str, day: date) -> CaseManager | None:
        return _holding(self.case_managers, service_line, day)

    def receives(self, service_line: str, day: date) -> bool:
        return _holding(self.service_lines, service_line, day) is not None

    def uncovered_lines(self, day: date) -> set[str]:
        """The service lines that are open on a day on which nobody is their case manager."""
        return {line.service_line for line in self.service_lines if line.holds(day)} - {
            cm.service_line for cm in self.case_managers if cm.holds(day)
        }

    def period_for(self, service_line: str, start: date) -> ClientServiceLine | None:
        """The period that holds a start date, else the first that opens within the 30 days after it."""
        own = [line for line in self.service_lines if line.service_line == service_line]
        holding = [line for line in own if line.holds(start)]
        if holding:
            return max(holding, key=lambda line: line.start)
        opening = [line for line in own if start < line.start <= start + OPENS_WITHIN]
        return min(opening, key=lambda line: line.start, default=None)

"""Random clients whose lines are well for long, but for a few dates at the edges of what a day asks.

Whole clients are made from one random number, as in strategies.py.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hypothesis import strategies as st

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CLIENT_STATUSES, CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.payor import FundingSource
from caseapp.domain.period import Period
from tests.domain.strategies import LINES, PAYORS, STAFF, WORLD

_EDGES = (-93, -92, -91, -90, -89, -31, -1, 0, 1, 13, 14, 15, 59, 60, 61, 74, 75)


def nearly_well() -> st.SearchStrategy[tuple[ClientFacts, date]]:
    """A client, and the day around which the edges lie."""
    return st.randoms(use_true_random=True).map(one_nearly_well)


def one_nearly_well(random: Random) -> tuple[ClientFacts, date]:
    return _Maker(random).client()


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.on = WORLD + timedelta(days=random.randint(-120, 120))

    def rarely(self, odds: float = 0.1) -> bool:
        return self.random.random() < odds

    def edge(self) -> date:
        return self.on + timedelta(days=self.random.choice(_EDGES))

    def period(self) -> Period:
        start = self.edge() if self.rarely() else self.on - timedelta(days=400)
        return Period(start=start, end=max(start, self.edge()) if self.rarely() else None)

    def one_after_another(self) -> list[Period]:
        first = self.period()
        if first.end is None:
            return [first]
        return [first, Period(start=first.end + timedelta(days=self.random.choice((1, 1, 1, 2, 20))))]

    def clinician(self, number: str) -> Clinician:
        active = self.period()
        return Clinician(
            number=number,
            first_name=number.title(),
            npi=None if self.rarely(0.05) else "1234567893",
            active_from=active.start if self.rarely() else None,
            active_to=active.end,
            enrollments=tuple(
                Enrollment(payor.code, "approved", period.start, period.end)
                for payor in PAYORS[:3]
                if not self.rarely(0.05)
                for period in self.one_after_another()
            ),
        )

    def funding_sources(self) -> tuple[FundingSource, ...]:
        found = [
            FundingSource(
                payor=self.random.choice(PAYORS), priority="primary", start=period.start, end=period.end
            )
            for period in self.one_after_another()
        ]
        if self.rarely(0.3):
            period = self.period()
            found.append(
                FundingSource(payor=PAYORS[0], priority="secondary", start=period.start, end=period.end)
            )
        return tuple(found)

    def case_managers(self, line: str, staff: tuple[Clinician, ...]) -> list[CaseManager]:
        return [
            CaseManager(
                id=f"{line}{place}",
                service_line=line,
                clinician=self.random.choice(staff),
                for_clinician=self.random.choice(staff) if self.rarely(0.05) else None,
                uncovered_left_at=datetime.combine(self.edge(), time(12), UTC) if self.rarely() else None,
                start=period.start,
                end=period.end,
            )
            for place, period in enumerate(self.one_after_another())
        ]

    def appointment(self) -> Appointment:
        return Appointment(
            service_line=self.random.choice(LINES),
            starts_at=datetime.combine(self.edge(), time(self.random.choice((0, 4, 5, 12, 23))), UTC),
            status="cancelled" if self.rarely() else self.random.choice(("scheduled", "completed")),
            billable=not self.rarely(0.05),
            clinician=self.random.choice(STAFF),
        )

    def client(self) -> tuple[ClientFacts, date]:
        staff = tuple(self.clinician(number) for number in STAFF)
        facts = ClientFacts(
            number="C-1",
            first_name="Lea",
            status=self.random.choice(CLIENT_STATUSES) if self.rarely() else "active",
            service_lines=tuple(
                ClientServiceLine(service_line=line, start=period.start, end=period.end)
                for line in LINES
                for period in self.one_after_another()
            ),
            funding_sources=self.funding_sources(),
            case_managers=tuple(cm for line in LINES for cm in self.case_managers(line, staff)),
            appointments=tuple(self.appointment() for _ in range(self.random.randint(0, 6))),
        )
        return facts, self.on

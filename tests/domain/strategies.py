"""Random clients for property tests, in a world so small that its rules collide all the time.

Days lie around WORLD; no line has two case managers and no client two primaries on one day, which the
database guarantees of stored facts. Whole clients are made from one random number: drawn value by value they
would take a hundred times longer.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hypothesis import strategies as st

from caseapp.domain.appointment import APPOINTMENT_STATUSES, Appointment
from caseapp.domain.client import CLIENT_STATUSES, CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician, Leave
from caseapp.domain.enrollment import ENROLLMENT_STATUSES, Enrollment
from caseapp.domain.payor import PRIORITIES, FundingSource, Payor, Priority
from caseapp.domain.period import Period

WORLD = date(2026, 11, 1)
LINES = ("ABA", "ST")
STAFF = ("ada", "bo", "cy")
PAYORS = (
    Payor("AET", "Aetna", "insurance"),
    Payor("MED", "Medicaid", "insurance"),
    Payor("RC", "Harbor RC", "regional_center", True),
    Payor("SELF", "Self", "private_pay"),
)


def days(reach: int = 120) -> st.SearchStrategy[date]:
    return st.integers(-reach, reach).map(lambda offset: WORLD + timedelta(days=offset))


def periods(reach: int = 120, longest: int = 100) -> st.SearchStrategy[Period]:
    return st.builds(
        lambda start, length: Period(
            start=start, end=None if length is None else start + timedelta(days=length)
        ),
        days(reach),
        st.none() | st.integers(0, longest),
    )


def instants(reach: int = 120) -> st.SearchStrategy[datetime]:
    """On the quarter hour."""
    return st.builds(
        lambda day, quarter: datetime.combine(day, time(), UTC) + timedelta(minutes=15 * quarter),
        days(reach),
        st.integers(0, 95),
    )


def _randoms() -> st.SearchStrategy[Random]:
    return st.randoms(use_true_random=True)


def enrollments() -> st.SearchStrategy[list[Enrollment]]:
    return _randoms().map(_enrollments)


def facts() -> st.SearchStrategy[ClientFacts]:
    """A client with everything that the rules ask about."""
    return _randoms().map(one_of_any_kind)


def timelines() -> st.SearchStrategy[ClientFacts]:
    """A client with one line, ST, in two crowded months: for rules that ask for nothing but days."""
    return _randoms().map(_timeline)


def staffs() -> st.SearchStrategy[tuple[Clinician, ...]]:
    """The clinicians of STAFF, each with any standing."""
    return _randoms().map(_staff)


def in_another_order(facts: ClientFacts) -> st.SearchStrategy[ClientFacts]:
    """The same client, with each tuple in an order of its own."""
    return _randoms().map(
        lambda random: replace(
            facts,
            service_lines=tuple(random.sample(facts.service_lines, len(facts.service_lines))),
            funding_sources=tuple(random.sample(facts.funding_sources, len(facts.funding_sources))),
            case_managers=tuple(random.sample(facts.case_managers, len(facts.case_managers))),
            appointments=tuple(random.sample(facts.appointments, len(facts.appointments))),
        )
    )


def _day(random: Random, reach: int = 120) -> date:
    return WORLD + timedelta(days=random.randint(-reach, reach))


def _instant(random: Random, reach: int = 120) -> datetime:
    return datetime.combine(_day(random, reach), time(), UTC) + timedelta(minutes=15 * random.randint(0, 95))


def _period(random: Random) -> Period:
    start = _day(random)
    end = start + timedelta(days=random.randint(0, 100)) if random.random() < 0.7 else None
    return Period(start=start, end=end)


def _one_after_another(random: Random, reach: int = 120, longest: int = 60) -> list[Period]:
    """At most three periods, often adjoining; the last may be open."""
    found: list[Period] = []
    start = _day(random, reach)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        end = start + timedelta(days=random.randint(0, longest))
        found.append(Period(start=start, end=end))
        start = end + timedelta(days=1 + random.choice((0, 0, 1, 20)))
    if found and random.random() < 0.5:
        found[-1] = Period(start=found[-1].start)
    return found


def _enrollments(random: Random) -> list[Enrollment]:
    return [_enrollment(random) for _ in range(random.randint(0, 5))]


def _enrollment(random: Random) -> Enrollment:
    status = random.choice((*ENROLLMENT_STATUSES, "approved", "approved"))
    period = _period(random)
    end = period.start if status == "terminated" and period.end is None else period.end
    start = None if status != "terminated" and random.random() < 0.2 else period.start
    applied_on = random.choice((None, _day(random)))
    return Enrollment(random.choice(PAYORS[:3]).code, status, start, end, applied_on)


def _staff(random: Random) -> tuple[Clinician, ...]:
    return tuple(_clinician(random, number) for number in STAFF)


def _clinician(random: Random, number: str) -> Clinician:
    active = _period(random) if random.random() < 0.3 else None
    starts = {_day(random) for _ in range(random.randint(0, 2))}
    return Clinician(
        number=number,
        first_name=number.title(),
        credential=random.choice(("", "BCBA")),
        npi=random.choice(("1234567893", "1234567893", "1234567893", "1234567890", None)),
        service_lines=random.choice((frozenset(LINES), frozenset(LINES), frozenset({"ST"}))),
        may_be_case_manager=random.random() < 0.8,
        active_from=active.start if active else None,
        active_to=active.end if active else None,
        caseload_limit=random.choice((None, 0, 1, 2)),
        enrollments=tuple(_enrollments(random)),
        leaves=tuple(Leave(start=start, end=start + timedelta(days=9)) for start in sorted(starts)),
    )


def _appointment(random: Random) -> Appointment:
    return Appointment(
        service_line=random.choice(LINES),
        starts_at=_instant(random),
        status=random.choice((*APPOINTMENT_STATUSES, "scheduled", "scheduled")),
        billable=random.random() < 0.85,
        clinician=random.choice((None, *STAFF)),
    )


def _case_managers(random: Random, staff: tuple[Clinician, ...], line: str) -> list[CaseManager]:
    return [
        CaseManager(
            id=f"{line}{place}",
            service_line=line,
            clinician=random.choice(staff),
            for_clinician=random.choice((None, None, *staff)),
            uncovered_left_at=random.choice((None, None, _instant(random))),
            start=period.start,
            end=period.end,
        )
        for place, period in enumerate(_one_after_another(random))
    ]


def _funding_sources(random: Random) -> list[FundingSource]:
    primaries: list[tuple[Priority, Period]] = [("primary", period) for period in _one_after_another(random)]
    others = [(priority, _period(random)) for priority in PRIORITIES[1:] if random.random() < 0.5]
    return [
        FundingSource(payor=random.choice(PAYORS), priority=priority, start=period.start, end=period.end)
        for priority, period in (*primaries, *others)
    ]


def _service_lines(lines: list[tuple[str, Period]]) -> tuple[ClientServiceLine, ...]:
    return tuple(
        ClientServiceLine(service_line=line, start=period.start, end=period.end) for line, period in lines
    )


def one_of_any_kind(random: Random) -> ClientFacts:
    staff = _staff(random)
    return ClientFacts(
        number="C-1",
        first_name="Lea",
        status=random.choice((*CLIENT_STATUSES, "active", "active")),
        service_lines=_service_lines(
            [(line, period) for line in LINES for period in _one_after_another(random, longest=150)]
        ),
        funding_sources=tuple(_funding_sources(random)),
        case_managers=tuple(cm for line in LINES for cm in _case_managers(random, staff, line)),
        appointments=tuple(_appointment(random) for _ in range(random.randint(0, 12))),
    )


def _timeline(random: Random) -> ClientFacts:
    episodes = _one_after_another(random, 40, 60) or [Period(start=WORLD)]
    return ClientFacts(
        service_lines=_service_lines([("ST", period) for period in episodes]),
        case_managers=tuple(
            CaseManager(
                id=f"ST{place}",
                service_line="ST",
                clinician=Clinician(number="mei"),
                start=period.start,
                end=period.end,
            )
            for place, period in enumerate(_one_after_another(random, 40, 12))
        ),
        appointments=tuple(
            Appointment(service_line="ST", starts_at=_instant(random, 45))
            for _ in range(random.randint(1, 5))
        ),
    )

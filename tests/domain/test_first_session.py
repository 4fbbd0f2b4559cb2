from dataclasses import replace

from caseapp.domain.client import ClientFacts, ClientServiceLine
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.first_session import first_sessions
from tests.domain.examples import PRACTICE, TODAY, a_session, at, d

OPEN_SINCE_OCTOBER = ClientServiceLine(service_line="ST", start=d("2026-10-01"))
FIRST, SECOND = a_session("2026-11-24T09:00"), a_session("2026-11-26T09:00")


def told(facts: ClientFacts, on: str = "2026-11-22") -> dict[str, str]:
    zone = PRACTICE.zone
    found = first_sessions(facts, CoverageDay(d(on), PRACTICE))
    return {line: starts_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for line, starts_at in found.items()}


def test_the_earliest_counted_session_of_a_period_is_its_first() -> None:
    facts = ClientFacts(service_lines=(OPEN_SINCE_OCTOBER,), appointments=(SECOND, FIRST))

    assert first_sessions(facts, CoverageDay(TODAY, PRACTICE)) == {"ST": at("2026-11-24T09:00")}


def test_what_is_cancelled_or_not_billable_is_no_first_session() -> None:
    facts = ClientFacts(
        service_lines=(OPEN_SINCE_OCTOBER,),
        appointments=(replace(FIRST, status="cancelled"), replace(FIRST, billable=False), SECOND),
    )

    assert told(facts) == {"ST": "2026-11-26 09:00"}


def test_a_line_that_began_has_no_first_session_to_come() -> None:
    facts = ClientFacts(service_lines=(OPEN_SINCE_OCTOBER,), appointments=(FIRST, SECOND))

    assert told(facts, "2026-11-24") == {"ST": "2026-11-24 09:00"}
    assert told(facts, "2026-11-25") == {}


def test_a_first_session_behind_the_horizon_is_not_told_yet() -> None:
    facts = ClientFacts(service_lines=(OPEN_SINCE_OCTOBER,), appointments=(FIRST,))

    assert told(facts, "2026-11-09") == {}
    assert told(facts, "2026-11-10") == {"ST": "2026-11-24 09:00"}


def test_a_readmission_begins_anew() -> None:
    before = replace(OPEN_SINCE_OCTOBER, start=d("2025-01-01"), end=d("2026-11-24"))
    again = replace(OPEN_SINCE_OCTOBER, start=d("2026-11-25"))
    facts = ClientFacts(service_lines=(again, before), appointments=(FIRST, SECOND))

    assert told(facts) == {"ST": "2026-11-24 09:00"}
    assert told(facts, "2026-11-25") == {"ST": "2026-11-26 09:00"}


def test_a_session_outside_the_period_or_of_a_line_without_sessions_begins_nothing() -> None:
    later = replace(OPEN_SINCE_OCTOBER, start=d("2026-12-01"))
    other = replace(OPEN_SINCE_OCTOBER, service_line="OT")

    assert told(ClientFacts(service_lines=(later, other), appointments=(FIRST,))) == {}

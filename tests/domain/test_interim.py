"""Who could be case manager until the responsible clinician is enrolled."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.interim import asks_for_interim, candidates, enrolled_with, replaced, stands_in_for
from caseapp.domain.payor import FundingSource, Payor
from caseapp.domain.practice import Practice

PRACTICE = Practice(ZoneInfo("America/New_York"))
START = TODAY = date(2026, 11, 23)
AETNA = Payor("AET", "Aetna", "insurance")
ENROLLED = (Enrollment("AET", "approved", date(2020, 1, 1)),)
ANA = Clinician(number="ana", first_name="Ana", npi="1234567893", service_lines=frozenset({"ST"}))
MEI = replace(ANA, number="mei", first_name="Mei", last_name="Lind", enrollments=ENROLLED)
JO = replace(MEI, number="jo", first_name="Jo", last_name="Abara")
FACTS = ClientFacts(
    service_lines=(ClientServiceLine(service_line="ST", start=date(2026, 1, 1)),),
    funding_sources=(FundingSource(payor=AETNA, priority="primary", start=date(2026, 1, 1)),),
)


def best(facts: ClientFacts = FACTS, **caseloads: int) -> list[str]:
    everybody = [ANA, MEI, JO, replace(MEI, number="pt", service_lines=frozenset({"PT"}))]
    found = candidates(everybody, {ANA.number}, facts, "ST", START, TODAY, PRACTICE, caseloads)
    return [candidate.clinician.number for candidate in found]


def seen(by: str, day: int, month: int = 11, status: str = "completed") -> ClientFacts:
    at = datetime(2026, month, day, 15, tzinfo=UTC)
    session = Appointment(service_line="OT", starts_at=at, status=status, clinician=by)  # type: ignore[arg-type]
    return replace(FACTS, appointments=(session,))


def test_an_interim_is_asked_for_where_only_the_enrollment_is_missing() -> None:
    assert asks_for_interim(ANA, FACTS, "ST", START, TODAY)
    assert not asks_for_interim(MEI, FACTS, "ST", START, TODAY)
    assert not asks_for_interim(replace(ANA, may_be_case_manager=False), FACTS, "ST", START, TODAY)


def test_only_those_who_could_be_saved_are_suggested_the_smaller_caseload_first() -> None:
    assert best(mei=3, jo=4) == ["mei", "jo"]
    assert best(mei=5, jo=4) == ["jo", "mei"]


def test_who_saw_the_client_in_the_31_days_before_comes_first() -> None:
    assert best(seen("mei", 1), mei=9, jo=1) == ["mei", "jo"]
    assert best(seen("mei", 23, month=10), mei=9, jo=1) == ["mei", "jo"]
    assert best(seen("mei", 22, month=10), mei=9, jo=1) == ["jo", "mei"]
    assert best(seen("mei", 1, status="no_show"), mei=9, jo=1) == ["jo", "mei"]


def test_equals_are_told_by_name() -> None:
    assert best() == ["jo", "mei"]


def test_the_lead_names_the_primary_payor_of_the_start() -> None:
    assert enrolled_with(FACTS, START) == "Aetna"
    assert enrolled_with(ClientFacts(), START) == ""


def managed_by(
    clinician: Clinician, for_clinician: Clinician | None = None, end: date | None = None
) -> ClientFacts:
    cm = CaseManager(
        id="cm",
        service_line="ST",
        clinician=clinician,
        for_clinician=for_clinician,
        start=date(2026, 1, 1),
        end=end,
    )
    return replace(FACTS, case_managers=(cm,))


def test_a_successor_of_who_is_merely_not_enrolled_stands_in_for_them() -> None:
    assert stands_in_for(managed_by(ANA), "ST", START, TODAY) == ANA
    assert stands_in_for(managed_by(MEI, ANA), "ST", START, TODAY) == ANA
    assert stands_in_for(managed_by(MEI), "ST", START, TODAY) is None
    assert stands_in_for(FACTS, "ST", START, TODAY) is None


def test_who_is_to_be_followed_is_not_suggested_again() -> None:
    assert replaced(managed_by(MEI), "ST", START) == {"mei"}
    assert replaced(managed_by(MEI, end=START - ONE_DAY), "ST", START) == {"mei"}
    assert replaced(managed_by(MEI, end=START - 2 * ONE_DAY), "ST", START) == set()

"""A small practice for example tests: Lea receives ST, Aetna pays, and today is Sun 22 Nov 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.domain.appointment import Appointment
from caseapp.domain.case_manager import Chosen, Judgement, judge
from caseapp.domain.case_manager_entry import CaseManagerEntry, read_entry
from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.finding import Finding
from caseapp.domain.payor import FundingSource, Payor, Priority
from caseapp.domain.practice import Practice

PRACTICE = Practice(ZoneInfo("America/New_York"))
TODAY = date(2026, 11, 22)
LONG_AGO = date(2020, 1, 1)
AETNA = Payor("AET", "Aetna", "insurance")
MEDICAID = Payor("MED", "Medicaid", "insurance")
SELF = Payor("SELF", "Self", "private_pay")
WITH_AETNA = Enrollment("AET", "approved", LONG_AGO)

MEI = Clinician(
    number="mei",
    first_name="Mei",
    last_name="Lindqvist",
    credential="CCC-SLP",
    npi="1234567893",
    service_lines=frozenset({"ST"}),
    enrollments=(WITH_AETNA,),
)
JO = replace(MEI, number="jo", first_name="Jo", last_name="Park", npi="1558598797")


def d(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """An instant of the practice's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=PRACTICE.zone).astimezone(UTC)


def a_source(
    payor: Payor = AETNA, start: date = LONG_AGO, end: date | None = None, priority: Priority = "primary"
) -> FundingSource:
    return FundingSource(payor=payor, priority=priority, start=start, end=end)


def a_line(start: date = LONG_AGO, end: date | None = None, service_line: str = "ST") -> ClientServiceLine:
    return ClientServiceLine(service_line=service_line, start=start, end=end)


def managed(
    clinician: Clinician = MEI, start: str = "2020-01-01", end: str | None = None, **more: Any
) -> CaseManager:
    values: dict[str, Any] = {"id": clinician.number, "service_line": "ST"} | more
    return CaseManager(clinician=clinician, start=d(start), end=d(end) if end else None, **values)


def a_session(starts_at: str, **more: Any) -> Appointment:
    values: dict[str, Any] = {"service_line": "ST"} | more
    return Appointment(starts_at=at(starts_at), **values)


def lea(**more: Any) -> ClientFacts:
    """Receives ST for long, and Aetna pays."""
    values: dict[str, Any] = {"service_lines": (a_line(),), "funding_sources": (a_source(),)} | more
    return ClientFacts(number="C-1", first_name="Lea", **values)


def saved(
    facts: ClientFacts,
    clinician: Clinician | None = MEI,
    /,
    *,
    now: str = "2026-11-22T12:00",
    stored: CaseManager | None = None,
    others: int = 0,
    known_lines: tuple[str, ...] = ("ABA", "ST"),
    **typed: Any,
) -> Judgement:
    """Judge a save of ST from Mon 23 Nov 2026 on, with what is typed otherwise."""
    values: dict[str, Any] = {
        "service_line": "ST",
        "clinician": clinician.number if clinician else "",
        "start_date": "2026-11-23",
    }
    entry = CaseManagerEntry(**values | typed)
    chosen = Chosen(known_lines=known_lines, clinician=clinician, others=others)
    return judge(entry, read_entry(entry), facts, chosen, now=at(now), practice=PRACTICE, stored=stored)


def codes(judgement: Judgement) -> list[str]:
    """The codes of the errors; where there are none, of the warnings."""
    return [finding.code for finding in judgement.errors or judgement.warnings]


def told(judgement: Judgement, code: str) -> str:
    """The words of one finding."""
    return the(judgement, code).message


def the(judgement: Judgement, code: str) -> Finding:
    return next(f for f in (*judgement.errors, *judgement.warnings) if f.code == code)

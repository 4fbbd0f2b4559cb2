"""The worked cases of tests/data/rules, merged with their base as their files say, as domain values."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from caseapp.domain.appointment import Appointment
from caseapp.domain.client import CaseManager, ClientFacts, ClientServiceLine
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import first_instant
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.payor import FundingSource, Payor
from caseapp.domain.practice import Practice

FOLDER = Path(__file__).parent / "data" / "rules"
KNOWN_LINES = ("ABA", "ST", "OT", "PT", "MH")
Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One worked case: the merged facts as plain JSON and as domain values."""

    name: str
    raw: Json
    expect: Any
    practice: Practice
    clinicians: dict[str, Clinician]
    facts: ClientFacts

    def instant(self, text: str) -> datetime:
        return instant(text, self.practice.zone)


def instant(text: str, zone: ZoneInfo) -> datetime:
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def save_cases() -> list[Case]:
    def merge(base: Json, case: Json) -> Json:
        raw = {**base, **case.get("facts", {})}
        raw["clinicians"] = _each(base["clinicians"], case.get("clinicians", {}))
        raw["save"] = {**base["save"], **case.get("save", {})}
        return raw

    return _read("save_case_manager.json", merge)


@cache
def gap_cases() -> list[Case]:
    def merge(base: Json, case: Json) -> Json:
        raw = {**base, **case.get("facts", {})}
        raw["clinicians"] = _each(base["clinicians"], case.get("clinicians", {}))
        raw["client"] = {**base["client"], **case.get("client", {})}
        return raw

    return _read("coverage_gaps.json", merge)


def _each(base: Json, changes: Json) -> Json:
    return {key: {**base.get(key, {}), **changes.get(key, {})} for key in {**base, **changes}}


def _read(name: str, merge: Callable[[Json, Json], Json]) -> list[Case]:
    text = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return [_case(case["name"], merge(text["base"], case), case["expect"]) for case in text["cases"]]


def _case(name: str, raw: Json, expect: Any) -> Case:
    zone = ZoneInfo(raw["timezone"])
    clinicians = {number: _clinician(number, row) for number, row in raw["clinicians"].items()}
    payors = {
        code: Payor(code, code, row["type"], row.get("requires_enrollment", False))
        for code, row in raw["payors"].items()
    }
    facts = ClientFacts(
        number="C-1",
        status=raw["client"].get("status", "active"),
        service_lines=tuple(
            ClientServiceLine(
                service_line=row["service_line"], start=_d(row["start_date"]), end=day(row["end_date"])
            )
            for row in raw["client"]["service_lines"]
        ),
        funding_sources=tuple(
            FundingSource(
                payor=payors[row["payor"]],
                priority=row["priority"],
                start=_d(row["start_date"]),
                end=day(row["end_date"]),
            )
            for row in raw["client"]["funding_sources"]
        ),
        case_managers=tuple(
            CaseManager(
                id=row.get("id", f"cm{place}"),
                service_line=row["service_line"],
                clinician=clinicians[row["clinician"]],
                start=_d(row["start_date"]),
                end=day(row["end_date"]),
                for_clinician=clinicians.get(row.get("for_clinician", "")),
                uncovered_left_at=first_instant(_d(raw["on"]), zone) if row.get("leave_uncovered") else None,
            )
            for place, row in enumerate(raw["case_managers"])
        ),
        appointments=tuple(
            Appointment(
                service_line=row["service_line"],
                starts_at=instant(row["starts_at"], zone),
                status=row["status"],
                billable=row.get("billable", True),
                clinician=row.get("clinician"),
            )
            for row in raw["appointments"]
        ),
    )
    return Case(name, raw, expect, Practice(zone), clinicians, facts)


def _d(text: str) -> date:
    return date.fromisoformat(text)


def _clinician(number: str, row: Json) -> Clinician:
    return Clinician(
        number=number,
        first_name=number.title(),
        credential=row["credential"],
        npi=row["npi"],
        service_lines=frozenset(row["service_lines"]),
        may_be_case_manager=row.get("may_be_case_manager", True),
        active_from=day(row["active_from"]),
        active_to=day(row["active_to"]),
        enrollments=tuple(
            Enrollment(row["payor"], row["status"], day(row["start_date"]), day(row["end_date"]))
            for row in row["enrollments"]
        ),
    )

"""What somebody typed of a clinician, its reading into values, and what keeps it from being saved.

Source: docs/domain.md, *Words* and *NPI*. An edit is not hindered by what was stored before and not touched.
"""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from caseapp.domain.clinician_hints import is_assistant, npi_fault
from caseapp.domain.entry_reader import LONGEST_NUMBER, EntryReader
from caseapp.domain.finding import Finding

HIGHEST_LIMIT = 999
LABELS = {
    "number": "number",
    "last_name": "last name",
    "first_name": "first name",
    "credential": "credential",
    "npi": "NPI",
    "taxonomy_code": "taxonomy code",
    "active_from": "date “active from”",
    "active_to": "last day",
    "caseload_limit": "caseload limit",
    "email": "e-mail address",
}
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianEntry:
    """The fields of the form as texts; dates as YYYY-MM-DD or empty, service lines as codes."""

    number: str = ""
    last_name: str = ""
    first_name: str = ""
    credential: str = ""
    npi: str = ""
    taxonomy_code: str = ""
    service_lines: tuple[str, ...] = ()
    may_be_case_manager: bool = False
    active_from: str = ""
    active_to: str = ""
    caseload_limit: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianValues:
    """What is stored of a clinician; None is empty, `service_lines` are codes in order."""

    number: str
    last_name: str
    first_name: str
    credential: str
    npi: str | None
    taxonomy_code: str | None
    service_lines: tuple[str, ...]
    may_be_case_manager: bool
    active_from: date | None
    active_to: date | None
    caseload_limit: int | None
    email: str | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.number

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them."""
        return {
            **asdict(self),
            "service_lines": list(self.service_lines),
            "active_from": self.active_from.isoformat() if self.active_from else None,
            "active_to": self.active_to.isoformat() if self.active_to else None,
        }

    @property
    def entry(self) -> ClinicianEntry:
        """As the form shows them."""
        texts = {
            name: "" if value is None else str(value)
            for name, value in asdict(self).items()
            if name not in ("service_lines", "may_be_case_manager")
        }
        return ClinicianEntry(
            **texts, service_lines=self.service_lines, may_be_case_manager=self.may_be_case_manager
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Another clinician who has the number or the NPI already."""

    number: str
    npi: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the practice knows, as far as an entry asks for it. `free_number` is one that nobody has."""

    service_lines: Collection[str]
    taxonomy_known: bool
    holders: tuple[Holder, ...] = ()
    free_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianJudgement:
    """`errors` hinder the save; `warnings` are what stood there before and was not touched, and hints."""

    values: ClinicianValues
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def judge_clinician(
    entry: ClinicianEntry, known: Known, stored: ClinicianValues | None = None
) -> ClinicianJudgement:
    """Every broken rule at once. `stored` is what an edit replaces."""
    texts = {name: str(getattr(entry, name)) for name in LABELS}
    reader = EntryReader(texts, LABELS)
    before = stored.entry if stored else ClinicianEntry()
    values = _read(reader, entry)
    _unique(reader, values, known)
    for judge in (_npi, _taxonomy, _email):
        judge(reader, values, known)
    lines = [code for code in values.service_lines if code not in known.service_lines]
    if lines:
        reader.refuse(
            "unknown_choice",
            "service_lines",
            f"The practice has no service line {lines[0]}. Choose from the list.",
        )
    errors, warnings = [], []
    for finding in reader.findings:
        untouched = stored and finding.code in _KEPT and _same(entry, before, finding.field or "")
        if untouched:
            values = replace(values, **{str(finding.field): getattr(stored, str(finding.field))})
            warnings.append(replace(finding, severity="warning"))
        else:
            errors.append(finding)
    if values.may_be_case_manager and is_assistant(values.credential):
        warnings.append(_assistant(values))
    return ClinicianJudgement(values=values, errors=tuple(errors), warnings=tuple(warnings))


# What an import takes and the form would not: it may stay as long as nobody changes it.
_KEPT = frozenset(
    {"invalid_npi", "invalid_number", "invalid_email", "unknown_choice", "too_long", "not_text"}
)


def _same(entry: ClinicianEntry, before: ClinicianEntry, field: str) -> bool:
    typed, stood = getattr(entry, field), getattr(before, field)
    return bool(typed.strip() == stood.strip() if isinstance(typed, str) else typed == stood)


def _read(reader: EntryReader, entry: ClinicianEntry) -> ClinicianValues:
    number = reader.text("number", limit=LONGEST_NUMBER, required="Enter the clinician's number.")
    last_name = reader.text("last_name", required="Enter the last name.")
    first_name = reader.text("first_name", required="Enter the first name.")
    first, last = reader.day("active_from"), reader.day("active_to")
    reader.in_order(
        "active_from", first, "active_to", last, "Enter that date or a later one, or leave it empty."
    )
    return ClinicianValues(
        number=number,
        last_name=last_name,
        first_name=first_name,
        credential=reader.text("credential"),
        npi=reader.text("npi", limit=LONGEST_NUMBER) or None,
        taxonomy_code=reader.text("taxonomy_code", limit=LONGEST_NUMBER).upper() or None,
        service_lines=tuple(sorted({code.strip() for code in entry.service_lines if code.strip()})),
        may_be_case_manager=entry.may_be_case_manager,
        active_from=first,
        active_to=last,
        caseload_limit=reader.whole("caseload_limit", 1, HIGHEST_LIMIT),
        email=reader.text("email") or None,
    )


def _unique(reader: EntryReader, values: ClinicianValues, known: Known) -> None:
    """`taken`: another clinician has the number, or the NPI."""
    for holder in known.holders:
        if values.number and holder.number == values.number:
            free = f" {known.free_number} is free." if known.free_number else ""
            reader.refuse(
                "taken", "number", f"{holder.number} is the number of {holder.name}. Choose another.{free}"
            )
        if values.npi and holder.npi == values.npi:
            reader.refuse("taken", "npi", npi_taken(holder))


def npi_taken(holder: Holder) -> str:
    return (
        f"This NPI is recorded for {holder.name} ({holder.number}). "
        "An individual NPI belongs to one person: find out whose it is."
    )


def _npi(reader: EntryReader, values: ClinicianValues, known: Known) -> None:
    fault = npi_fault(values.npi) if values.npi and not reader.refused("npi") else ""
    if fault:
        reader.refuse("invalid_npi", "npi", fault)


def _taxonomy(reader: EntryReader, values: ClinicianValues, known: Known) -> None:
    if values.taxonomy_code and not known.taxonomy_known:
        reader.refuse(
            "unknown_choice",
            "taxonomy_code",
            f"The taxonomy code {values.taxonomy_code} is not known here. Choose one from the list, or "
            "bring in the whole set with `caseapp taxonomy`.",
        )


def _email(reader: EntryReader, values: ClinicianValues, known: Known) -> None:
    if values.email and not _EMAIL.fullmatch(values.email):
        reader.refuse(
            "invalid_email",
            "email",
            "This is not an e-mail address. Enter one like name@example.org, or leave it empty.",
        )


def _assistant(values: ClinicianValues) -> Finding:
    return Finding(
        "cannot_be_responsible",
        "may_be_case_manager",
        "warning",
        f"{values.name} may be case manager, with the credential {values.credential}. Technicians and "
        "assistants mostly work under somebody who takes the responsibility: edit it if that is so here.",
    )

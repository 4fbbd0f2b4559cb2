"""What somebody typed of a client, its reading into values, and what keeps it from being saved.

Source: docs/domain.md, *Words*. An edit is not hindered by what was stored before and not touched.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from caseapp.domain import words
from caseapp.domain.entry_reader import LONGEST_NUMBER, EntryReader
from caseapp.domain.finding import Finding

LABELS = {
    "number": "client number",
    "last_name": "last name",
    "first_name": "first name",
    "preferred_name": "preferred name",
    "date_of_birth": "date of birth",
    "external_id": "external ID",
}
# What an import takes and the form would not: it may stay as long as nobody changes it.
_KEPT = frozenset({"required", "too_long", "not_text", "in_future"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientEntry:
    """The fields of the form as texts; the date of birth as YYYY-MM-DD or empty."""

    number: str = ""
    last_name: str = ""
    first_name: str = ""
    preferred_name: str = ""
    date_of_birth: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientValues:
    """What is stored of a person; None is empty."""

    number: str
    last_name: str
    first_name: str
    preferred_name: str | None
    date_of_birth: date | None
    external_id: str | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.number

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them, but for the status."""
        born = self.date_of_birth.isoformat() if self.date_of_birth else None
        return {**asdict(self), "date_of_birth": born}

    @property
    def entry(self) -> ClientEntry:
        """As the form shows them."""
        return ClientEntry(**{name: value or "" for name, value in self.told.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Another client who has the number or the external ID already."""

    number: str
    external_id: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientJudgement:
    """`errors` hinder the save; `warnings` are what stood there before and was not touched."""

    values: ClientValues
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def judge_client(
    entry: ClientEntry,
    holders: Iterable[Holder],
    today: date,
    *,
    free_number: str = "",
    stored: ClientValues | None = None,
) -> ClientJudgement:
    """Every broken rule at once. `free_number` is one that nobody has; `stored` is what an edit replaces."""
    reader = EntryReader({name: getattr(entry, name) for name in LABELS}, LABELS)
    values = ClientValues(
        number=reader.text("number", limit=LONGEST_NUMBER, required="Enter the client's number."),
        last_name=reader.text("last_name", required="Enter the last name."),
        first_name=reader.text("first_name", required="Enter the first name."),
        preferred_name=reader.text("preferred_name") or None,
        date_of_birth=reader.day("date_of_birth"),
        external_id=reader.text("external_id", limit=LONGEST_NUMBER) or None,
    )
    if values.date_of_birth and values.date_of_birth > today:
        reader.refuse(
            "in_future",
            "date_of_birth",
            f"The date of birth, {words.day(values.date_of_birth)}, lies in the future. "
            "Enter the day on which the client was born, or leave it empty.",
        )
    _unique(reader, values, holders, free_number)
    errors, warnings = [], []
    before = stored.entry if stored else ClientEntry()
    for finding in reader.findings:
        field = finding.field or ""
        if (
            stored
            and finding.code in _KEPT
            and getattr(entry, field).strip() == getattr(before, field).strip()
        ):
            values = replace(values, **{field: getattr(stored, field)})
            warnings.append(replace(finding, severity="warning"))
        else:
            errors.append(finding)
    return ClientJudgement(values=values, errors=tuple(errors), warnings=tuple(warnings))


def _unique(reader: EntryReader, values: ClientValues, holders: Iterable[Holder], free_number: str) -> None:
    """`taken`: another client has the number, or the external ID."""
    for holder in holders:
        if values.number and holder.number == values.number:
            free = f" {free_number} is free." if free_number else ""
            reader.refuse(
                "taken", "number", f"{holder.number} is the number of {holder.name}. Choose another.{free}"
            )
        if values.external_id and holder.external_id == values.external_id:
            reader.refuse(
                "taken",
                "external_id",
                f"{holder.external_id} is the external ID of {holder.name} ({holder.number}). "
                "Find out whose it is.",
            )

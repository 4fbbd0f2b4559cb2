"""What somebody typed of a payor, its reading into values, and what keeps it from being saved.

Source: docs/domain.md, *Words* and the rule `not_enrolled`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from caseapp.domain.entry_reader import LONGEST_NUMBER, EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.payor import PAYOR_TYPES, Payor, PayorType, must_be_enrolled

LABELS = {"code": "code", "name": "name", "type": "type"}
TYPE_WORDS: dict[PayorType, str] = {
    "insurance": "insurance",
    "regional_center": "regional center",
    "school_district": "school district",
    "private_pay": "private pay",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayorEntry:
    """The fields of the form; `type` is one of PAYOR_TYPES."""

    code: str = ""
    name: str = ""
    type: str = ""
    requires_enrollment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PayorValues:
    """What is stored of a payor; `requires_enrollment` is the setting, not yet the answer."""

    code: str
    name: str
    type: str
    requires_enrollment: bool

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them."""
        return asdict(self)

    @property
    def entry(self) -> PayorEntry:
        """As the form shows them."""
        return PayorEntry(**asdict(self))

    @property
    def payor(self) -> Payor:
        return Payor(self.code, self.name, cast(PayorType, self.type), self.requires_enrollment)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayorJudgement:
    values: PayorValues
    errors: tuple[Finding, ...]


def judge_payor(entry: PayorEntry, holders: Mapping[str, str]) -> PayorJudgement:
    """Every broken rule at once. `holders` are the names of other payors by their code."""
    reader = EntryReader({name: getattr(entry, name) for name in LABELS}, LABELS)
    code = reader.text("code", limit=LONGEST_NUMBER, required="Enter a code, for example AETNA.")
    name = reader.text("name", required="Enter the payor's name.")
    kind = reader.text("type", required="Choose the type.")
    if kind and kind not in PAYOR_TYPES:
        reader.refuse("unknown_choice", "type", "There is no such type of payor. Choose from the list.")
    if code in holders:
        reader.refuse("taken", "code", f"{code} is the code of {holders[code]}. Choose another.")
    return PayorJudgement(
        values=PayorValues(code=code, name=name, type=kind, requires_enrollment=entry.requires_enrollment),
        errors=tuple(reader.findings),
    )


def requirement_words(payor: Payor) -> str:
    """Whether a payor asks for enrollment as it is answered, and what decides it."""
    if payor.type == "insurance":
        return "yes, insurance always"
    if payor.type == "private_pay":
        return "no, private pay never"
    return "yes, by its setting" if must_be_enrolled(payor) else "no, by its setting"

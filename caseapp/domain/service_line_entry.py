"""What somebody typed of a service line, its reading into values, and what forbids a save or a removal."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from caseapp.domain.entry_reader import EntryReader
from caseapp.domain.finding import Finding

LABELS = {"code": "code", "name": "name"}
LONGEST_CODE = 20
SEPARATOR = ";"
"""Parts the codes of a clinician in practice files, so no code may hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntry:
    """The fields of the form as they were typed."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineValues:
    """What is stored of a service line."""

    code: str
    name: str

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them."""
        return asdict(self)

    @property
    def entry(self) -> LineEntry:
        """As the form shows them."""
        return LineEntry(**asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineJudgement:
    values: LineValues
    errors: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUse:
    """How many of each use a service line; a number above `most` only says that there are more."""

    most: int
    clients: int = 0
    clinicians: int = 0
    case_managers: int = 0
    removed_case_managers: int = 0
    appointments: int = 0


def judge_line(entry: LineEntry, holders: Mapping[str, str]) -> LineJudgement:
    """Every broken rule at once. `holders` are the names of other service lines by their code."""
    reader = EntryReader({name: getattr(entry, name) for name in LABELS}, LABELS)
    code = reader.text("code", limit=LONGEST_CODE, required="Enter a code, for example ABA.")
    name = reader.text("name", required="Enter the service line's name.")
    if SEPARATOR in code:
        reader.refuse(
            "not_text",
            "code",
            "The code holds a semicolon, which parts codes in practice files. Leave it out.",
        )
    elif not code.isprintable():
        reader.refuse(
            "not_text", "code", "The code holds a character that is not seen. Type it without that one."
        )
    if code in holders:
        reader.refuse("taken", "code", f"{code} is the code of {holders[code]}. Choose another.")
    return LineJudgement(values=LineValues(code=code, name=name), errors=tuple(reader.findings))


def judge_removal(code: str, use: LineUse) -> Finding | None:
    """`in_use`: what uses the service line, so that it stays; None where nothing does."""
    counted = (
        (use.clients, "client", "clients"),
        (use.clinicians, "clinician", "clinicians"),
        (use.case_managers, "case manager", "case managers"),
        (use.appointments, "appointment", "appointments"),
        (
            use.removed_case_managers,
            "removed case manager that the history keeps",
            "removed case managers that the history keeps",
        ),
    )
    told = [_number(number, use.most, one, many) for number, one, many in counted if number]
    if not told:
        return None
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return Finding("in_use", None, "error", f"{code} is used by {listed}, so it stays.")


def _number(number: int, most: int, one: str, many: str) -> str:
    if number > most:
        return f"more than {most:,} {many}"
    return f"{number:,} {one if number == 1 else many}"

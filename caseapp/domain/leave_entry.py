"""What somebody typed of a clinician's leave, its reading into values, and what keeps it from being saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseapp.domain import words
from caseapp.domain.entry_reader import EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.period import Period

LABELS = {"start_date": "first day", "end_date": "last day", "note": "note"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveEntry:
    """The fields of the form as texts; dates as YYYY-MM-DD or empty."""

    start_date: str = ""
    end_date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveValues:
    """What is stored of a leave; an empty end is open."""

    start_date: date
    end_date: date | None
    note: str | None

    @property
    def period(self) -> Period:
        return Period(start=self.start_date, end=self.end_date)

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them, but for whose leave it is."""
        return {
            "start_date": self.start_date.isoformat(),
            "end_date": self.end_date.isoformat() if self.end_date else None,
            "note": self.note,
        }

    @property
    def entry(self) -> LeaveEntry:
        """As the form shows them."""
        return LeaveEntry(
            start_date=self.start_date.isoformat(),
            end_date=self.end_date.isoformat() if self.end_date else "",
            note=self.note or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveJudgement:
    """`values` is there where no error is."""

    values: LeaveValues | None
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def judge_leave(entry: LeaveEntry, others: Iterable[Period], today: date) -> LeaveJudgement:
    """Every broken rule at once; `others` are the clinician's other leaves, which this one may overlap."""
    texts = {name: getattr(entry, name) for name in LABELS}
    reader = EntryReader(texts, LABELS)
    start = reader.day("start_date", required="Enter the first day of the leave.")
    end = reader.day("end_date")
    reader.in_order(
        "start_date", start, "end_date", end, "Enter the first day or a later one, or leave it empty."
    )
    note = reader.note("note") or None
    others = list(others)
    if start is not None and any(other.start == start for other in others):
        reader.refuse(
            "taken",
            "start_date",
            f"A leave that begins on {words.day(start)} is recorded already. Edit that one instead.",
        )
    if reader.findings or start is None:
        return LeaveJudgement(values=None, errors=tuple(reader.findings))
    values = LeaveValues(start_date=start, end_date=end, note=note)
    return LeaveJudgement(values=values, errors=(), warnings=tuple(_overlaps(values, others, today)))


def _overlaps(values: LeaveValues, others: list[Period], today: date) -> Iterable[Finding]:
    for other in sorted(others, key=lambda period: period.start):
        if other.overlaps(values.period):
            yield Finding(
                "leave_overlaps",
                "start_date",
                "information",
                f"It overlaps another leave, {words.span(other.start, other.end, today)}. Both are kept.",
            )

"""What somebody typed of a client's funding source, its reading into values, and what hinders the save.

Source: docs/domain.md, *Words* (funding source): one primary on a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseapp.domain import words
from caseapp.domain.dates import FIRST_DATE, ONE_DAY
from caseapp.domain.entry_reader import LONGEST_NUMBER, EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.payor import PRIORITIES
from caseapp.domain.period import Period

LABELS = {
    "payor": "payor",
    "priority": "priority",
    "start_date": "start date",
    "end_date": "end date",
    "member_id": "member ID",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingEntry:
    """The fields of the form as texts; `payor` is a code, dates are YYYY-MM-DD or empty.

    `end_current` says that the primary in the way ends the day before.
    """

    payor: str = ""
    priority: str = ""
    start_date: str = ""
    end_date: str = ""
    member_id: str = ""
    end_current: bool = False

    @property
    def empty(self) -> bool:
        """Nobody typed anything into this row; a priority alone is what the row proposes."""
        return not any(text.strip() for text in (self.payor, self.start_date, self.end_date, self.member_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingValues(Period):
    """What is stored of a funding source: from `start` through `end`."""

    payor: str
    priority: str
    member_id: str | None = None

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them."""
        return {
            "payor": self.payor,
            "priority": self.priority,
            "start_date": self.start.isoformat(),
            "end_date": self.end.isoformat() if self.end else None,
            "member_id": self.member_id,
        }

    @property
    def entry(self) -> FundingEntry:
        """As the form shows them."""
        texts: dict[str, Any] = {name: value or "" for name, value in self.told.items()}
        return FundingEntry(**texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingJudgement:
    """`values` is there where the texts could be read.

    `current` is the primary that stands in the way and can make room by ending on `current_ends`.
    """

    values: FundingValues | None
    errors: tuple[Finding, ...]
    current: FundingValues | None = None
    current_ends: date | None = None


def judge_funding_source(
    entry: FundingEntry, payors: Mapping[str, str], others: Iterable[FundingValues]
) -> FundingJudgement:
    """Every broken rule at once; `payors` are names by code, `others` the client's other funding sources."""
    reader = EntryReader({name: getattr(entry, name) for name in LABELS}, LABELS)
    payor = reader.text("payor", limit=LONGEST_NUMBER, required="Choose the payor.")
    if payor and payor not in payors:
        reader.refuse("unknown_choice", "payor", "The practice has no such payor. Choose from the list.")
    priority = reader.text("priority", required="Choose the priority.")
    if priority and priority not in PRIORITIES:
        reader.refuse("unknown_choice", "priority", "There is no such priority. Choose from the list.")
    start = reader.day("start_date", required="Enter the day from which this payor pays.")
    end = reader.day("end_date")
    reader.in_order("start_date", start, "end_date", end, "Enter the start date or a later day.")
    member_id = reader.text("member_id") or None
    if start is None or any(reader.refused(name) for name in ("payor", "priority", "end_date")):
        return FundingJudgement(values=None, errors=tuple(reader.findings))
    values = FundingValues(payor=payor, priority=priority, start=start, end=end, member_id=member_id)
    others = list(others)
    if any((o.payor, o.priority, o.start) == (payor, priority, start) for o in others):
        reader.refuse(
            "taken",
            "start_date",
            f"{payors[payor]} is {priority} from {words.day(start)} already. Edit that one instead.",
        )
        return FundingJudgement(values=values, errors=tuple(reader.findings))
    standing = _primaries(values, others)
    room = _room(values, standing)
    if standing and not (entry.end_current and room):
        reader.refuse("overlap", "start_date", _overlap(values, standing, payors))
    return FundingJudgement(
        values=values,
        errors=tuple(reader.findings),
        current=standing[0] if room else None,
        current_ends=values.start - ONE_DAY if room else None,
    )


def _primaries(values: FundingValues, others: Iterable[FundingValues]) -> list[FundingValues]:
    """The other primaries that share a day with this one, where it is a primary."""
    if values.priority != "primary":
        return []
    return sorted(
        (other for other in others if other.priority == "primary" and other.overlaps(values)),
        key=lambda other: other.start,
    )


def _room(values: FundingValues, standing: list[FundingValues]) -> bool:
    """Whether ending the only one in the way the day before makes room."""
    return len(standing) == 1 and standing[0].start < values.start and values.start > FIRST_DATE


def _overlap(values: FundingValues, standing: list[FundingValues], payors: Mapping[str, str]) -> str:
    first = standing[0]
    name = payors.get(first.payor, first.payor)
    until = f"until {words.day(first.end)}" if first.end else "with an open end"
    stands = f"{name} is the primary payor from {words.day(first.start)} {until}, and a day has one primary."
    if first.start > values.start:
        return f"{stands} End this one by {words.day(first.start - ONE_DAY)}."
    if first.start == values.start:
        return f"{stands} Edit or remove that one, or choose another start date."
    return f"{stands} End it by {words.day(values.start - ONE_DAY)}, or choose another start date."


def end_current_words(name: str, ends: date) -> str:
    """What the offer says: End Aetna on Mon 30 Nov and start this one."""
    return f"End {name} on {words.near_day(ends)} and start this one"

"""What somebody typed to hand over a clinician's lines, and its reading into days.

Source: docs/domain.md, *Hand-over*.
"""

from dataclasses import dataclass
from datetime import date

from caseapp.domain import words
from caseapp.domain.clinician import Clinician
from caseapp.domain.dates import ONE_DAY, parse_date
from caseapp.domain.finding import Finding

LEAVING = "leaving"
ABSENCE = "absence"
_DATES = {
    "last_day": "last day",
    "first_away": "first day away",
    "last_away": "last day away",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverEntry:
    """`clinician` is a public ID; `kind` says whether they leave or are away; dates as YYYY-MM-DD."""

    clinician: str = ""
    kind: str = LEAVING
    last_day: str = ""
    first_away: str = ""
    last_away: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Whose lines go on with others, and from when.

    `first` is the first day of the successors, `back_on` the day on which the clinician goes on after an
    absence (None: never, or nobody knows yet).
    """

    clinician: Clinician
    first: date
    back_on: date | None = None
    leaving: bool = True

    @property
    def last_day(self) -> date:
        """The clinician's last day before the successors."""
        return self.first - ONE_DAY


def read_hand_over(
    entry: HandOverEntry, clinician: Clinician | None, today: date
) -> tuple[HandOver | None, tuple[Finding, ...]]:
    """The days that were meant, and what keeps them from being understood: never one without the other."""
    found: list[Finding] = []
    if not entry.clinician.strip():
        found.append(_error("required", "clinician", "Choose the clinician whose clients are handed over."))
    elif clinician is None:
        found.append(
            _error("unknown_choice", "clinician", "This practice has no such clinician. Choose one.")
        )
    if entry.kind not in (LEAVING, ABSENCE):
        found.append(_error("unknown_choice", "kind", "Choose one of the two."))
        return None, tuple(found)
    if clinician is not None and clinician.active_to is not None and clinician.active_to < today:
        left = words.short_day(clinician.active_to, today)
        found.append(
            _error(
                "clinician_gone",
                "clinician",
                f"{clinician.name} left on {left}. A hand-over is for days to come: name the successors on "
                "the clinician's page, or correct the last day there.",
            )
        )
        return None, tuple(found)
    if entry.kind == LEAVING:
        first, back_on = _leaving(entry, clinician, today, found), None
    else:
        first, back_on = _absence(entry, clinician, today, found)
    if found or first is None or clinician is None:
        return None, tuple(found)
    return HandOver(clinician=clinician, first=first, back_on=back_on, leaving=entry.kind == LEAVING), ()


def _leaving(
    entry: HandOverEntry, clinician: Clinician | None, today: date, found: list[Finding]
) -> date | None:
    last_day = _date(entry, "last_day", found, needed="Enter the clinician's last day.")
    if last_day is None:
        return None
    if last_day < today:
        when = words.short_day(last_day, today)
        found.append(
            _error(
                "last_day_past",
                "last_day",
                f"{when} is past, and a hand-over is for days to come. Enter today or a later day.",
            )
        )
    else:
        _not_after_leaving("last_day", last_day, clinician, today, found)
    return last_day + ONE_DAY


def _absence(
    entry: HandOverEntry, clinician: Clinician | None, today: date, found: list[Finding]
) -> tuple[date | None, date | None]:
    first = _date(entry, "first_away", found, needed="Enter the first day on which somebody else takes over.")
    last = _date(entry, "last_away", found)
    if first is not None and first < today:
        when = words.short_day(first, today)
        found.append(
            _error(
                "first_day_past",
                "first_away",
                f"{when} is past, and a hand-over is for days to come. Enter today or a later day.",
            )
        )
    elif first is not None:
        _not_after_leaving("first_away", first - ONE_DAY, clinician, today, found)
    if first is not None and last is not None and last < first:
        found.append(
            _error(
                "end_before_start",
                "last_away",
                "The last day away lies before the first. Enter a later day, "
                "or leave it empty while it is open.",
            )
        )
    return first, last + ONE_DAY if last else None


def _not_after_leaving(
    field: str, last_day: date, clinician: Clinician | None, today: date, found: list[Finding]
) -> None:
    if clinician is None or clinician.active_to is None or last_day <= clinician.active_to:
        return
    leaves = words.short_day(clinician.active_to, today)
    found.append(
        _error(
            "after_last_day",
            field,
            f"{clinician.name}'s last day is {leaves}. Enter that day or an earlier one, "
            "or correct the last day on the clinician's page first.",
        )
    )


def _date(entry: HandOverEntry, field: str, found: list[Finding], needed: str = "") -> date | None:
    text: str = getattr(entry, field).strip()
    if not text:
        if needed:
            found.append(_error("required", field, needed))
        return None
    try:
        return parse_date(text)
    except ValueError:
        found.append(
            _error(
                "invalid_date",
                field,
                f"The {_DATES[field]} is not a date between 1900 and 2100. "
                "Enter it as year-month-day, for example 2026-11-30.",
            )
        )
        return None


def _error(code: str, field: str, message: str) -> Finding:
    return Finding(code, field, "error", message)

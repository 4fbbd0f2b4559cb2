"""What somebody typed of an enrollment, its reading into values, and what keeps it from being saved.

Source: docs/domain.md, *Enrolled on a day*. An effective date may lie in the past: what the payor's letter
says is recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, cast

from caseapp.domain import words
from caseapp.domain.enrollment import ENROLLMENT_STATUSES, Enrollment, EnrollmentStatus, enrolled_until
from caseapp.domain.enrollment_words import STATUS_WORDS
from caseapp.domain.entry_reader import EntryReader
from caseapp.domain.finding import Finding
from caseapp.domain.period import Period

LABELS = {
    "payor": "payor",
    "status": "status",
    "applied_on": "date of application",
    "start_date": "effective date",
    "end_date": "end date",
    "learned_on": "date on which you learned of it",
}
_DATES = ("applied_on", "start_date", "end_date", "learned_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentEntry:
    """The fields of the form as texts; `payor` is a code, dates are YYYY-MM-DD or empty."""

    payor: str = ""
    status: str = ""
    applied_on: str = ""
    start_date: str = ""
    end_date: str = ""
    learned_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentValues:
    """What is stored of an enrollment; `start_date` is the effective date."""

    payor: str
    status: str
    applied_on: date | None
    start_date: date | None
    end_date: date | None
    learned_on: date | None

    @property
    def told(self) -> dict[str, Any]:
        """As the audit keeps them."""
        dates = {name: getattr(self, name) for name in _DATES}
        kept = {name: day.isoformat() if day else None for name, day in dates.items()}
        return {"payor": self.payor, "status": self.status, **kept}

    @property
    def entry(self) -> EnrollmentEntry:
        """As the form shows them."""
        return EnrollmentEntry(**{name: value or "" for name, value in self.told.items()})

    @property
    def enrollment(self) -> Enrollment:
        status = cast(EnrollmentStatus, self.status)
        return Enrollment(self.payor, status, self.start_date, self.end_date, self.applied_on)

    @property
    def counts(self) -> bool:
        """It makes the clinician enrolled on some day."""
        start = self.start_date
        return start is not None and enrolled_until([self.enrollment], self.payor, start) is not None


def values_told(told: Mapping[str, Any]) -> EnrollmentValues:
    """The values that the audit kept."""
    dates = {name: date.fromisoformat(told[name]) if told.get(name) else None for name in _DATES}
    return EnrollmentValues(payor=told["payor"], status=told["status"], **dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentJudgement:
    """`errors` hinder the save; `warnings` are told after it."""

    values: EnrollmentValues
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def judge_enrollment(
    entry: EnrollmentEntry,
    clinician: str,
    payors: Mapping[str, str],
    others: Iterable[EnrollmentValues],
    today: date,
    stored: EnrollmentValues | None = None,
) -> EnrollmentJudgement:
    """Every broken rule at once.

    `clinician` is the name, `payors` are names by code, `others` the clinician's other enrollments; `stored`
    is what an edit replaces.
    """
    reader = EntryReader(asdict(entry), LABELS)
    values = _read(reader, payors)
    same_payor = [other for other in others if other.payor == values.payor]
    name = payors.get(values.payor, values.payor)
    if values.status == "terminated":
        _terminated_has_dates(reader, entry)
    if values.payor and not reader.refused("payor") and not reader.refused("start_date"):
        _taken(reader, values, name, same_payor)
    if values.learned_on and values.learned_on > today:
        reader.refuse(
            "in_future",
            "learned_on",
            "The date on which you learned of it lies in the future. Enter today or an earlier day.",
        )
    errors, warnings = [], []
    for finding in reader.findings:
        # An import takes any day; it may stay as long as nobody changes it.
        if finding.code == "in_future" and stored and values.learned_on == stored.learned_on:
            warnings.append(replace(finding, severity="warning"))
        else:
            errors.append(finding)
    warnings += _warnings(values, clinician, name, same_payor)
    return EnrollmentJudgement(values=values, errors=tuple(errors), warnings=tuple(warnings))


def _read(reader: EntryReader, payors: Mapping[str, str]) -> EnrollmentValues:
    payor = reader.text("payor", required="Choose the payor.")
    status = reader.text("status", required="Choose the status.")
    if payor and payor not in payors:
        reader.refuse("unknown_choice", "payor", "The practice has no such payor. Choose from the list.")
    if status and status not in ENROLLMENT_STATUSES:
        reader.refuse("unknown_choice", "status", "There is no such status. Choose from the list.")
    applied_on = reader.day("applied_on")
    start, end = reader.day("start_date"), reader.day("end_date")
    learned_on = reader.day("learned_on")
    reader.in_order(
        "start_date", start, "end_date", end, "Enter the effective date or a later day, or leave it empty."
    )
    return EnrollmentValues(
        payor=payor,
        status=status,
        applied_on=applied_on,
        start_date=start,
        end_date=end,
        learned_on=learned_on,
    )


def _terminated_has_dates(reader: EntryReader, entry: EnrollmentEntry) -> None:
    if not entry.start_date.strip():
        reader.refuse(
            "required",
            "start_date",
            "A terminated enrollment keeps its effective date: enter the day from which it held.",
        )
    if not entry.end_date.strip():
        reader.refuse("required", "end_date", "Enter the last day on which the terminated enrollment held.")


def _taken(
    reader: EntryReader, values: EnrollmentValues, payor: str, others: Iterable[EnrollmentValues]
) -> None:
    same = next((other for other in others if other.start_date == values.start_date), None)
    if same is None:
        return
    status = STATUS_WORDS.get(cast(EnrollmentStatus, same.status), same.status)
    which = f"from {words.day(same.start_date)}" if same.start_date else "without an effective date"
    reader.refuse(
        "taken",
        "start_date",
        f"{payor} {which} is recorded already ({status}). Edit that one, or enter another effective date.",
    )


def _warnings(
    values: EnrollmentValues, clinician: str, payor: str, others: Iterable[EnrollmentValues]
) -> list[Finding]:
    if values.status == "approved" and values.start_date is None:
        return [
            _not_yet(
                f"{clinician} is not enrolled with {payor} yet: it is approved without an effective date. "
                "Enter the date that the payor's letter names."
            )
        ]
    if values.status in ("not_started", "in_process") and values.start_date is not None:
        return [
            _not_yet(
                f"{clinician} is not enrolled with {payor} by this: an effective date counts once the "
                "status is approved."
            )
        ]
    if not values.counts or values.start_date is None:
        return []
    mine = Period(start=values.start_date, end=values.end_date)
    return [
        Finding(
            "overlap",
            "start_date",
            "warning",
            f"{payor} also stands from {words.day(other.start_date)}"
            f"{f' to {words.day(other.end_date)}' if other.end_date else ''}. The two share days and count "
            "as one enrollment.",
        )
        for other in others
        if other.counts
        and other.start_date is not None
        and mine.overlaps(Period(start=other.start_date, end=other.end_date))
    ]


def _not_yet(message: str) -> Finding:
    return Finding("not_enrolled", "start_date", "warning", message)

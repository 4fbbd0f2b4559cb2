"""What a change of an enrollment means for sessions that have taken place: billable now, or no longer.

Source: docs/domain.md, *Enrolled on a day* and *Words* (counted).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from caseapp.domain.billing import errors_on, is_enrolled
from caseapp.domain.clinician import Clinician
from caseapp.domain.enrollment import Enrollment
from caseapp.domain.enrollment_entry import EnrollmentValues
from caseapp.domain.payor import FundingSource, primary_on
from caseapp.domain.period import Period

LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A session of that day is billable now (`gained`) or no longer; `payor` is the day's primary one.

    `in_the_way` says in short words what else keeps a gained one from being billed.
    """

    gained: bool
    payor: str
    in_the_way: tuple[str, ...]


def days_touched(
    before: EnrollmentValues | None, after: EnrollmentValues | None, today: date
) -> Period | None:
    """The days up to today, at most a year back, on which being enrolled can differ; None where on none."""
    spans = [
        Period(start=values.start_date, end=values.end_date)
        for values in (before, after)
        if values is not None and values.counts and values.start_date is not None
    ]
    if not spans or _same_days(before, after):
        return None
    first = max(min(span.start for span in spans), today - LOOKS_BACK)
    last = min(max(span.last for span in spans), today)
    return Period(start=first, end=last) if first <= last else None


def _same_days(before: EnrollmentValues | None, after: EnrollmentValues | None) -> bool:
    return (
        before is not None
        and after is not None
        and (before.payor, before.start_date, before.end_date, before.counts)
        == (after.payor, after.start_date, after.end_date, after.counts)
    )


def around(
    clinician: Clinician,
    now: Enrollment | None,
    before: EnrollmentValues | None,
    after: EnrollmentValues | None,
) -> tuple[Clinician, Clinician]:
    """The clinician before and after the change, all other enrollments being as they are.

    `now` is the changed enrollment as it stands among the clinician's, None where it is gone.
    """
    others = list(clinician.enrollments)
    if now is not None and now in others:
        others.remove(now)
    return _having(clinician, others, before), _having(clinician, others, after)


def _having(clinician: Clinician, others: Iterable[Enrollment], values: EnrollmentValues | None) -> Clinician:
    added = () if values is None else (values.enrollment,)
    return replace(clinician, enrollments=(*others, *added))


def verdict(
    before: Clinician, after: Clinician, sources: tuple[FundingSource, ...], day: date, today: date
) -> Verdict | None:
    """What the change means for a counted session of `day` whose case manager the clinician was."""
    primary = primary_on(sources, day)
    if primary is None:
        return None
    was, becomes = (is_enrolled(clinician, primary.payor, day) for clinician in (before, after))
    if was == becomes:
        return None
    left = errors_on(after, sources, day, today) if becomes else []
    return Verdict(becomes, primary.payor.name, tuple(finding.short for finding in left))

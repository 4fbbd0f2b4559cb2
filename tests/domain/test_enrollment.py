from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.enrollment import Enrollment, EnrollmentStatus, enrolled_until, standing
from caseapp.domain.period import OPEN
from tests.domain.strategies import WORLD, days, enrollments

TODAY = date(2026, 11, 22)
FAR = WORLD + timedelta(days=500)


def is_enrolled(all_: list[Enrollment], payor: str, day: date) -> bool:
    """The sentence of docs/domain.md on one day, word by word."""
    return any(
        e.payor == payor
        and e.status in ("approved", "terminated")
        and e.start is not None
        and e.start <= day
        and (e.end is None or e.end >= day)
        for e in all_
    )


@given(enrollments(), st.sampled_from(("AET", "MED")), days())
def test_one_is_enrolled_until_the_day_before_the_first_without_enrollment(
    all_: list[Enrollment], payor: str, day: date
) -> None:
    expected: date | None = None
    if is_enrolled(all_, payor, day):
        expected = day
        while expected < FAR and is_enrolled(all_, payor, expected + timedelta(days=1)):
            expected += timedelta(days=1)
    assert enrolled_until(all_, payor, day) == (OPEN if expected == FAR else expected)


def test_without_any_enrollment_nobody_is_enrolled() -> None:
    assert enrolled_until([], "AET", TODAY) is None


def test_terminated_without_an_end_is_not_enrolled() -> None:
    assert enrolled_until([Enrollment("AET", "terminated", date(2020, 1, 1))], "AET", TODAY) is None


@pytest.mark.parametrize(
    ("status", "start", "end", "applied_on", "words"),
    [
        ("approved", date(2026, 12, 1), None, None, "enrolled from 1 Dec"),
        ("in_process", None, None, date(2026, 10, 5), "applied on 5 Oct, in process"),
        ("in_process", None, None, None, "in process"),
        ("approved", date(2025, 1, 1), date(2026, 11, 20), None, "enrollment ended 20 Nov"),
        ("terminated", date(2025, 1, 1), date(2025, 2, 1), None, "enrollment ended 1 Feb 2025"),
        ("denied", None, None, None, "denied"),
        ("approved", None, None, None, "approved without an effective date"),
        ("terminated", None, None, None, "terminated"),
        ("not_started", None, None, None, "no application yet"),
    ],
)
def test_the_standing_with_a_payor_is_said_in_words(
    status: EnrollmentStatus, start: date | None, end: date | None, applied_on: date | None, words: str
) -> None:
    others = Enrollment("MED", "approved", date(2020, 1, 1))
    assert standing([others, Enrollment("AET", status, start, end, applied_on)], "AET", TODAY, TODAY) == words


def test_the_standing_tells_what_comes_before_what_was() -> None:
    known = [
        Enrollment("AET", "approved", date(2024, 1, 1), date(2024, 12, 31)),
        Enrollment("AET", "in_process", applied_on=date(2026, 9, 1)),
        Enrollment("AET", "approved", date(2027, 1, 1)),
        Enrollment("AET", "approved", date(2026, 12, 15), date(2026, 12, 16)),
    ]
    assert standing(known, "AET", TODAY, TODAY) == "enrolled from 15 Dec"
    assert standing(known[:2], "AET", TODAY, TODAY) == "applied on 1 Sep, in process"

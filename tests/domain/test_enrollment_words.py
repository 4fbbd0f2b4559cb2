from datetime import date

import pytest

from caseapp.domain.enrollment import Enrollment
from caseapp.domain.enrollment_words import cell
from tests.domain.examples import LONG_AGO, TODAY, d


@pytest.mark.parametrize(
    ("enrollments", "kind", "text"),
    [
        ([], "neutral", "–"),
        ([Enrollment("OTHER", "approved", LONG_AGO)], "neutral", "–"),
        ([Enrollment("AET", "approved", LONG_AGO)], "ok", "enrolled"),
        ([Enrollment("AET", "approved", LONG_AGO, d("2027-01-31"))], "ok", "until 31 Jan"),
        ([Enrollment("AET", "approved", LONG_AGO, d("2027-01-21"))], "warning", "until 21 Jan"),
        ([Enrollment("AET", "terminated", LONG_AGO, d("2026-10-31"))], "warning", "enrollment ended 31 Oct"),
        ([Enrollment("AET", "in_process", applied_on=d("2026-09-03"))], "warning", "applied on 3 Sep"),
        ([Enrollment("AET", "in_process")], "warning", "in process"),
        ([Enrollment("AET", "not_started")], "warning", "not started"),
        ([Enrollment("AET", "denied")], "error", "denied"),
        ([Enrollment("AET", "approved")], "warning", "approved without an effective date"),
        ([Enrollment("AET", "approved", d("2026-12-01"))], "warning", "enrolled from 1 Dec"),
    ],
)
def test_a_cell_says_how_it_stands_today(enrollments: list[Enrollment], kind: str, text: str) -> None:
    shown = cell(enrollments, "AET", TODAY)

    assert (shown.kind, shown.text) == (kind, text)
    assert shown.enrolled == (text == "enrolled" or text.startswith("until"))


def test_adjoining_periods_are_told_by_their_last_day() -> None:
    shown = cell(
        [
            Enrollment("AET", "approved", LONG_AGO, d("2026-12-31")),
            Enrollment("AET", "approved", d("2027-01-01"), d("2027-03-31")),
        ],
        "AET",
        TODAY,
    )

    assert shown.until == date(2027, 3, 31)

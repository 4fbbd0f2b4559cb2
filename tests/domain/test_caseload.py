from dataclasses import replace
from datetime import date

import pytest

from caseapp.domain.caseload import MOST_COUNTED, MOST_SESSIONS, Caseload, WeekLoad, ending_soon
from caseapp.domain.enrollment import Enrollment

TODAY = date(2026, 11, 22)
UNTIL_JANUARY = Enrollment("AET", "approved", date(2020, 1, 1), date(2027, 1, 21))


@pytest.mark.parametrize(
    ("number", "limit", "words", "room"),
    [
        (7, 12, "7 of 12", "room for 5"),
        (12, 12, "12 of 12", "full"),
        (15, 12, "15 of 12", "3 over the limit"),
        (7, None, "7", "no limit"),
        (MOST_COUNTED, None, "100 or more", "no limit"),
        (MOST_COUNTED, 60, "100 or more of 60", "over the limit"),
        (MOST_COUNTED, MOST_COUNTED, "100 or more of 100", "full or over the limit"),
        (0, 0, "0 of 0", "full"),
    ],
)
def test_a_caseload_says_how_much_room_there_is(
    number: int, limit: int | None, words: str, room: str
) -> None:
    caseload = Caseload(number, limit)

    assert (caseload.words, caseload.room_words) == (words, room)


@pytest.mark.parametrize(
    ("number", "limit", "badge"),
    [(7, None, None), (7, 12, None), (12, 12, ("neutral", "full")), (13, 12, ("warning", "over the limit"))],
)
def test_a_limit_that_is_reached_has_a_badge(
    number: int, limit: int | None, badge: tuple[str, str] | None
) -> None:
    assert Caseload(number, limit).badge == badge


@pytest.mark.parametrize(
    ("minutes", "sessions", "words"),
    [
        (0, 0, "0 h"),
        (45, 1, "45 min"),
        (100, 2, "1 h 40 min"),
        (1860, 31, "31 h"),
        (12_000, MOST_SESSIONS, "200 h or more"),
    ],
)
def test_a_week_is_told_in_hours_and_minutes(minutes: int, sessions: int, words: str) -> None:
    assert WeekLoad(minutes, sessions).words == words


def test_an_enrollment_ends_soon_within_sixty_days_soonest_first() -> None:
    sooner = Enrollment("MED", "approved", date(2020, 1, 1), date(2026, 11, 22))

    assert ending_soon({"AET": [UNTIL_JANUARY], "MED": [sooner]}, TODAY) == [
        (date(2026, 11, 22), "MED"),
        (date(2027, 1, 21), "AET"),
    ]


@pytest.mark.parametrize(
    "enrollments",
    [
        [replace(UNTIL_JANUARY, end=date(2027, 1, 22))],
        [replace(UNTIL_JANUARY, end=date(2026, 11, 21))],
        [replace(UNTIL_JANUARY, status="denied")],
        [replace(UNTIL_JANUARY, end=None)],
        [UNTIL_JANUARY, Enrollment("AET", "approved", date(2027, 1, 22))],
    ],
    ids=["later", "over", "denied", "open", "goes on"],
)
def test_what_is_over_goes_on_or_never_was_does_not_end_soon(enrollments: list[Enrollment]) -> None:
    assert ending_soon({"AET": enrollments}, TODAY) == []

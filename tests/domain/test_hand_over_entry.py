"""Whose lines, and from when: every unreadable answer is told in a sentence beside its field."""

from dataclasses import replace
from typing import Any

import pytest

from caseapp.domain.clinician import Clinician
from caseapp.domain.hand_over_entry import HandOver, HandOverEntry, read_hand_over
from tests.domain.examples import MEI, TODAY, d

LEAVES = replace(MEI, active_to=d("2026-12-18"))


def read(clinician: Clinician | None = MEI, /, **typed: str) -> tuple[HandOver | None, list[Any]]:
    values = {"clinician": "x"} | typed
    hand_over, findings = read_hand_over(HandOverEntry(**values), clinician, TODAY)
    for finding in findings:
        assert finding.message.endswith(".")
    return hand_over, [(finding.field, finding.code) for finding in findings]


def away(first: str, last: str = "", clinician: Clinician | None = MEI) -> tuple[HandOver | None, list[Any]]:
    return read(clinician, kind="absence", first_away=first, last_away=last)


def test_the_successors_start_the_day_after_the_last_day() -> None:
    hand_over, found = read(last_day="2026-11-30")

    assert found == []
    assert hand_over == HandOver(clinician=MEI, first=d("2026-12-01"))
    assert hand_over.last_day == d("2026-11-30")


def test_the_last_day_may_be_today() -> None:
    assert read(last_day="2026-11-22")[1] == []


def test_after_an_absence_the_clinician_goes_on() -> None:
    hand_over, found = away("2026-12-01", "2027-02-28")

    assert found == []
    assert hand_over is not None
    assert (hand_over.first, hand_over.back_on, hand_over.leaving) == (
        d("2026-12-01"),
        d("2027-03-01"),
        False,
    )


def test_an_absence_may_be_open_and_begin_today() -> None:
    hand_over, found = away("2026-11-22")

    assert found == []
    assert hand_over is not None
    assert hand_over.back_on is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"clinician": "", "last_day": "2026-11-30"}, [("clinician", "required")]),
        ({"last_day": ""}, [("last_day", "required")]),
        ({"last_day": "30.11.2026"}, [("last_day", "invalid_date")]),
        ({"last_day": "2026-11-21"}, [("last_day", "last_day_past")]),
        ({"kind": "other"}, [("kind", "unknown_choice")]),
        ({"kind": "absence"}, [("first_away", "required")]),
        ({"kind": "absence", "first_away": "2026-11-21"}, [("first_away", "first_day_past")]),
        (
            {"kind": "absence", "first_away": "2026-12-01", "last_away": "2026-11-30"},
            [("last_away", "end_before_start")],
        ),
        (
            {"kind": "absence", "first_away": "x", "last_away": "y"},
            [("first_away", "invalid_date"), ("last_away", "invalid_date")],
        ),
    ],
)
def test_what_cannot_be_meant_is_told(typed: dict[str, str], told: list[Any]) -> None:
    hand_over, found = read(None if typed.get("clinician") == "" else MEI, **typed)

    assert hand_over is None
    assert found == told


def test_an_unknown_clinician_is_told() -> None:
    assert read(None, last_day="2026-11-30") == (None, [("clinician", "unknown_choice")])
    assert away("2026-12-01", clinician=None) == (None, [("clinician", "unknown_choice")])


def test_who_has_left_already_is_told() -> None:
    gone = replace(MEI, active_to=d("2026-11-21"))

    assert read(gone, last_day="2026-11-30") == (None, [("clinician", "clinician_gone")])


def test_a_last_day_after_the_recorded_one_is_told() -> None:
    assert read(LEAVES, last_day="2026-12-18")[1] == []
    assert read(LEAVES, last_day="2026-12-19")[1] == [("last_day", "after_last_day")]
    assert away("2026-12-20", clinician=LEAVES)[1] == [("first_away", "after_last_day")]

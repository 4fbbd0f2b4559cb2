"""Random work goes on for as long as it is asked to."""

import pytest

from tests.usecases.edit_time import Rounds


def test_without_minutes_a_test_makes_its_usual_rounds() -> None:
    assert list(Rounds(None)(3)) == [0, 1, 2]


def test_with_minutes_it_goes_on_until_they_are_over_and_makes_its_usual_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter(range(0, 1000, 25))
    monkeypatch.setattr("tests.usecases.edit_time.time.monotonic", lambda: next(seconds))

    assert list(Rounds(100.0)(1)) == [0, 1, 2, 3]
    assert list(Rounds(0.0)(2)) == [0, 1]

"""How long the tests of random work go on: a fixed number of rounds, or the minutes asked for.

`--edits-minutes 60` shares an hour among all tests of a run that take the fixture `rounds`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

OPTION = "--edits-minutes"
FIXTURE = "rounds"
_SHARING = pytest.StashKey[int]()


@dataclass(frozen=True, slots=True)
class Rounds:
    """Numbers of rounds, from 0 up: as many as a test makes by itself, or as many as its seconds allow."""

    seconds: float | None

    def __call__(self, usual: int) -> Iterator[int]:
        if self.seconds is None:
            yield from range(usual)
            return
        end, number = time.monotonic() + self.seconds, 0
        while number < usual or time.monotonic() < end:
            yield number
            number += 1


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION,
        type=float,
        default=None,
        metavar="MINUTES",
        help="let the tests of random edits go on for so many minutes, all of them together",
    )


def count_sharing(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[_SHARING] = sum(FIXTURE in getattr(item, "fixturenames", ()) for item in items)


def rounds_of(config: pytest.Config) -> Rounds:
    minutes: float | None = config.getoption(OPTION)
    return Rounds(None if minutes is None else minutes * 60 / max(config.stash[_SHARING], 1))

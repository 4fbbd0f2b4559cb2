"""Every kind of request, each measured in CPU time of this process and in statements."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from benchmarks.browser import Browser
from benchmarks.coverage import coverage_steps
from benchmarks.floor import floor_app
from benchmarks.making import settings_of
from benchmarks.steps import all_steps
from caseapp.extensions import db
from caseapp.practices import open_for_serving

FLOOR = "floor, alone"
_NO_STATEMENT = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
_WARM_UP = 5
_ROUNDS = 4


@dataclass(slots=True)
class Measured:
    """CPU times in seconds, and how many statements one request sends (the most that one did).

    `floors` are those of the hand-written page, which is asked for turn about with the request.
    """

    times: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    statements: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def ratio(self) -> float:
        """In floors."""
        return self.median / statistics.median(self.floors)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


def walk(folder: Path, requests: int) -> dict[str, Measured]:
    """Every kind of request so many times, warm, in rounds and turn about with the floor.

    So what disturbs the machine disturbs both alike, and neither has the processor's caches to itself. The
    floor is measured alone as well: that tells how quick the machine is.
    """
    settings = settings_of(folder)
    app = open_for_serving(settings, demo=False, empty=False)
    assert isinstance(app, Flask)
    sent: list[str] = []
    browser = Browser(app, before=sent.clear)
    steps = all_steps(app, browser, requests) | coverage_steps(app, browser)
    assert settings.database_file is not None
    hand_written = Browser(floor_app(settings.database_file), before=sent.clear)
    steps[FLOOR] = lambda: hand_written.get("/floor")
    found = {name: Measured() for name in steps}
    rounds = min(_ROUNDS, requests)
    in_a_round = -(-requests // rounds)
    warm_up = min(_WARM_UP, in_a_round)
    with _noted(app, sent):
        for _ in range(rounds):
            for name, step in steps.items():
                for turn in range(in_a_round + warm_up):
                    floor = hand_written.get("/floor") if name != FLOOR else None
                    answer = step()
                    if answer.status != (303 if name.endswith("303") else 200):
                        raise RuntimeError(f"{name} answered {answer.status}: {answer.text[:2000]}")
                    if turn >= warm_up:
                        found[name].times.append(answer.cpu)
                        found[name].floors.append((floor or answer).cpu)
                        found[name].statements = max(found[name].statements, len(sent))
    with app.app_context():
        db.engine.dispose()
    return found


@contextmanager
def _noted(app: Flask, sent: list[str]) -> Iterator[None]:
    """Put every statement of the block into `sent`, but for what only begins and ends transactions."""

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        if not statement.lstrip().startswith(_NO_STATEMENT):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)

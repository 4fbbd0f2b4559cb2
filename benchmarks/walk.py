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
from caseapp.web.access_events import put_on_record

FLOOR = "floor"
_NO_STATEMENT = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
_WARM_UP = 5
_ROUNDS = 4


@dataclass(slots=True)
class Measured:
    """CPU times in seconds, and how many statements one request sends (the most that one did)."""

    times: list[float] = field(default_factory=list)
    statements: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


def walk(folder: Path, requests: int, record: bool = True) -> dict[str, Measured]:
    """Every kind of request so many times, warm, in rounds: what disturbs the machine disturbs all alike.

    Without `record` nothing is put on record of who looks at what, so that its cost can be told.
    """
    settings = settings_of(folder)
    app = open_for_serving(settings, demo=False, empty=False)
    assert isinstance(app, Flask)
    if not record:
        app.after_request_funcs[None].remove(put_on_record)
    sent: list[str] = []
    browser = Browser(app, before=sent.clear)
    steps = all_steps(app, browser) | coverage_steps(app, browser)
    assert settings.database_file is not None
    hand_written = Browser(floor_app(settings.database_file), before=sent.clear)
    steps[FLOOR] = lambda: hand_written.get("/floor")
    found = {name: Measured() for name in steps}
    with _noted(app, sent):
        for _ in range(_ROUNDS):
            for name, step in steps.items():
                for turn in range(-(-requests // _ROUNDS) + _WARM_UP):
                    answer = step()
                    if answer.status != (303 if name.endswith("303") else 200):
                        raise RuntimeError(f"{name} answered {answer.status}: {answer.text[:2000]}")
                    if turn >= _WARM_UP:
                        found[name].times.append(answer.cpu)
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

"""The requests of the core walk, each measured in CPU time of this process and in statements."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from benchmarks.browser import Answer, Browser
from benchmarks.floor import floor_app
from benchmarks.form import fields
from benchmarks.making import settings_of
from caseapp.extensions import db
from caseapp.practices import open_for_serving

FLOOR = "floor"
_NO_STATEMENT = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
_MANY = 300
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


def walk(folder: Path, requests: int) -> dict[str, Measured]:
    """Every kind of request so many times, warm, in rounds: what disturbs the machine disturbs all alike."""
    settings = settings_of(folder)
    app = open_for_serving(settings, demo=False, empty=False)
    assert isinstance(app, Flask)
    sent: list[str] = []
    steps = _steps(app, Browser(app, before=sent.clear))
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


def _steps(app: Flask, browser: Browser) -> dict[str, Callable[[], Answer]]:
    browser.get("/clients")
    with app.app_context():
        query = db.session.execute
        (count,) = query(text("SELECT COUNT(*) FROM client")).one()
        deep = query(
            # The last page that is full: of 70 clients more than 50 are active.
            text("SELECT sort_key, id FROM client ORDER BY sort_key DESC LIMIT 1 OFFSET :place"),
            {"place": min(70, count // 2)},
        ).one()
        clients = query(
            text(
                "SELECT client.public_id, client.last_name FROM client WHERE status = 'active' "
                "ORDER BY client.public_id LIMIT :most"
            ),
            {"most": _MANY},
        ).all()
        edits = query(
            text(
                "SELECT client.public_id, case_manager.public_id FROM case_manager "
                "JOIN client ON client.id = case_manager.client_id "
                "WHERE client.status = 'active' AND case_manager.end_date IS NULL "
                "ORDER BY case_manager.public_id LIMIT :most"
            ),
            {"most": _MANY},
        ).all()
        db.session.remove()
    ids = cycle([row[0] for row in clients])
    of_one, of_three, of_eight = (cycle(_beginnings(clients, letters)) for letters in (1, 3, 8))
    place = f"{deep.id}~{deep.sort_key}"

    def search(words: Iterator[str]) -> Callable[[], Answer]:
        return lambda: browser.post("/clients", {"q": next(words), "status": "active"}, scripts=True)

    both = (f"{row[1][:3]} {number}" for row, number in zip(cycle(clients), cycle("abcdefgh"), strict=False))
    return {
        "list, page 1": lambda: browser.get("/clients"),
        "list, deep page": lambda: browser.post("/clients", {"after": place, "status": "active"}),
        "list, deep page, rows": lambda: browser.post(
            "/clients", {"after": place, "status": "active"}, scripts=True
        ),
        "search, 1 letter": search(of_one),
        "search, 3 letters": search(of_three),
        "search, 8 letters": search(of_eight),
        "search, two words": search(both),
        "Clinical tab": lambda: browser.get(f"/clients/{next(ids)}/clinical"),
        "list, week": lambda: browser.get("/appointments"),
        "list, a client's visits": lambda: browser.get(f"/clients/{next(ids)}/appointments"),
        "form, visit": lambda: browser.get(f"/clients/{next(ids)}/appointments/new", scripts=True),
        "save, visit, 303": _adding(browser, ids),
        **_overviews(browser),
        "form, add": lambda: browser.get(f"/clients/{next(ids)}/case-managers/new", scripts=True),
        "save, row": _saving(browser, edits, scripts=True),
        "save, 303": _saving(browser, edits, scripts=False),
    }


def _overviews(browser: Browser) -> dict[str, Callable[[], Answer]]:
    return {
        "overview, start page": lambda: browser.get("/"),
        "overview, caseloads": lambda: browser.get("/caseloads"),
        "by load, caseloads": lambda: browser.get("/caseloads?sort=room"),
    }


def _beginnings(clients: Any, letters: int) -> list[str]:
    found = sorted({row[1][:letters].lower() for row in clients if len(row[1]) >= letters})
    return found or ["a"]


def _adding(browser: Browser, ids: Iterator[str]) -> Callable[[], Answer]:
    """Give one client after another a session; opening the form before is not counted."""

    def add() -> Answer:
        address = f"/clients/{next(ids)}/appointments"
        browser.get(address)  # shows the message of the save before
        form = fields(browser.get(f"{address}/new", scripts=True).text)
        line = {"service_line": form["service_line"] or "ABA"}
        return browser.post(address, form | line | {"start_date": "2027-06-30", "start_time": "09:00"})

    return add


def _saving(browser: Browser, edits: Any, *, scripts: bool) -> Callable[[], Answer]:
    """Give one case manager after another another end date; opening the form before is not counted."""
    turns = cycle((client, manager, end) for end in ("2027-06-30", "2027-07-31") for client, manager in edits)

    def save() -> Answer:
        for client, manager, end in turns:
            address = f"/clients/{client}/case-managers/{manager}/edit"
            if not scripts:
                browser.get(f"/clients/{client}/clinical")  # shows the message of the save before
            form = fields(browser.get(address, scripts=True).text) | {"end_date": end}
            answer = browser.post(address, form, scripts=scripts)
            # A generated practice also holds what may not be saved; that is no save.
            if answer.status != 422:
                return answer
        raise RuntimeError("nothing could be saved")

    return save

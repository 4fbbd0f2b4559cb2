"""The requests that are measured, by name. What a name begins with says its target (see report.py)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle

from flask import Flask

from benchmarks.browser import Answer, Browser
from benchmarks.chosen import Chosen, ChosenClinicians, choose
from benchmarks.form import fields
from benchmarks.making import PRACTICE
from benchmarks.practice import TODAY
from benchmarks.preparing import CHANGES, changed_often, enrolled_backwards
from caseapp.extensions import db
from caseapp.usecases.coverage_gap import refresh_all_due

Step = Callable[[], Answer]


def all_steps(app: Flask, browser: Browser, requests: int) -> dict[str, Step]:
    """Each ends in one request, the newest of the browser; what goes before it is not counted."""
    browser.get("/clients")
    with app.app_context():
        chosen = choose()
    steps = {
        **_lists_of_clients(browser, chosen),
        **_tabs(browser, chosen, min(CHANGES, requests)),
        **_kept(browser, chosen),
        **_overviews(browser),
        **_forms_and_saves(browser, chosen),
    }
    with app.app_context():
        # What was changed beforehand is not left to the first who looks at it.
        refresh_all_due(db.session(), TODAY, PRACTICE)
        db.session.remove()
    return steps


def _lists_of_clients(browser: Browser, chosen: Chosen) -> dict[str, Step]:
    named = [name for _, name in chosen.clients]
    of_one, of_three, of_eight = (cycle(_beginnings(named, letters)) for letters in (1, 3, 8))
    deep = {"after": chosen.deep, "status": "active"}
    numbered = zip(cycle(chosen.clients), cycle("abcdefgh"), strict=False)
    both = (f"{row[1][:3]} {number}" for row, number in numbered)

    def search(words: Iterator[str]) -> Step:
        return lambda: browser.post("/clients", {"q": next(words), "status": "active"}, scripts=True)

    return {
        "list, page 1": lambda: browser.get("/clients"),
        "list, deep page": lambda: browser.post("/clients", deep),
        "list, deep page, rows": lambda: browser.post("/clients", deep, scripts=True),
        "search, 1 letter": search(of_one),
        "search, 3 letters": search(of_three),
        "search, 8 letters": search(of_eight),
        "search, two words": search(both),
        "list, week": lambda: browser.get("/appointments"),
    }


def _tabs(browser: Browser, chosen: Chosen, changes: int) -> dict[str, Step]:
    ids = [row[0] for row in chosen.clients]
    return {
        "tab, Profile": _each(browser, ids, "/clients/{}"),
        "Clinical tab": _each(browser, ids, "/clients/{}/clinical"),
        "tab, Funding source": _each(browser, ids, "/clients/{}/funding"),
        "list, a client's visits": _each(browser, ids, "/clients/{}/appointments"),
        "tab, History": _each(browser, changed_often(browser, chosen.edits, changes), "/clients/{}/history"),
        "page, payor change": _each(browser, ids, "/clients/{}/payor-change"),
    }


def _kept(browser: Browser, chosen: Chosen) -> dict[str, Step]:
    names = cycle(_beginnings(chosen.names, 1))
    return {
        "list, clinicians": lambda: browser.get("/clinicians"),
        "search, clinicians": lambda: browser.post(
            "/clinicians", {"q": next(names), "standing": "active"}, scripts=True
        ),
        **_of_clinicians(browser, chosen.usual, "page"),
        **_of_clinicians(browser, chosen.crowded, "crowded"),
        "list, payors": lambda: browser.get("/payors"),
        "page, payor": _each(browser, chosen.payors, "/payors/{}"),
        "list, enrollments": lambda: browser.get("/payors/enrollments"),
    }


def _of_clinicians(browser: Browser, those: ChosenClinicians, name: str) -> dict[str, Step]:
    """Their pages, the page of who leaves, and what an approval did for the past: what there is of these."""
    changed = enrolled_backwards(browser, those.applied)
    found = {
        "clinician": (those.ids, "/clinicians/{}"),
        "clinician leaving": (those.leavers, "/clinicians/{}"),
        "effect": (changed, "/enrollments/{}/effect"),
    }
    return {f"{name}, {what}": _each(browser, ids, address) for what, (ids, address) in found.items() if ids}


def _overviews(browser: Browser) -> dict[str, Step]:
    return {
        "overview, start page": lambda: browser.get("/"),
        "overview, caseloads": lambda: browser.get("/caseloads"),
        "by load, caseloads": lambda: browser.get("/caseloads?sort=room"),
    }


def _forms_and_saves(browser: Browser, chosen: Chosen) -> dict[str, Step]:
    ids = cycle([row[0] for row in chosen.clients])
    return {
        "form, visit": lambda: browser.get(f"/clients/{next(ids)}/appointments/new", scripts=True),
        "save, visit, 303": _adding(browser, ids),
        "form, add": lambda: browser.get(f"/clients/{next(ids)}/case-managers/new", scripts=True),
        "save, row": _saving(browser, chosen.edits, scripts=True),
        "save, 303": _saving(browser, chosen.edits, scripts=False),
    }


def _each(browser: Browser, ids: Iterable[str], address: str) -> Step:
    turns = cycle(ids)
    return lambda: browser.get(address.format(next(turns)))


def _beginnings(names: Iterable[str], letters: int) -> list[str]:
    found = sorted({name[:letters].lower() for name in names if len(name) >= letters})
    return found or ["a"]


def _adding(browser: Browser, ids: Iterator[str]) -> Step:
    """Give one client after another a session; opening the form before is not counted."""

    def add() -> Answer:
        address = f"/clients/{next(ids)}/appointments"
        browser.get(address)  # shows the message of the save before
        form = fields(browser.get(f"{address}/new", scripts=True).text)
        line = {"service_line": form["service_line"] or "ABA"}
        return browser.post(address, form | line | {"start_date": "2027-06-30", "start_time": "09:00"})

    return add


def _saving(browser: Browser, edits: Iterable[tuple[str, str]], *, scripts: bool) -> Step:
    """Give one case manager after another another end date; opening the form before is not counted."""
    turns = cycle(
        [(client, manager, end) for end in ("2027-06-30", "2027-07-31") for client, manager in edits]
    )

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

"""What access checks and the record add: pages with and without them, and of a clinician, turn about."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from benchmarks.browser import Answer, Browser
from benchmarks.form import fields
from benchmarks.making import settings_of
from benchmarks.practice import NOW
from caseapp import create_app
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.user_entry import UserEntry
from caseapp.extensions import db
from caseapp.practices import opened
from caseapp.usecases.user_account import UserSaved, add_user
from caseapp.web.access import gate
from caseapp.web.access_events import put_on_record
from caseapp.web.account_kit import account_kit

PASSWORD = "nine quiet tall herons"  # of a practice that is thrown away
USUAL = 60
_WARM_UP = 30


@dataclass(frozen=True, slots=True)
class Guarded:
    """Medians in seconds by page: without anything, of the office, and of a clinician where they have it."""

    bare: dict[str, float]
    office: dict[str, float]
    clinician: dict[str, float]


def guard(folder: Path, requests: int) -> Guarded:
    """Each page so many times by each of the three, one after the other."""
    settings = settings_of(folder)
    with opened(settings):
        pass  # brought up to date, where an older version made it
    open_app, signing = create_app(settings), create_app(replace(settings, auth="local"))
    _unguard(open_app)
    with signing.app_context():
        clinician, clients, managers = _somebody_usual()
        others = _others(clients, _WARM_UP + requests)
        office, own = (_user(role, clinician) for role in ("office", "clinician"))
    browsers = {
        "bare": Browser(open_app),
        "office": _signed_in(signing, office),
        "clinician": _signed_in(signing, own),
    }
    browsers["bare"].get("/clients")
    times: dict[str, dict[str, list[float]]] = {who: {} for who in browsers}
    pages: dict[str, Callable[[Browser], Callable[[], Answer]]] = {
        "list": lambda browser: lambda: browser.get("/clients"),
        "Clinical tab": lambda browser: _tab(browser, clients),
        "Clinical tab, first look": lambda browser: _tab(browser, others),
        "save": lambda browser: _save(browser, managers),
    }
    for page, make in pages.items():
        # A clinician saves nothing, and sees nobody but their own.
        those = [who for who in browsers if who != "clinician" or page in ("list", "Clinical tab")]
        steps = {who: make(browsers[who]) for who in those}
        for turn in range(min(_WARM_UP, requests) + requests):
            for who, step in steps.items():
                answer = step()
                if answer.status not in (200, 303):
                    raise RuntimeError(f"{page} of {who} answered {answer.status}: {answer.text[:2000]}")
                if turn >= min(_WARM_UP, requests):
                    times[who].setdefault(page, []).append(answer.cpu)
    for app in (open_app, signing):
        with app.app_context():
            db.engine.dispose()
    medians = {
        who: {page: statistics.median(of) for page, of in pages.items()} for who, pages in times.items()
    }
    return Guarded(medians["bare"], medians["office"], medians["clinician"])


def _unguard(app: Flask) -> None:
    app.before_request_funcs[None].remove(gate)
    app.after_request_funcs[None].remove(put_on_record)


def _somebody_usual() -> tuple[str, list[str], list[tuple[str, str]]]:
    """(number of a clinician, their clients, (client, case manager) of theirs)."""
    number, clinician_id = db.session.execute(
        text(
            "SELECT number, id FROM clinician WHERE active_to IS NULL AND (SELECT COUNT(*) FROM case_manager "
            "WHERE clinician_id = clinician.id AND end_date IS NULL) BETWEEN 1 AND :most ORDER BY id LIMIT 1"
        ),
        {"most": USUAL},
    ).one()
    held = db.session.execute(
        text(
            "SELECT client.public_id, case_manager.public_id FROM case_manager "
            "JOIN client ON client.id = case_manager.client_id WHERE case_manager.clinician_id = :id "
            "AND case_manager.end_date IS NULL AND client.status = 'active' ORDER BY client.id"
        ),
        {"id": clinician_id},
    ).all()
    db.session.remove()
    return number, [row[0] for row in held], [(row[0], row[1]) for row in held]


def _others(clients: list[str], most: int) -> list[str]:
    """So many clients at whom nobody has looked yet: that is put on record once an hour for each."""
    asked = text("SELECT public_id FROM client ORDER BY id LIMIT :most")
    found = db.session.execute(asked, {"most": most + len(clients)}).scalars().all()
    db.session.remove()
    return [client for client in found if client not in clients][:most]


def _user(role: str, clinician: str) -> str:
    entry = UserEntry(
        username=f"{role}.user",
        name=f"{role} user",
        role=role,
        clinician=clinician if role == "clinician" else "",
    )
    saved = add_user(db.session(), LOCAL_USER, NOW, entry, password_hash=account_kit().hash(PASSWORD))
    if not isinstance(saved, UserSaved):
        raise RuntimeError(f"no user could be made: {saved}")
    db.session.remove()
    return entry.username


def _signed_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"username": username, "password": PASSWORD, "next": ""})
    if answer.status != 303:
        raise RuntimeError(f"nobody could sign in: {answer.text[:2000]}")
    browser.get("/clients")
    return browser


def _tab(browser: Browser, clients: list[str]) -> Callable[[], Answer]:
    turns = cycle(clients)
    return lambda: browser.get(f"/clients/{next(turns)}/clinical")


def _save(browser: Browser, managers: list[tuple[str, str]]) -> Callable[[], Answer]:
    """Another last day for one after the other; opening the form before is not counted."""
    turns = cycle([(*held, end) for end in ("2027-06-30", "2027-07-31", "2027-08-31") for held in managers])

    def save() -> Answer:
        for client, manager, end in turns:
            browser.get(f"/clients/{client}/clinical")  # shows the message of the save before
            address = f"/clients/{client}/case-managers/{manager}/edit"
            form = fields(browser.get(address, scripts=True).text) | {"end_date": end}
            answer = browser.post(address, form)
            # A generated practice also holds what may not be saved; that is no save.
            if answer.status != 422:
                return answer
        raise RuntimeError("nothing could be saved")

    return save

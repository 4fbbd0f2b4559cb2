"""Eight browsers save at once, to clients of their own and to the same ones; then the database is counted."""

import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks.form import could_be_saved, fields
from benchmarks.practice import TODAY
from benchmarks.server import RemoteBrowser, Server

BROWSERS = 8
_SHARED = 4

Case = tuple[str, str]
"""The public ids of a client and of a case manager."""


@dataclass(slots=True)
class Outcome:
    """What the browsers were told. `seconds` are those of the answered saves, as the browsers waited.

    `saves` counts what was saved by case manager, `added` has client and line of each that was added.
    """

    saves: Counter[str] = field(default_factory=Counter)
    ends: dict[str, str] = field(default_factory=dict)
    added: list[tuple[str, str]] = field(default_factory=list)
    conflicts: int = 0
    refused: int = 0
    repeated: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def save_together(server: Server, database: Path, seconds: float) -> tuple[Outcome, list[str]]:
    """Save for so long; returns what the browsers were told, and what the database does not agree with."""
    before = _versions(database)
    own, shared, bare = _cases(database)
    outcomes = [Outcome() for _ in range(BROWSERS)]
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=_browse,
            args=(server, place, outcome, own[place::BROWSERS], shared, bare[place::BROWSERS], until),
        )
        for place, outcome in enumerate(outcomes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = _together(outcomes)
    return total, _wrong(database, before, total, {manager for _, manager in shared})


def _cases(database: Path) -> tuple[list[Case], list[Case], list[tuple[str, str]]]:
    """Case managers to edit, some of them shared, and clients with a line that has nobody."""
    with sqlite3.connect(database) as connection:
        managers = connection.execute(
            "SELECT client.public_id, case_manager.public_id FROM case_manager "
            "JOIN client ON client.id = client_id WHERE status = 'active' AND end_date IS NULL "
            "ORDER BY case_manager.public_id LIMIT 500"
        ).fetchall()
        bare = connection.execute(
            "SELECT client.public_id, service_line.code FROM client_service_line AS received "
            "JOIN client ON client.id = client_id JOIN service_line ON service_line.id = service_line_id "
            "WHERE status = 'active' AND received.end_date IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM case_manager "
            "WHERE case_manager.client_id = client.id AND service_line_id = received.service_line_id) "
            "ORDER BY client.public_id LIMIT 2000"
        ).fetchall()
    return managers[_SHARED:], managers[:_SHARED], bare


def _browse(
    server: Server,
    place: int,
    outcome: Outcome,
    own: list[Case],
    shared: list[Case],
    bare: list[tuple[str, str]],
    until: float,
) -> None:
    random = Random(place)
    browser = RemoteBrowser(server)
    try:
        while time.monotonic() < until:
            dice = random.random()
            if dice < 0.2 and bare:
                _add(browser, outcome, *bare.pop())
            else:
                client, manager = random.choice(shared if dice < 0.5 else own)
                end = TODAY + timedelta(days=200 + random.randrange(20_000))
                _edit(browser, outcome, client, manager, end, twice=random.random() < 0.1)
    except Exception as error:  # whatever a browser meets is what is looked for
        outcome.errors.append(f"{type(error).__name__}: {error}")
    finally:
        browser.close()


def _edit(
    browser: RemoteBrowser, outcome: Outcome, client: str, manager: str, end: date, *, twice: bool
) -> None:
    address = f"/clients/{client}/case-managers/{manager}/edit"
    status, html, _ = browser.get(address)
    if status != 200:
        outcome.errors.append(f"the form answered {status}")
        return
    sent = fields(html) | {"end_date": end.isoformat()}
    for again in range(2 if twice else 1):
        status, html, seconds = browser.post(address, sent)
        if status == 200 and again:
            outcome.repeated += 1
        elif status == 200:
            outcome.seconds.append(seconds)
            outcome.saves[manager] += 1
            outcome.ends[manager] = end.isoformat()
        elif status == 422:
            outcome.conflicts += 'data-code="conflict"' in html
            outcome.refused += 'data-code="conflict"' not in html
        else:
            outcome.errors.append(f"a save answered {status}")


def _add(browser: RemoteBrowser, outcome: Outcome, client: str, line: str) -> None:
    """Add somebody of whom the form says that they could be saved, and press Save twice."""
    address = f"/clients/{client}/case-managers"
    _, html, _ = browser.get(f"{address}/new?service_line={line}&start_date={TODAY}")
    offered = could_be_saved(html, "clinician")
    if not offered:
        return
    sent = fields(html) | {"clinician": offered[0], "start_date": TODAY.isoformat()}
    # Nobody was there for the past sessions, and nobody can be any more.
    sent |= {"leave_uncovered": "y", "reason": "Nobody was free."}
    first, html, seconds = browser.post(address, sent)
    second, _, _ = browser.post(address, sent)
    if (first, second) == (200, 200):
        outcome.seconds.append(seconds)
        outcome.repeated += 1
        outcome.added.append((client, line))
    elif (first, second) == (422, 422):
        outcome.refused += 2
    else:
        outcome.errors.append(f"an addition sent twice answered {first} and {second}")


def _together(outcomes: list[Outcome]) -> Outcome:
    total = Outcome()
    for outcome in outcomes:
        total.saves += outcome.saves
        total.ends |= outcome.ends
        total.added += outcome.added
        total.conflicts += outcome.conflicts
        total.refused += outcome.refused
        total.repeated += outcome.repeated
        total.errors += outcome.errors
        total.seconds += outcome.seconds
    return total


def _versions(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return dict(connection.execute("SELECT public_id, version FROM case_manager"))


def _wrong(database: Path, before: dict[str, int], told: Outcome, shared: set[str]) -> list[str]:
    """Each way in which the database differs from what the browsers were told."""
    wrong = []
    with sqlite3.connect(database) as connection:
        for manager, saves in told.saves.items():
            version, end, events = connection.execute(
                "SELECT version, end_date, (SELECT COUNT(*) FROM audit_event WHERE entity_id = public_id "
                "AND action <> 'import') FROM case_manager WHERE public_id = ?",
                (manager,),
            ).fetchone()
            if version != before[manager] + saves or events != saves:
                wrong.append(f"{saves} saves were answered, {version - before[manager]} stand, {events} told")
            # Who saved last to a shared one cannot be told from outside.
            if manager not in shared and end != told.ends[manager]:
                wrong.append(f"the last save answered {told.ends[manager]}, and {end} stands")
        for client, line in told.added:
            (rows,) = connection.execute(
                "SELECT COUNT(*) FROM case_manager JOIN client ON client.id = client_id "
                "JOIN service_line ON service_line.id = service_line_id "
                "WHERE client.public_id = ? AND code = ?",
                (client, line),
            ).fetchone()
            if rows != 1:
                wrong.append(f"an addition that was sent twice stands {rows} times")
        (added,) = connection.execute("SELECT COUNT(*) FROM case_manager").fetchone()
    if added != len(before) + len(told.added):
        wrong.append(f"{len(told.added)} additions were answered, and {added - len(before)} stand")
    return wrong

"""What people would have done before the pages are looked at that tell of it: an import leaves no history."""

from collections.abc import Iterable

from benchmarks.browser import Browser
from benchmarks.form import fields

CLIENTS = 5
CHANGES = 20
ENROLLMENTS = 5


def changed_often(browser: Browser, edits: Iterable[tuple[str, str]], changes: int) -> list[str]:
    """Some clients whose case manager was given another last day so many times."""
    found: list[str] = []
    for client, manager in edits:
        address = f"/clients/{client}/case-managers/{manager}/edit"
        for turn in range(changes):
            form = fields(browser.get(address, scripts=True).text)
            answer = browser.post(address, form | {"end_date": f"2027-05-{turn + 1:02}"}, scripts=True)
            if answer.status == 422:
                break
        else:
            found.append(client)
        if len(found) == CLIENTS:
            break
    return found


def enrolled_backwards(browser: Browser, applied: Iterable[tuple[str, str]]) -> list[str]:
    """Some enrollments that were approved from a day on that lies in the past."""
    found: list[str] = []
    for clinician, enrollment in applied:
        address = f"/clinicians/{clinician}/enrollments/{enrollment}/edit"
        form = fields(browser.get(address, scripts=True).text)
        approved = {"status": "approved", "start_date": "2026-09-01"}
        if browser.post(address, form | approved, scripts=True).status == 200:
            found.append(enrollment)
        if len(found) == ENROLLMENTS:
            break
    return found

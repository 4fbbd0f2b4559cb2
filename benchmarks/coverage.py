"""The list of coverage gaps among the requests that are measured: first page, deep page, and each filter."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from benchmarks.browser import Answer, Browser
from caseapp.domain.actor import LOCAL_USER
from caseapp.extensions import db
from caseapp.usecases.coverage_list import Question, gap_page
from caseapp.web.coverage_question import write_place

DEEP = 20
"""So many pages lie before the deep one, or as many as there are."""
_MOST_COMMON = {
    "kind": "SELECT code FROM coverage_finding GROUP BY code ORDER BY COUNT(*) DESC LIMIT 1",
    "payor": "SELECT payor FROM coverage_finding WHERE payor IS NOT NULL "
    "GROUP BY payor ORDER BY COUNT(*) DESC LIMIT 1",
    "clinician": "SELECT clinician.number FROM coverage_finding "
    "JOIN clinician ON clinician.public_id = coverage_finding.clinician "
    "GROUP BY clinician.number ORDER BY COUNT(*) DESC LIMIT 1",
}


def coverage_steps(app: Flask, browser: Browser) -> dict[str, Callable[[], Answer]]:
    with app.app_context():
        query = db.session.execute
        wanted = {name: query(text(statement)).scalar_one() for name, statement in _MOST_COMMON.items()}
        after = ""
        question = Question()
        for _ in range(DEEP):
            page = gap_page(db.session(), LOCAL_USER, question)
            if page.next is None:
                break
            after = write_place(page.next)
            question = Question(after=page.rows[-1].place)
        db.session.remove()
    filters = wanted | {"severity": "warning", "service_line": "ST"}

    def asking(name: str, value: str) -> Callable[[], Answer]:
        return lambda: browser.get(f"/coverage?{name}={value}")

    return {
        "gaps, page 1": lambda: browser.get("/coverage"),
        "gaps, deep page": lambda: browser.get(f"/coverage?after={after}"),
        "gaps, deep page, rows": lambda: browser.get(f"/coverage?after={after}", scripts=True),
    } | {f"gaps, {name}": asking(name, value) for name, value in filters.items()}

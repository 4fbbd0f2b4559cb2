"""Coverage gaps: the list, and the same as a table and as a calendar for elsewhere."""

from collections.abc import Iterable, Iterator
from itertools import islice

from flask import Blueprint, Response, request, stream_with_context

from caseapp import clock
from caseapp.domain import words
from caseapp.domain.coverage_gap import TITLES
from caseapp.extensions import db
from caseapp.formats.gap_calendar import MendingDay, gap_calendar
from caseapp.formats.gap_csv import GapLine, gap_csv
from caseapp.usecases.coverage_counts import counts, errors_of_today
from caseapp.usecases.coverage_filters import filters
from caseapp.usecases.coverage_impact import cause_of, impacts
from caseapp.usecases.coverage_list import ListedGap, all_gaps, gap_page
from caseapp.usecases.coverage_on import (
    MOST_CLIENTS,
    OnDay,
    TooManyClients,
    all_of_day,
    gaps_of_day,
    refuse_too_many,
)
from caseapp.web import hx
from caseapp.web.actor import current_actor
from caseapp.web.coverage_page import draw
from caseapp.web.coverage_question import Asked, read_asked
from caseapp.web.current import current_practice
from caseapp.web.menu import errors_are

blueprint = Blueprint("coverage", __name__)

MOST_IN_CALENDAR = 1_000
BEHIND = "Another change is being saved: some clients are not judged for today yet. Load the page again."


@blueprint.get("/coverage")
def index() -> Response:
    session, today = db.session(), clock.today()
    problems = _brought_up_to_date()
    known = filters(session)
    asked = read_asked(request.args, known, today)
    found: OnDay | None
    try:
        found = _of_day(asked)
    except TooManyClients:
        found = None
        problems.append(_too_many(asked))
    problems += asked.problems
    shown = draw(found.page, found.counts, found.impacts, asked, current_practice(), today) if found else None
    return hx.answer(
        "coverage/index.html",
        "coverage/_results.html",
        422 if asked.problems or found is None else 200,
        shown=shown,
        asked=asked,
        known=known,
        problems=problems,
    )


def _brought_up_to_date() -> list[str]:
    """Judge those whose turn has come; what is to be said where that could not be done."""
    number, done = errors_of_today(db.session(), current_actor(), clock.today(), current_practice())
    errors_are(number)
    return [] if done else [BEHIND]


def _of_day(asked: Asked) -> OnDay:
    session, actor = db.session(), current_actor()
    if asked.on is not None:
        return gaps_of_day(session, actor, asked.on, current_practice(), asked.question)
    page = gap_page(session, actor, asked.question)
    warnings = (row.kept for row in page.rows if row.kept.severity == "warning")
    causes = {cause_of(kept.code, kept.clinician_id, kept.payor) for kept in warnings} - {None}
    hit = impacts(session, actor, [cause for cause in causes if cause])
    return OnDay(page, counts(session, actor), hit)


@blueprint.get("/coverage.csv")
def csv() -> Response:
    """All that the filters ask for, not a page of it."""
    asked, refusal = _asked_for_a_file()
    if refusal:
        return refusal
    return _file(stream_with_context(gap_csv(_lines(asked))), "text/csv; charset=utf-8", "coverage-gaps.csv")


def _lines(asked: Asked) -> Iterator[GapLine]:
    # Read while the file is sent, when the session of the request itself has been closed: one of its own.
    zone = current_practice().zone
    for gap in _all(asked):
        yield GapLine(
            client_number=gap.client_number,
            service_line=gap.kept.service_line,
            code=gap.kept.code,
            severity=gap.kept.severity,
            mend_by=gap.kept.mend_by,
            at_risk=gap.kept.at_risk,
            first_session=gap.kept.first_session.astimezone(zone) if gap.kept.first_session else None,
            clinician_number=gap.kept.clinician_number,
            payor_id=gap.kept.payor,
        )


@blueprint.get("/coverage.ics")
def calendar() -> Response:
    """The days by which the most urgent gaps are to be mended."""
    asked, refusal = _asked_for_a_file()
    if refusal:
        return refusal
    dated = (gap for gap in _all(asked) if gap.kept.mend_by)
    days = [_mending_day(gap) for gap in islice(dated, MOST_IN_CALENDAR)]
    made = gap_calendar(days, clock.now())
    return _file([made], "text/calendar; charset=utf-8", "coverage-gaps.ics")


def _mending_day(gap: ListedGap) -> MendingDay:
    kept = gap.kept
    assert kept.mend_by is not None, "only gaps with a day are given"
    at_risk = f" {words.count(kept.at_risk, 'session')} at risk." if kept.at_risk else ""
    what = "Mend by this day." if kept.severity == "error" else "The last good day."
    return MendingDay(
        key=f"{gap.client} {kept.service_line} {kept.code}",
        day=kept.mend_by,
        summary=f"{gap.client_number} {kept.service_line}: {TITLES[kept.code]}",
        description=f"{what}{at_risk}",
    )


def _asked_for_a_file() -> tuple[Asked, Response | None]:
    """What is asked, or the sentences on why there is no file: half of one would be taken for the whole."""
    session, today = db.session(), clock.today()
    problems = _brought_up_to_date()
    asked = read_asked(request.args, filters(session), today)
    problems += asked.problems
    if problems:
        return asked, _refusal(" ".join(problems))
    if asked.on is not None:
        try:
            refuse_too_many(session, current_actor())
        except TooManyClients:
            return asked, _refusal(_too_many(asked))
    return asked, None


def _all(asked: Asked) -> Iterable[ListedGap]:
    session, actor = db.session(), current_actor()
    if asked.on is None:
        return all_gaps(session, actor, asked.question)
    return all_of_day(session, actor, asked.on, current_practice(), asked.question)


def _too_many(asked: Asked) -> str:
    return (
        f"Another day is judged anew, client by client, and there are more than {MOST_CLIENTS:,} clients: "
        f"ask the command, caseapp check --on {asked.on}."
    )


def _refusal(text: str) -> Response:
    return Response(text, 422, mimetype="text/plain")


def _file(parts: Iterable[str] | Iterator[str] | list[bytes], kind: str, name: str) -> Response:
    response = Response(parts)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

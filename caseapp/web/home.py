"""The start page."""

from datetime import date

from flask import Blueprint, render_template, url_for

from caseapp import clock
from caseapp.domain import words
from caseapp.domain.dates import day_of
from caseapp.domain.practice import Practice
from caseapp.extensions import db
from caseapp.usecases.home import Beginning, Home, ToMend
from caseapp.usecases.home import home as home_of
from caseapp.web.actor import current_actor
from caseapp.web.current import current_practice

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    now, practice = clock.now(), current_practice()
    today = day_of(now, practice.zone)
    found = home_of(db.session(), current_actor(), now, practice)
    return render_template(
        "home/index.html",
        today=words.short_day(today, today),
        sunday=words.short_day(found.sunday, today),
        found=found,
        number_to_mend=_number(found),
        to_mend=[_to_mend(row, today) for row in found.to_mend],
        changes=[
            (
                words.short_day(change.last_day, today),
                change.message,
                words.count(change.clients, "client"),
                url_for("coverage.index", kind=change.code, severity="warning"),
            )
            for change in found.changes
        ],
        beginnings=[_beginning(row, today, practice) for row in found.beginnings],
        all_gaps=url_for("coverage.index"),
        all_errors=url_for("coverage.index", severity="error"),
        all_warnings=url_for("coverage.index", severity="warning"),
    )


def _number(found: Home) -> str:
    """3 of this week or overdue; 100 or more."""
    return f"{found.to_mend_number} or more" if found.to_mend_many else str(found.to_mend_number)


def _to_mend(row: ToMend, today: date) -> tuple[str, str, str, str, str, str, str]:
    """Overdue or not, the day, the client and their Clinical tab, line, words, and the sessions at risk."""
    overdue = row.mend_by < today
    return (
        "overdue" if overdue else "",
        f"since {words.short_day(row.mend_by, today)}" if overdue else words.short_day(row.mend_by, today),
        row.client_name,
        url_for("case_managers.index", client_id=row.client),
        row.service_line,
        row.message,
        words.count(row.at_risk, "session") if row.at_risk else "",
    )


def _beginning(row: Beginning, today: date, practice: Practice) -> tuple[str, str, str, str, str, str, str]:
    """When, the client and their Clinical tab, line, the kind and words of a badge, and who covers."""
    kind, badge = "ok", "covered in time"
    if not row.covered_by:
        kind, badge = "error", "no case manager"
    elif row.late:
        kind, badge = "error", "starts too late"
    return (
        words.moment(row.starts_at, practice.zone, today),
        row.client_name,
        url_for("case_managers.index", client_id=row.client),
        row.service_line,
        kind,
        badge,
        row.covered_by,
    )

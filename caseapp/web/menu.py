"""What the menu of every page says of the practice: how many errors of coverage there are."""

from dataclasses import dataclass

from flask import Flask, g
from sqlalchemy.exc import SQLAlchemyError

from caseapp import clock
from caseapp.extensions import db
from caseapp.usecases.coverage_counts import MOST_IN_MENU, errors
from caseapp.web.actor import current_actor
from caseapp.web.current import current_practice


@dataclass(frozen=True, slots=True)
class MenuCount:
    """`number` as it is shown, empty where there are none; `label` is the link's name."""

    number: str
    label: str


def errors_are(number: int) -> None:
    """A page that has counted them itself spares the menu its own look."""
    g.coverage_errors = number


NOTHING = MenuCount("", "Coverage gaps")


def init_app(app: Flask) -> None:
    app.jinja_env.globals["coverage_errors"] = coverage_errors


def coverage_errors() -> MenuCount:
    """6, and "Coverage gaps, 6 errors". A page that says what went wrong is drawn without it."""
    number = g.get("coverage_errors")
    if number is None:
        try:
            number = errors(db.session(), current_actor(), clock.today(), current_practice())
        except SQLAlchemyError:
            db.session.rollback()
    if not number:
        return NOTHING
    many = number >= MOST_IN_MENU
    shown = f"{MOST_IN_MENU - 1}+" if many else str(number)
    told = f"{MOST_IN_MENU} or more errors" if many else f"{number} error{'' if number == 1 else 's'}"
    return MenuCount(shown, f"Coverage gaps, {told}")

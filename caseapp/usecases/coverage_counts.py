"""How many gaps there are: of each kind for the top of the list, and the errors for the menu of every page.

Nothing is counted to the end: a practice of any size pays for at most so many entries of one index.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.coverage_gap import ORDER, RANK
from caseapp.domain.practice import Practice
from caseapp.models import CoverageTurn
from caseapp.usecases.coverage_gap import refresh_due
from caseapp.usecases.coverage_kept import finding, visible_findings
from caseapp.usecases.visibility import kept_by_sight, own_clients

MOST_IN_MENU = 100
MOST = 500
REFRESHED_FOR_MENU = 100
MOST_BATCHES = 100

_ERRORS = str(RANK["error"])
_AFTER_ERRORS = str(RANK["error"] + 1)
_AT_RISK = "at risk"


@dataclass(slots=True)
class Counts:
    """How many gaps of each code, and the sessions that errors put at risk, each counted once.

    `many` names the codes of which there are more than were counted, and says so of the sessions by None.
    """

    by_code: dict[str, int] = field(default_factory=dict)
    at_risk: int = 0
    many: set[str | None] = field(default_factory=set)


def counts(session: Session, actor: Actor) -> Counts:
    """Of the kept findings, in one statement."""
    found = Counts()
    for code, number, at_risk in session.connection().execute(_counts_statement(actor)):
        if code == _AT_RISK:
            found.at_risk = at_risk or 0
            found.many |= {None} if number >= MOST else set()
        elif number:
            found.by_code[code] = number
            found.many |= {code} if number >= MOST else set()
    return found


def errors(session: Session, actor: Actor, today: date, practice: Practice) -> int:
    """The errors of all clients, counted up to MOST_IN_MENU, in one statement.

    Where a turn has come, at most REFRESHED_FOR_MENU clients are judged anew before.
    """
    number, due = _errors_and_due(session, actor, today)
    if due and refresh_due(session, today, practice, limit=REFRESHED_FOR_MENU):
        number, _ = _errors_and_due(session, actor, today)
    return number


def errors_of_today(session: Session, actor: Actor, today: date, practice: Practice) -> tuple[int, bool]:
    """The same after everybody was judged whose turn has come, batch by batch.

    And whether everybody was: another writer's work is not waited for.
    """
    number, due = _errors_and_due(session, actor, today)
    for _ in range(MOST_BATCHES):
        if not due or not refresh_due(session, today, practice):
            break
        number, due = _errors_and_due(session, actor, today)
    return number, not due


def _errors_and_due(session: Session, actor: Actor, today: date) -> tuple[int, bool]:
    row = session.connection().execute(_errors_statement(actor), {"today": today}).one()
    return as_shown(row[0]), bool(row[1])


def as_shown(errors: int) -> int:
    """What a statement with `errors_of` has counted, as the menu takes it."""
    return min(int(errors), MOST_IN_MENU)


@kept_by_sight()
def _errors_statement(actor: Actor) -> Select[Any]:
    own = None if actor.sight is None else own_clients(actor.sight).subquery("own")
    told: tuple[ColumnElement[Any], ...] = (errors_of(actor, own), somebody_is_due())
    return select(*told)


def somebody_is_due() -> ColumnElement[bool]:
    """Whether anybody's findings are of a day before `today`."""
    # The first of an index: asked whether any is there, PostgreSQL reads the table where it expects many.
    first = select(func.min(CoverageTurn.next_turn)).scalar_subquery()
    return first <= bindparam("today", type_=Date)


def errors_of(actor: Actor, own: FromClause | None) -> ColumnElement[int]:
    """A column: the errors of all clients, counted up to MOST_IN_MENU, or all errors of the clients of `own`.

    `own` has each client_id of a clinician once: these are gone through, however many errors others have.
    """
    if own is None:
        some = (
            select(literal(1))
            .select_from(finding)
            .where(finding.c.place < _AFTER_ERRORS, visible_findings(actor))
            .limit(MOST_IN_MENU)
            .subquery("some_errors")
        )
        return select(func.count()).select_from(some).scalar_subquery()
    of_client = (
        select(func.count())
        .select_from(finding)
        .where(finding.c.client_id == own.c.client_id, finding.c.place < _AFTER_ERRORS)
        .correlate(own)
        .scalar_subquery()
    )
    return select(func.coalesce(func.sum(of_client), 0)).select_from(own).scalar_subquery()


@kept_by_sight()
def _counts_statement(actor: Actor) -> CompoundSelect[Any]:
    visible = visible_findings(actor)
    parts = []
    for code in ORDER:
        some = select(literal(1)).select_from(finding).where(finding.c.code == code, visible).limit(MOST)
        parts.append(select(literal(code), func.count(), literal(0)).select_from(some.subquery()))
    at_risk = (
        select(finding.c.alone)
        .where(finding.c.place >= _ERRORS, finding.c.place < _AFTER_ERRORS, visible)
        .order_by(finding.c.place)
        .limit(MOST)
        .subquery()
    )
    parts.append(select(literal(_AT_RISK), func.count(), func.sum(at_risk.c.alone)).select_from(at_risk))
    return union_all(*parts)

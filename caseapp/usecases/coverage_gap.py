"""Keep the coverage findings equal to what the domain would say, and refresh them when their turn comes.

A use-case that changes facts refreshes the clients it touched in its own transaction; a reader first
refreshes those whose next turn has passed. Source: docs/domain.md, *Coverage gaps*.
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Date, Integer, Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from caseapp.domain.client import ClientFacts
from caseapp.domain.coverage_day import CoverageDay
from caseapp.domain.coverage_turn import lines_that_turn, next_turn
from caseapp.domain.dates import FIRST_DATE
from caseapp.domain.first_session import first_sessions
from caseapp.domain.interim_return import findings as findings_of
from caseapp.domain.practice import Practice
from caseapp.models import Client, CoverageFinding, CoverageTurn, ServiceLine
from caseapp.models.among import Among
from caseapp.models.engine import begin_write_if_free
from caseapp.usecases.bulk_insert import insert_rows
from caseapp.usecases.facts_of_day import FactsOfDay

BATCH = 500
ALREADY = FIRST_DATE
"""The turn of those who are due whatever day it is when they are read: a clock can be set back meanwhile."""

# Put together once, on the tables: a save and each reader of findings run them.
_client = cast(Table, Client.__table__)
_line = cast(Table, ServiceLine.__table__)
_finding = cast(Table, CoverageFinding.__table__)
_turn = cast(Table, CoverageTurn.__table__)
_CLIENT = bindparam("of_client", type_=Integer)
_TODAY = bindparam("today", type_=Date)

_LINES = select(_line.c.code, _line.c.id)
_DROP_FINDINGS = delete(_finding).where(Among(_finding.c.client_id, "client_ids"))
_DROP_TURNS = delete(_turn).where(Among(_turn.c.client_id, "client_ids"))
_DROP_FINDINGS_OF_ONE = delete(_finding).where(_finding.c.client_id == _CLIENT)
_DROP_TURNS_OF_LINES = delete(_turn).where(
    _turn.c.client_id == _CLIENT,
    _turn.c.service_line_id.in_(bindparam("lines", expanding=True, type_=Integer)),
)
_LOCKED = (
    select(_client.c.id).where(Among(_client.c.id, "client_ids")).order_by(_client.c.id).with_for_update()
)
_LOCKED_IF_FREE = _LOCKED.with_for_update(skip_locked=True)
_MOST_LINES = 20
"""A client has fewer service lines; else a batch holds fewer clients."""
# The soonest first and bounded, so that the index of turns is read and not every client.
_soonest = (
    select(_turn.c.client_id)
    .where(_turn.c.next_turn <= _TODAY)
    .order_by(_turn.c.next_turn)
    .limit(bindparam("most", type_=Integer) * _MOST_LINES)
    .subquery("soonest")
)
_ALL_DUE = select(_soonest.c.client_id).distinct().limit(bindparam("most", type_=Integer))
# A clock that was set back is noticed where it costs nothing.
_DUE_OF_SOME = (
    select(_turn.c.client_id)
    .where(
        or_(_turn.c.next_turn <= _TODAY, _turn.c.asked_on > _TODAY), Among(_turn.c.client_id, "client_ids")
    )
    .distinct()
    .limit(bindparam("most", type_=Integer))
)


def refresh(session: Session, client_ids: Collection[int], today: date, practice: Practice) -> None:
    """Judge all service lines of these clients anew, in the caller's write transaction."""
    if not client_ids:
        return
    if session.get_bind().dialect.name != "sqlite":
        _lock(session, client_ids)
    connection = session.connection()
    of_clients = {"client_ids": list(client_ids)}
    line_ids = dict(connection.execute(_LINES).all())
    asked = CoverageDay(today, practice)
    findings, turns = _judge(FactsOfDay(session, asked).load(client_ids), line_ids, asked)
    connection.execute(_DROP_FINDINGS, of_clients)
    connection.execute(_DROP_TURNS, of_clients)
    insert_rows(connection, _finding, findings)
    insert_rows(connection, _turn, turns)


def keep(
    session: Session,
    client_id: int,
    facts: ClientFacts,
    line_ids: Mapping[str, int],
    today: date,
    practice: Practice,
    *,
    before: ClientFacts | None = None,
) -> None:
    """Keep the findings of one client whose facts after the change are known, in at most three statements.

    A use-case that changed the client's service lines or appointments also gives the facts `before`; where
    a line went by it, that takes one statement more.
    """
    connection = session.connection()
    asked = CoverageDay(today, practice)
    findings, turns = _judge({client_id: facts}, line_ids, asked)
    connection.execute(_DROP_FINDINGS_OF_ONE, {"of_client": client_id})
    if findings:
        connection.execute(insert(_finding), findings)
    if turns:
        connection.execute(_begin_or_move(connection.dialect.name), turns)
    if before is None:
        return
    known = {row["service_line_id"] for row in turns}
    if gone := {line_ids[code] for code in lines_that_turn(before, asked)} - known:
        connection.execute(_DROP_TURNS_OF_LINES, {"of_client": client_id, "lines": list(gone)})


def keep_many(
    session: Session,
    facts: Mapping[int, ClientFacts],
    line_ids: Mapping[str, int],
    today: date,
    practice: Practice,
) -> None:
    """Keep the findings of clients (row id: facts after the change) in three statements.

    For a use-case that changed neither their service lines nor their appointments.
    """
    if not facts:
        return
    connection = session.connection()
    findings, turns = _judge(facts, line_ids, CoverageDay(today, practice))
    connection.execute(_DROP_FINDINGS, {"client_ids": list(facts)})
    if findings:
        connection.execute(insert(_finding), findings)
    if turns:
        connection.execute(_begin_or_move(connection.dialect.name), turns)


@cache
def _begin_or_move(dialect: str) -> Any:
    """Insert turns, or move those that are there. Into the table: mapped rows would be several statements."""
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_turn)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["client_id", "service_line_id"],
        set_={name: new[name] for name in ("asked_on", "next_turn", "first_session")},
    )


def _judge(
    clients: Mapping[int, ClientFacts], line_ids: Mapping[str, int], asked: CoverageDay
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the two tables for these clients: findings, and turns."""
    findings: list[dict[str, Any]] = []
    turns: list[dict[str, Any]] = []
    for client_id, facts in clients.items():
        turn = next_turn(facts, asked)
        begins = first_sessions(facts, asked)
        turns += [
            {
                "client_id": client_id,
                "service_line_id": line_ids[code],
                "asked_on": asked.on,
                "next_turn": turn,
                "first_session": begins.get(code),
            }
            for code in lines_that_turn(facts, asked)
        ]
        findings += [
            {
                "client_id": client_id,
                "service_line_id": line_ids[gap.service_line],
                "code": gap.code,
                "severity": gap.severity,
                "mend_by": gap.mend_by,
                "at_risk": gap.at_risk,
                "message": gap.message,
                "place": gap.place(facts.number),
                "clinician": gap.about.clinician or None,
                "payor": gap.about.payor or None,
                "case_manager": gap.about.case_manager or None,
                "begins": gap.about.begins,
                "first_session": gap.about.first_session,
                "alone": gap.about.alone,
                "sessions": gap.about.sessions,
            }
            for gap in findings_of(facts, asked)
        ]
    return findings, turns


def refresh_due(
    session: Session,
    today: date,
    practice: Practice,
    client_ids: Collection[int] | None = None,
    limit: int = BATCH,
) -> int:
    """Refresh at most `limit` clients whose turn has come, in a short write transaction of its own.

    Returns how many clients were refreshed; 0 also where another writer holds the database, whose turn it
    then is. A reader calls this before its first own read: an open read transaction is ended.
    """
    due = _due(session, today, client_ids, limit)
    if not due:
        return 0
    try:
        if not begin_write_if_free(session):
            return 0
        due = _lock(session, due, skip_locked=True)
        refresh(session, due, today, practice)
        session.commit()
    except OperationalError:
        # A deadlock or a busy file: the other side brings the same findings.
        session.rollback()
        return 0
    return len(due)


def _lock(session: Session, client_ids: Collection[int], *, skip_locked: bool = False) -> list[int]:
    """Keep others from judging the same clients at once; SQLite has one writer and ignores it."""
    statement = _LOCKED_IF_FREE if skip_locked else _LOCKED
    return _ids(session.connection().execute(statement, {"client_ids": client_ids}))


def _ids(result: CursorResult[Any]) -> list[int]:
    return [row[0] for row in result.all()]


def refresh_all_due(session: Session, today: date, practice: Practice) -> int:
    """Refresh every client whose turn has come, batch by batch; returns how many."""
    total = 0
    while done := refresh_due(session, today, practice):
        total += done
    return total


def _due(session: Session, today: date, client_ids: Collection[int] | None, limit: int) -> list[int]:
    asked = {"today": today, "most": limit}
    if client_ids is None:
        return _ids(session.connection().execute(_ALL_DUE, asked))
    return _ids(session.connection().execute(_DUE_OF_SOME, asked | {"client_ids": client_ids}))


def mark_due(session: Session, client_ids: Collection[int] | None = None) -> None:
    """Say that the findings of these clients (None: of all) are to be judged again before they are read."""
    statement = update(CoverageTurn).values(next_turn=ALREADY)
    if client_ids is not None:
        statement = statement.where(CoverageTurn.client_id.in_(client_ids))
    session.execute(statement)

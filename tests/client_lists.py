"""Ask for client lists in tests, at the moment at which the tests' clock stands."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, Actor
from caseapp.domain.practice import Practice
from caseapp.usecases.client_list import ClientList, Question, client_list
from caseapp.usecases.client_search import write_terms
from tests.builders import Row, a_client, together
from tests.conftest import NOW, ZONE

TODAY = date(2026, 11, 22)


def listed(session: Session, *clients: Row) -> None:
    """Let these clients be found: builders make no terms."""
    with together(session):
        write_terms(session, [client.id for client in clients])


def hartmann(session: Session, **values: object) -> Row:
    """A client of the list."""
    client = a_client(session, ["ABA"], **({"number": "C-10231"} | values))
    listed(session, client)
    return client


def ask(session: Session, typed: str = "", **filters: Any) -> ClientList:
    return ask_as(LOCAL_USER, session, Question(typed, **filters))


def ask_as(
    actor: Actor, session: Session, question: Question | None = None, *, errors: bool = False
) -> ClientList:
    now: datetime = NOW.astimezone(UTC)
    return client_list(session, actor, question or Question(), now, TODAY, Practice(ZONE), errors=errors)


def found(session: Session, typed: str = "", **filters: Any) -> list[str]:
    """The names that the list shows, in its order."""
    return [row.name for row in ask(session, typed, **filters).rows]

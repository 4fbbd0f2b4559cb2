"""What the tests of a client's own records ask of the database, beside the practice of save_desk."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from caseapp.domain.finding import Finding
from caseapp.models import AuditEvent, Base, ClientTerm
from caseapp.usecases.outcome import Refused, Saved
from tests.usecases.save_desk import Desk


def saved(outcome: Saved | Refused) -> Saved:
    assert isinstance(outcome, Saved), outcome
    return outcome


def refused(outcome: Saved | Refused) -> list[tuple[str | None, str]]:
    """Field and code of each error."""
    return [(finding.field, finding.code) for finding in errors(outcome)]


def errors(outcome: Saved | Refused) -> tuple[Finding, ...]:
    assert isinstance(outcome, Refused), outcome
    return outcome.errors


def rows(desk: Desk, model: type[Base], **where: Any) -> list[Any]:
    """The stored rows of a model with these values, oldest first."""
    desk.session.rollback()
    table = model.__table__
    statement = select(table).order_by(table.c.id)
    for name, value in where.items():
        statement = statement.where(table.c[name] == value)
    return list(desk.session.execute(statement).all())


def events(desk: Desk, client_id: int) -> list[tuple[str, str]]:
    """Action and entity of what is told on a client's page, oldest first."""
    return [(event.action, event.entity) for event in rows(desk, AuditEvent, client_id=client_id)]


def last_values(desk: Desk) -> Mapping[str, Any]:
    return dict(rows(desk, AuditEvent)[-1].after)


def terms(desk: Desk, client_id: int) -> set[str]:
    desk.session.rollback()
    return set(desk.session.scalars(select(ClientTerm.term).where(ClientTerm.client_id == client_id)))


def everything(desk: Desk) -> list[int]:
    """How many rows there are of each kind: what a refusal leaves alone."""
    desk.session.rollback()
    return [
        desk.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
    ]

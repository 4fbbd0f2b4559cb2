"""The statements of the start page, each put together once for those who see the same clients."""

from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.sql.elements import True_

from caseapp.domain.actor import Actor
from caseapp.models import CaseManager, Client, Clinician, CoverageFinding, CoverageTurn, ServiceLine
from caseapp.models.base import Instant
from caseapp.usecases.visibility import kept_by_sight, visible_to

MOST_COUNTED = 100
"""The errors of the week are counted so far."""
MOST_CHANGES = 400
"""So many warnings, the soonest, are put together by their causes."""

_finding = cast(Table, CoverageFinding.__table__)
_turn = cast(Table, CoverageTurn.__table__)
_client = cast(Table, Client.__table__)
_line = cast(Table, ServiceLine.__table__)
_manager = cast(Table, CaseManager.__table__)
_clinician = cast(Table, Clinician.__table__)

ANYBODY = select(_client.c.id).limit(1)
_UNTIL = bindparam("until", type_=String)
CASE_MANAGERS = (
    select(
        _manager.c.client_id,
        _manager.c.service_line_id,
        _manager.c.start_date,
        _manager.c.end_date,
        _clinician.c.first_name,
        _clinician.c.last_name,
    )
    .join_from(_manager, _clinician, _clinician.c.id == _manager.c.clinician_id)
    .where(_manager.c.client_id.in_(bindparam("client_ids", expanding=True, type_=Integer)))
    .where(_manager.c.removed_at.is_(None))
)
"""All of the clients `client_ids`; those who see a client see the case managers too."""


def _seen(statement: Select[Any], actor: Actor, client_id: Any) -> Select[Any]:
    """Only what is of clients whom the actor may see; who sees them all is not asked client by client."""
    visible = visible_to(actor)
    if isinstance(visible, True_):
        return statement
    return statement.where(exists(select(_client.c.id).where(_client.c.id == client_id, visible)))


def _errors(*columns: Any) -> Select[Any]:
    """Those before the place `until`: errors sort first, by their mend-by."""
    return select(*columns).where(_finding.c.place < _UNTIL)


@kept_by_sight()
def to_mend(actor: Actor, most: int) -> Select[Any]:
    """The most urgent errors, in the order of the list. Found by their keys before clients are looked at."""
    order = _finding.c.place
    keys = (_finding.c.client_id, _finding.c.service_line_id, _finding.c.code)
    page = _seen(_errors(*keys), actor, _finding.c.client_id).order_by(order).limit(most).subquery("page")
    return (
        select(
            _client.c.public_id,
            _client.c.last_name,
            _client.c.first_name,
            _line.c.code,
            _finding.c.code.label("finding"),
            _finding.c.mend_by,
            _finding.c.at_risk,
            _finding.c.message,
        )
        .select_from(page)
        .join(_finding, and_(*(_finding.c[key.name] == page.c[key.name] for key in keys)))
        .join(_client, _client.c.id == page.c.client_id)
        .join(_line, _line.c.id == page.c.service_line_id)
        .order_by(order)
    )


@kept_by_sight()
def number_to_mend(actor: Actor) -> Select[Any]:
    found = _seen(_errors(_finding.c.place), actor, _finding.c.client_id).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(found)


@kept_by_sight()
def changes(actor: Actor, most: int) -> Select[Any]:
    """code, last good day, words, clients of each cause, soonest first; and how many findings were looked at.

    The kept words of a cause are the same for all clients whom it concerns, and so are what it is told by.
    """
    warnings = (
        _seen(
            select(_finding.c.code, _finding.c.mend_by, _finding.c.message, _finding.c.client_id).where(
                _finding.c.place >= bindparam("since", type_=String), _finding.c.place < _UNTIL
            ),
            actor,
            _finding.c.client_id,
        )
        .order_by(_finding.c.place)
        .limit(MOST_CHANGES)
        .subquery("warnings")
    )
    cause = (warnings.c.code, warnings.c.mend_by, warnings.c.message)
    clients = func.count(warnings.c.client_id.distinct()).label("clients")
    return (
        select(*cause, clients, func.sum(func.count()).over().label("looked_at"))
        .group_by(*cause)
        .order_by(warnings.c.mend_by, clients.desc(), warnings.c.code, warnings.c.message)
        .limit(most)
    )


@kept_by_sight()
def beginnings(actor: Actor, most: int) -> Select[Any]:
    """The lines whose first session lies from `now` and before `end`, soonest first.

    `late_mend_by` is the mend-by of a kept finding that a case manager starts too late.
    """
    late = (
        select(_finding.c.mend_by)
        .where(
            _finding.c.client_id == _turn.c.client_id,
            _finding.c.service_line_id == _turn.c.service_line_id,
            _finding.c.code == "starts_too_late",
        )
        .scalar_subquery()
    )
    return (
        select(
            _turn.c.client_id,
            _turn.c.service_line_id,
            _turn.c.first_session,
            _client.c.public_id,
            _client.c.last_name,
            _client.c.first_name,
            _line.c.code,
            late.label("late_mend_by"),
        )
        .select_from(
            _turn.join(_client, _client.c.id == _turn.c.client_id).join(
                _line, _line.c.id == _turn.c.service_line_id
            )
        )
        .where(
            _turn.c.first_session >= bindparam("now", type_=Instant),
            _turn.c.first_session < bindparam("end", type_=Instant),
            visible_to(actor),
        )
        .order_by(_turn.c.first_session, _turn.c.client_id, _line.c.code)
        .limit(most)
    )

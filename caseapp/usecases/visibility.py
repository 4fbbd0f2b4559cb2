"""Which clients an actor may see: the one place of the restriction (docs/security.md)."""

from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, exists, or_, select, true, union

from caseapp.domain.actor import Actor, Sight
from caseapp.models import Appointment, CaseManager, Client

T = TypeVar("T")

_manager = cast(Table, CaseManager.__table__)
_visit = cast(Table, Appointment.__table__)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition over Client that every query about clients carries."""
    assert actor.name
    if actor.sight is None:
        return true()
    return Client.id.in_(own_clients(actor.sight))


def sees_caseload(actor: Actor, clinician_id: int) -> bool:
    """Whether the caseload of the clinician (row id) is for the actor: a clinician's own is, no other."""
    return actor.sight is None or actor.sight.clinician_id == clinician_id


def visible_alone(actor: Actor) -> ColumnElement[bool]:
    """The same condition for a query that looks up one client by a key: it is asked of that client alone.

    Where many are looked through it costs more: their own clients are then better found first.
    """
    assert actor.name
    if actor.sight is None:
        return true()
    return or_(
        *(
            exists(part.where(part.selected_columns.client_id == Client.id).correlate(Client))
            for part in _parts(actor.sight)
        )
    )


def own_clients(sight: Sight) -> CompoundSelect[Any]:
    """The row ids of a clinician's own clients, each once, told from indexes."""
    return union(*_parts(sight))


def _parts(sight: Sight) -> tuple[Select[Any], ...]:
    """Why a client is a clinician's own, as the clients for whom it holds.

    They are case manager of them, were so on or after `since`, or will be; an interim stands in for them
    there; or they have a session with them that is not cancelled.
    """
    lasting = or_(_manager.c.end_date.is_(None), _manager.c.end_date >= sight.since)
    return (
        *(
            select(_manager.c.client_id).where(
                column == sight.clinician_id, _manager.c.removed_at.is_(None), lasting
            )
            for column in (_manager.c.clinician_id, _manager.c.for_clinician_id)
        ),
        select(_visit.c.client_id).where(
            _visit.c.clinician_id == sight.clinician_id,
            _visit.c.starts_at >= sight.begins,
            _visit.c.starts_at < sight.ends,
            _visit.c.status != "cancelled",
        ),
    )


class KeptBySight(Generic[T]):
    """Keeps what a function makes for an actor, for all actors who see the same: their names matter not."""

    def __init__(self, make: Callable[..., T], maxsize: int) -> None:
        self._kept = lru_cache(maxsize=maxsize)(make)
        self.cache_clear = self._kept.cache_clear
        update_wrapper(self, make)

    def __call__(self, *arguments: Hashable) -> T:
        return self._kept(
            *(Actor("somebody", sight=a.sight) if isinstance(a, Actor) else a for a in arguments)
        )


def kept_by_sight(maxsize: int = 100) -> Callable[[Callable[..., T]], KeptBySight[T]]:
    """Decorates what makes a statement for an actor."""
    return lambda make: KeptBySight(make, maxsize)

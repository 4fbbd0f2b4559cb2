"""Tell the second of two editors what the first has done to a record."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.domain.record_words import ENTITIES, changes
from caseapp.models import AuditEvent

_KEPT = "What you typed is still here"


def changed_meanwhile(
    session: Session,
    entity: str,
    public_id: str,
    version: int | None,
    practice: Practice,
    names: Mapping[str, str],
) -> Finding:
    """`conflict`: who changed what since the version on which the form was opened.

    `names` turns the numbers and codes that the audit keeps into names.
    """
    return each_changed_meanwhile(session, entity, {public_id: version}, practice, names)[public_id]


def each_changed_meanwhile(
    session: Session,
    entity: str,
    versions: Mapping[str, int | None],
    practice: Practice,
    names: Mapping[str, str],
) -> dict[str, Finding]:
    """The same for several records (public ID: version on which it was shown), in one statement."""
    if not versions:
        return {}
    events: dict[str | None, list[Any]] = defaultdict(list)
    for event in session.execute(
        select(AuditEvent.entity_id, AuditEvent.at, AuditEvent.actor, AuditEvent.before, AuditEvent.after)
        .where(AuditEvent.entity == entity, AuditEvent.entity_id.in_(versions))
        .order_by(AuditEvent.id)
    ):
        events[event.entity_id].append(event)
    return {
        public_id: _told(entity, events[public_id], version, practice, names)
        for public_id, version in versions.items()
    }


def _told(
    entity: str, events: Sequence[Any], version: int | None, practice: Practice, names: Mapping[str, str]
) -> Finding:
    since = [
        event for event in events if version is None or ((event.after or {}).get("version") or 0) > version
    ]
    if version is None or not since:
        return _conflict(f"This form does not say on which version it was opened. {_KEPT}: save again.")
    differences = changes(entity, since[0].before or {}, since[-1].after or {}, practice.zone, names)
    what = ", ".join(f"{field} from {was} to {became}" for field, was, became in differences)
    return _conflict(
        f"{_who(since[-1].actor)} changed this {ENTITIES[entity]} on {_when(since[-1].at, practice)}"
        f"{': ' if what else ''}{what}. {_KEPT}: save again to put it in place of that, or cancel."
    )


def removed_meanwhile(entity: str, by: str, at: datetime, reason: str | None, practice: Practice) -> Finding:
    """`conflict`: the record being edited was removed."""
    why = f" The reason given: {reason.rstrip('.')}." if reason else ""
    return _conflict(
        f"{_who(by)} removed this {ENTITIES[entity]} on {_when(at, practice)}.{why} "
        f"{_KEPT}; add a new one if it is still needed."
    )


def saved_before() -> Finding:
    """`conflict`: this very form was saved, then changed and sent again, as after the browser's Back."""
    return _conflict(
        "This form was saved already, with other values, and these were not saved. "
        f"{_KEPT}: save again if it is wanted besides, or cancel to see what stands."
    )


def _conflict(message: str) -> Finding:
    return Finding("conflict", None, "error", message)


def _who(actor: str) -> str:
    return f"{actor[:1].upper()}{actor[1:]}"


def _when(at: datetime, practice: Practice) -> str:
    return words.moment(at, practice.zone, day_of(at, practice.zone))

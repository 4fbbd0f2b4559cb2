"""What is on record as people read it: the same for the page, its table and the command."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from caseapp.domain.access_event import AccessKind
from caseapp.domain.access_words import tell_access
from caseapp.domain.history import tell
from caseapp.usecases.audit_list import AuditPage


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """`client` is the public ID, empty for none."""

    at: datetime
    who: str
    what: str
    details: tuple[str, ...]
    reason: str
    client: str
    client_number: str


def told_events(page: AuditPage, zone: ZoneInfo) -> Iterator[ToldEvent]:
    """Each event of a page, in its order."""
    for event in page.events:
        if event.is_change:
            told = tell(
                event.what,
                event.entity,
                event.before,
                event.after,
                zone,
                page.names,
                called=event.called,
            )
        else:
            told = tell_access(cast(AccessKind, event.what), event.detail)
        yield ToldEvent(
            event.at,
            event.actor,
            told.headline,
            told.details,
            event.reason,
            event.client,
            event.client_number,
        )


def line_of(event: ToldEvent, zone: ZoneInfo) -> tuple[datetime, str, str, str, str, str]:
    """The event as a line of a table: what formats/audit_csv.AuditLine has, in its order."""
    at, details = event.at.astimezone(zone), "; ".join(event.details)
    return at, event.who, event.what, event.client_number, details, event.reason

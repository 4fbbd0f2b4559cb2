"""The history of a record's page: what, who, when, before and after, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from caseapp import clock
from caseapp.config import current_settings
from caseapp.domain import words
from caseapp.domain.history import tell
from caseapp.domain.record_words import ENTITIES
from caseapp.extensions import db
from caseapp.usecases.history import History
from caseapp.usecases.history import history_of as load
from caseapp.web.actor import current_actor

LARGEST_ID = 2**31 - 1
OF_CLINICIAN = ("clinician", "enrollment", "leave", "hand_over")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    when: str
    who: str
    what: str
    details: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryPart:
    """What the template draws: rows, the kinds to filter by (code, words), and where older ones begin."""

    rows: tuple[HistoryRow, ...]
    kinds: tuple[tuple[str, str], ...]
    kind: str
    older: int | None


def history_of(
    sent: Mapping[str, str],
    kinds: tuple[str, ...],
    *,
    client_id: int | None = None,
    subject_id: str | None = None,
) -> HistoryPart:
    """The part of a page's history that the address asks for: `what` filters, `before` goes on."""
    kind = sent.get("what", "")
    kind = kind if kind in kinds else ""
    text = sent.get("before", "")
    before = min(int(text), LARGEST_ID) if re.fullmatch(r"[0-9]{1,18}", text) else None
    # Records without a page for each are told together, by their one kind.
    entity = kind or (kinds[0] if client_id is None and subject_id is None else None)
    history = load(db.session(), client_id=client_id, subject_id=subject_id, entity=entity, before=before)
    return HistoryPart(_rows(history), tuple((k, ENTITIES[k]) for k in kinds), kind, history.older)


def clinician_history(clinician_id: str) -> HistoryPart:
    """What was changed of a clinician and of what belongs to them, as far as the address asks."""
    return history_of(request.args, OF_CLINICIAN, subject_id=clinician_id)


def _rows(history: History) -> tuple[HistoryRow, ...]:
    zone, today = current_settings().zone, clock.today()
    counted = current_actor().sight is None
    rows = []
    for event in history.events:
        told = tell(
            event.action,
            event.entity,
            event.before,
            event.after,
            zone,
            history.names,
            event.hand_over,
            counted=counted,
        )
        when = words.moment(event.at, zone, today)
        rows.append(HistoryRow(when, event.actor, told.headline, told.details, event.reason or ""))
    return tuple(rows)

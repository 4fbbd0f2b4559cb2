"""Undo a hand-over as one, while nothing later depends on it: exactly what was before stands again."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over_words import hand_over_words
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, Clinician, ServiceLine, begin_write
from caseapp.usecases import audit
from caseapp.usecases.clinician_record_facts import open_clinician
from caseapp.usecases.hand_over_applied import hindered_by
from caseapp.usecases.hand_over_applied_facts import AppliedCase, load_applied
from caseapp.usecases.hand_over_write import ENTITY, Batch, Written, refresh_clients
from caseapp.usecases.outcome import Refused, Saved

REASON = "The hand-over was undone."
NUMBER_CHANGED = Finding(
    "depends",
    None,
    "error",
    "A clinician of this hand-over has another number since. Put the number back first, then undo.",
)
_manager = cast(Table, CaseManager.__table__)


def undo_hand_over(
    session: Session, actor: Actor, now: datetime, practice: Practice, public_id: str
) -> Saved | Refused:
    """Put back exactly what was before, as one batch, or store nothing. Raises UnknownRecord.

    Refused with a sentence for each line on which something later depends. Undoing again answers the same.
    """
    begin_write(session)
    case = load_applied(session, actor, public_id, lock=True)
    message = f"Undone: {hand_over_words(case.event.after, case.names)}. All is as it was before."
    if case.undone:
        session.rollback()
        return Saved(public_id, message)
    today = day_of(now, practice.zone)
    if hindered := hindered_by(case, now, practice, today):
        session.rollback()
        return Refused(hindered)
    line_ids = {row.code: row.id for row in session.execute(select(ServiceLine.code, ServiceLine.id))}
    clinician_ids = {row.number: row.id for row in session.execute(select(Clinician.number, Clinician.id))}
    changed = [event for event in case.own if event.before is not None]
    if not _numbers(changed) <= clinician_ids.keys():
        session.rollback()
        return Refused((NUMBER_CHANGED,))
    event = audit.record(
        session,
        actor,
        now,
        "undo",
        ENTITY,
        public_id,
        subject_id=case.event.subject_id,
        before=case.event.after,
        after=case.event.after,
    )
    batch = Batch(session, actor, now, event)
    _take_away(batch, [event for event in case.own if event.before is None], case)
    batch.write([_put_back(event, case) for event in changed], line_ids, clinician_ids)
    clinician_id = _take_last_day_back(session, batch, case)
    refresh_clients(session, set(case.clients), clinician_id, today, practice, line_ids)
    session.commit()
    return Saved(public_id, message)


def _numbers(changed: list[Any]) -> set[str]:
    """The numbers of the clinicians who stand again."""
    return {
        event.before[field]
        for event in changed
        for field in ("clinician", "for_clinician")
        if event.before[field]
    }


def _take_away(batch: Batch, added: list[Any], case: AppliedCase) -> None:
    """What the hand-over added leaves the screens, and stays in the history."""
    if not added:
        return
    ids = [case.rows[event.entity_id].id for event in added]
    batch.session.execute(
        update(_manager)
        .where(_manager.c.id.in_(ids))
        .values(
            removed_at=batch.now,
            removed_by=batch.actor.name,
            removed_reason=REASON,
            version=_manager.c.version + 1,
        )
    )
    batch.record(
        [
            (
                "remove",
                event.client_id,
                event.entity_id,
                event.after,
                {
                    **event.after,
                    "removed_at": batch.now.isoformat(),
                    "version": event.after["version"] + 1,
                },
            )
            for event in added
        ]
    )


def _put_back(event: Any, case: AppliedCase) -> Written:
    row = case.rows[event.entity_id]
    return Written(event.client_id, event.entity_id, row, {**event.before, "version": row.version + 1})


def _take_last_day_back(session: Session, batch: Batch, case: AppliedCase) -> int | None:
    """The clinician's row id where the last day that was set by the hand-over is taken back."""
    day = case.event.after["last_day_set"]
    if day is None:
        return None
    opened = open_clinician(session, case.event.subject_id)
    if opened.values.active_to != date.fromisoformat(day):
        return None
    batch.set_last_day(opened.stored.id, opened.stored.public_id, opened.stored.told, None)
    return opened.stored.id

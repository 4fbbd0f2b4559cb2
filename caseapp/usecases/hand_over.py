"""Apply a hand-over: all of its lines or none, in one transaction with one audit batch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.hand_over import LineEntry
from caseapp.domain.hand_over_entry import HandOverEntry
from caseapp.domain.hand_over_words import joined
from caseapp.domain.practice import Practice
from caseapp.models import ServiceLine, begin_write, new_public_id
from caseapp.usecases import audit
from caseapp.usecases.clinician_record_facts import open_clinician
from caseapp.usecases.conflict import saved_before
from caseapp.usecases.done import done_by
from caseapp.usecases.hand_over_draft import drop_draft
from caseapp.usecases.hand_over_drawn import DrawnLine
from caseapp.usecases.hand_over_plan import NOTHING_TO_DO, NotUnderstood, Plan, open_plan
from caseapp.usecases.hand_over_write import ENTITY, Batch, Written, a_change, an_addition, refresh_clients
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import asked_again

MOST_WARNINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRequest:
    """One press of the button. `set_last_day` records the last day with it where none is recorded yet.

    `draft` (public ID) goes away with it; `form_token` makes the same form, sent twice, apply once.
    """

    entry: HandOverEntry
    lines: tuple[LineEntry, ...]
    set_last_day: bool = False
    form_token: str | None = None
    draft: str | None = None


def apply_hand_over(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: ApplyRequest
) -> Saved | Refused:
    """Hand over under every rule, or store nothing.

    Refused with the errors of the whole form; those of a line are told by the plan that is drawn again.
    Where another writer was faster and the database refuses the days, the rules are asked again.
    """
    return asked_again(session, lambda: _apply(session, actor, now, practice, request))


def _apply(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: ApplyRequest
) -> Saved | Refused:
    begin_write(session)
    asked = _asked(request)
    if done := done_by(session, request.form_token):
        session.rollback()
        if not done.is_of(ENTITY, None, {"lines": asked}):
            return Refused((saved_before(),))
        return Saved(done.public_id, "This hand-over was applied already, by the same button.")
    plan = open_plan(session, actor, now, practice, request.entry, lines=request.lines, writes=True)
    if isinstance(plan, NotUnderstood):
        session.rollback()
        return Refused(plan.findings)
    if plan.refused or not asked:
        session.rollback()
        return Refused(plan.errors if plan.refused else (NOTHING_TO_DO,))
    line_ids = {row.code: row.id for row in session.execute(select(ServiceLine.code, ServiceLine.id))}
    written = [one for line in plan.lines for one in _written(plan, line)]
    public_id = new_public_id()
    clinician = plan.hand_over.clinician
    opened = open_clinician(session, clinician.id)
    sets = request.set_last_day and plan.hand_over.leaving and opened.values.active_to is None
    event = audit.record(
        session,
        actor,
        now,
        "apply",
        ENTITY,
        public_id,
        subject_id=clinician.id,
        after=_values(plan, written, asked, sets=sets),
        form_token=request.form_token or None,
    )
    batch = Batch(session, actor, now, event)
    batch.write(written, line_ids, plan.staff.ids)
    if sets:
        told = opened.stored.told
        batch.set_last_day(opened.stored.id, clinician.id, told, plan.hand_over.last_day)
    if request.draft:
        drop_draft(session, request.draft)
    refresh_clients(
        session,
        {one.client_id for one in written},
        opened.stored.id if sets else None,
        day_of(now, practice.zone),
        practice,
        line_ids,
    )
    session.commit()
    return Saved(public_id, _message(plan), _warnings(plan))


def _asked(request: ApplyRequest) -> list[list[str]]:
    """What is to be handed over, as the audit keeps it: case manager, successor, first day."""
    return sorted(
        [line.case_manager, line.successor.strip(), line.start_date.strip()]
        for line in request.lines
        if not line.leave_out
    )


def _written(plan: Plan, line: DrawnLine) -> list[Written]:
    client_id = plan.part.whose[line.key].client_id
    return [
        a_change(client_id, plan.part.rows[step.stored.id], step.stored.id, step.after)
        if step.stored
        else an_addition(client_id, step.after)
        for step in line.steps
    ]


def _values(plan: Plan, written: list[Written], asked: list[list[str]], *, sets: bool) -> dict[str, Any]:
    """What the batch's own event keeps: enough to tell it in words, and to undo it."""
    hand_over = plan.hand_over
    return {
        "clinician": hand_over.clinician.number,
        "first_day": hand_over.first.isoformat(),
        "back_on": hand_over.back_on.isoformat() if hand_over.back_on else None,
        "successors": _successors(plan),
        "clients": len({one.client_id for one in written}),
        "lines": asked,
        "left_out": [[line.key, line.entry.reason.strip()] for line in plan.lines if line.entry.leave_out],
        "case_managers": [one.public_id for one in written],
        "last_day_set": hand_over.last_day.isoformat() if sets else None,
    }


def _successors(plan: Plan) -> list[str]:
    """The numbers of the successors, who gets most first."""
    counted: dict[str, int] = {}
    for line in plan.lines:
        if line.steps:
            number = line.entry.successor.strip()
            counted[number] = counted.get(number, 0) + 1
    return sorted(counted, key=lambda number: (-counted[number], number))


def _message(plan: Plan) -> str:
    """Handed over: 12 service lines from Ada Okafor to Mei Lindqvist and Jo Park."""
    names = [plan.staff.clinicians[number].name for number in _successors(plan)]
    number = sum(1 for line in plan.lines if line.steps)
    return (
        f"Handed over: {words.count(number, 'service line')} from {plan.hand_over.clinician.name} "
        f"to {joined(names)}."
    )


def _warnings(plan: Plan) -> tuple[Finding, ...]:
    """The first warnings, with the client's name; what is said of several lines alike is said once."""
    whose: dict[Finding, list[str]] = {}
    for line in plan.lines:
        for warning in line.warnings:
            if warning.severity == "warning":
                whose.setdefault(warning, []).append(f"{line.client_name}, {line.service_line}")
    found = [
        Finding(w.code, None, w.severity, f"{names[0]}{_and_others(len(names) - 1)}: {w.message}")
        for w, names in whose.items()
    ]
    more = len(found) - MOST_WARNINGS
    if more > 0:
        told = f"{words.count(more, 'more warning')}: they stand on the clients' Clinical tabs."
        return (*found[:MOST_WARNINGS], Finding("more_warnings", None, "information", told))
    return tuple(found)


def _and_others(number: int) -> str:
    return f" and {words.count(number, 'other')}" if number else ""

"""Add and edit clinicians: load what an entry asks for, ask the domain, write, refresh, commit."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.actor import Actor
from caseapp.domain.clinician_entry import ClinicianEntry, ClinicianValues, judge_clinician
from caseapp.domain.dates import ONE_DAY, day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import CaseManager, Clinician, ClinicianServiceLine, begin_write
from caseapp.usecases.answered import Press, answered
from caseapp.usecases.clinician_leaving import MOST, number_left
from caseapp.usecases.clinician_record_facts import OpenClinician, ask
from caseapp.usecases.coverage_touched import refresh_touched
from caseapp.usecases.outcome import Refused, Saved
from caseapp.usecases.record import Change, asked_again

_JUDGED_BACK = timedelta(days=90)
_JUDGED_BY = ("number", "first_name", "last_name", "npi", "active_from", "active_to")
"""What the coverage findings of a clinician's clients hang on or name."""
_TAKES_OVER_BY = ("service_lines", "may_be_case_manager")
"""What else decides whether somebody takes over from the interims who stand in for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """One press of Save. `clinician` is the public ID that an edit changes (None adds)."""

    entry: ClinicianEntry
    clinician: str | None = None
    version: int | None = None
    form_token: str | None = None


def save_clinician(
    session: Session, actor: Actor, now: datetime, practice: Practice, request: SaveRequest
) -> Saved | Refused:
    """Save under every rule, or store nothing. Raises UnknownRecord.

    The same request again answers like the first and writes nothing. Where another was faster to take a
    number or an NPI, or the token was spent, the database refuses and the rules are asked again.
    """
    return asked_again(
        session,
        lambda: _save(session, actor, now, practice, request, suspects=False),
        lambda: _save(session, actor, now, practice, request, suspects=True),
    )


def _save(
    session: Session,
    actor: Actor,
    now: datetime,
    practice: Practice,
    request: SaveRequest,
    *,
    suspects: bool,
) -> Saved | Refused:
    begin_write(session)
    asked = ask(session, request.entry, request.clinician)
    before, line_ids = asked.before, asked.line_ids
    judged = judge_clinician(request.entry, asked.known, before.values if before else None)
    change = Change(session, actor, now, "clinician", Clinician, form_token=request.form_token)
    press = Press(
        entity="clinician",
        edited=request.clinician,
        version=request.version,
        form_token=request.form_token,
        suspects=suspects,
        stored=before.stored if before else None,
        same=before is not None and before.values == judged.values,
        told=judged.values.told,
        message=_message(judged.values),
        errors=judged.errors,
        warnings=judged.warnings,
    )
    if answer := answered(session, practice, press):
        return answer
    row_id, public_id = _write(change, before, judged.values, line_ids)
    today = day_of(now, practice.zone)
    warnings = list(judged.warnings)
    if before:
        last_day = judged.values.active_to
        left = None
        if last_day is not None and last_day != before.values.active_to:
            left = number_left(actor, row_id, last_day, now, practice)
        number = _refresh(session, row_id, before.values, judged.values, today, practice, line_ids, left)
        warnings += _leaving(last_day, number)
    session.commit()
    return Saved(public_id, _message(judged.values), tuple(warnings))


def _write(
    change: Change, before: OpenClinician | None, values: ClinicianValues, line_ids: dict[str, int]
) -> tuple[int, str]:
    columns: dict[str, Any] = {
        name: getattr(values, name)
        for name in ClinicianValues.__dataclass_fields__
        if name != "service_lines"
    }
    if before:
        row_id, public_id = before.stored.id, before.stored.public_id
        change.change(before.stored, columns, values.told)
    else:
        row_id, public_id = change.add(columns, values.told)
    practised = before.values.service_lines if before else ()
    if practised != values.service_lines:
        if practised:
            change.session.execute(
                delete(ClinicianServiceLine).where(ClinicianServiceLine.clinician_id == row_id)
            )
        if values.service_lines:
            change.session.execute(
                insert(ClinicianServiceLine),
                [
                    {"clinician_id": row_id, "service_line_id": line_ids[code]}
                    for code in values.service_lines
                ],
            )
    return row_id, public_id


def _refresh(
    session: Session,
    row_id: int,
    before: ClinicianValues,
    after: ClinicianValues,
    today: date,
    practice: Practice,
    line_ids: dict[str, int],
    left: ColumnElement[int] | None,
) -> int:
    """Judge those clients anew whose findings hang on what was changed; the number of those `left`."""
    names = (*_JUDGED_BY, *_TAKES_OVER_BY)
    changed = {name for name in names if getattr(before, name) != getattr(after, name)}
    if not changed:
        return 0
    whose = CaseManager.for_clinician_id == row_id
    if not changed <= set(_TAKES_OVER_BY):
        whose = or_(whose, CaseManager.clinician_id == row_id)
    not_long_over = or_(CaseManager.end_date.is_(None), CaseManager.end_date >= today - _JUDGED_BACK)
    clients = (
        select(CaseManager.client_id).distinct().where(whose, CaseManager.removed_at.is_(None), not_long_over)
    )
    number = refresh_touched(session, clients, today, practice, line_ids, told=left)
    if number is None and left is not None:
        number = session.execute(select(left)).scalar_one()
    return number or 0


def _leaving(last_day: date | None, left: int) -> list[Finding]:
    """What a last day means, in words: it stands, and the hand-over comes next."""
    if last_day is None or not left:
        return []
    number = f"{MOST} or more service lines" if left > MOST else words.count(left, "service line")
    verb = "needs" if left == 1 else "need"
    return [
        Finding(
            "clinician_leaves",
            "active_to",
            "warning",
            f"The last day stands. Hand-over comes next: {number} {verb} a successor from "
            f"{words.day(last_day + ONE_DAY)}, listed below. Nobody was taken off a client.",
        )
    ]


def _message(values: ClinicianValues) -> str:
    return f"Saved: {values.name} ({values.number})."

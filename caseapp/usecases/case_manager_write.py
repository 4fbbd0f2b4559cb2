"""Write an accepted case manager with its events, and say how the facts stand after it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from caseapp.domain import client as clients
from caseapp.domain.case_manager import Judgement
from caseapp.domain.case_manager_entry import CaseManagerEntry, ReadEntry
from caseapp.usecases.case_manager_facts import Case, values_of
from caseapp.usecases.record import Change, Stored


def end_current(change: Change, case: Case, entry: CaseManagerEntry, judgement: Judgement) -> str | None:
    """End the one in the way, where the entry says so; returns its public ID."""
    current = judgement.current
    if not entry.end_current or current is None:
        return None
    row, last_day = case.rows[current.id], judgement.current_ends
    stored = Stored(row.id, current.id, row.version, row.values)
    change.change(stored, {"end_date": last_day}, {"end_date": _text(last_day)}, "end")
    return current.id


def write(
    change: Change,
    case: Case,
    entry: CaseManagerEntry,
    read: ReadEntry,
    judgement: Judgement,
    stored: clients.CaseManager | None,
) -> str:
    """Insert the new one, or update `stored`; returns the public ID."""
    values: dict[str, Any] = {
        "service_line_id": case.line_ids[read.service_line],
        "clinician_id": case.clinician_ids[read.clinician],
        "for_clinician_id": case.clinician_ids.get(entry.for_clinician.strip()),
        "start_date": read.start,
        "end_date": read.end,
    }
    reason = read.reason or None
    told = values_of(read, entry)
    if judgement.leaves_uncovered:
        values |= {"uncovered_left_at": change.now, "uncovered_left_reason": reason}
        told |= {"uncovered_left_at": change.now.isoformat(), "uncovered_left_reason": reason}
    change = replace(change, reason=reason)
    if stored is None:
        return change.add({**values, "client_id": case.client_id}, told)[1]
    row = case.rows[stored.id]
    change.change(Stored(row.id, stored.id, row.version, row.values), values, told)
    return stored.id


def facts_after(
    case: Case, read: ReadEntry, entry: CaseManagerEntry, judgement: Judgement, saved: str, now: datetime
) -> clients.ClientFacts:
    """The client's facts as they stand after the save, so that they need not be read again."""
    assert read.period is not None
    assert case.chosen.clinician is not None
    before = case.by_id(saved)
    left_at = now if judgement.leaves_uncovered else before.uncovered_left_at if before else None
    kept = [cm for cm in case.facts.case_managers if cm.id != saved]
    if entry.end_current and judgement.current is not None:
        ended = replace(judgement.current, end=judgement.current_ends)
        kept = [ended if cm.id == ended.id else cm for cm in kept]
    added = clients.CaseManager(
        id=saved,
        service_line=read.service_line,
        clinician=case.chosen.clinician,
        for_clinician=case.chosen.for_clinician,
        start=read.period.start,
        end=read.period.end,
        uncovered_left_at=left_at,
    )
    ordered = sorted([*kept, added], key=lambda cm: cm.start)
    return replace(case.facts, case_managers=tuple(ordered))


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None

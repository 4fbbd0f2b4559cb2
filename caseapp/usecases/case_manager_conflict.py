"""Tell the second of two editors what the first has done."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain import words
from caseapp.domain.dates import day_of
from caseapp.domain.finding import Finding
from caseapp.domain.practice import Practice
from caseapp.models import AuditEvent
from caseapp.usecases.case_manager_facts import Case, Removed

_NAMES = {
    "service_line": "service line",
    "clinician": "case manager",
    "start_date": "start date",
    "end_date": "end date",
    "for_clinician": "stands in for",
}
_KEPT = "What you typed is still here"


def changed_meanwhile(
    session: Session, case: Case, public_id: str, version: int | None, practice: Practice
) -> Finding:
    """`conflict`: who changed what since the version on which the form was opened."""
    events = session.execute(
        select(AuditEvent.at, AuditEvent.actor, AuditEvent.before, AuditEvent.after)
        .where(AuditEvent.entity == "case_manager", AuditEvent.entity_id == public_id)
        .order_by(AuditEvent.id)
    ).all()
    since = [
        event for event in events if version is None or ((event.after or {}).get("version") or 0) > version
    ]
    if version is None or not since:
        return _conflict(f"This form does not say on which version it was opened. {_KEPT}: save again.")
    was, became = since[0].before or {}, since[-1].after or {}
    changes = [
        f"{name} from {_words(case, field, was.get(field))} to {_words(case, field, became.get(field))}"
        for field, name in _NAMES.items()
        if was.get(field) != became.get(field)
    ]
    who, when = since[-1].actor, _when(since[-1].at, practice)
    what = f": {', '.join(changes)}" if changes else ""
    return _conflict(
        f"{who[:1].upper()}{who[1:]} changed this case manager on {when}{what}. {_KEPT}: "
        "save again to put it in place of that, or cancel."
    )


def removed_meanwhile(removed: Removed, practice: Practice) -> Finding:
    """`conflict`: the case manager being edited was removed."""
    why = f" The reason given: {removed.reason}." if removed.reason else ""
    return _conflict(
        f"{removed.by[:1].upper()}{removed.by[1:]} removed this case manager on "
        f"{_when(removed.at, practice)}.{why} {_KEPT}; add a new one if it is still needed."
    )


def _conflict(message: str) -> Finding:
    return Finding("conflict", None, "error", message)


def _when(at: datetime, practice: Practice) -> str:
    return words.moment(at, practice.zone, day_of(at, practice.zone))


def _words(case: Case, field: str, value: str | None) -> str:
    if value is None:
        return "open" if field == "end_date" else "nobody"
    if field.endswith("_date"):
        return words.day(date.fromisoformat(value))
    clinician = case.clinicians.get(value) if field in ("clinician", "for_clinician") else None
    return clinician.name if clinician else value

"""The banners of the Clinical tab: each gap in words, with the buttons to the facts that mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from caseapp.domain import billing, words
from caseapp.domain import client as clients
from caseapp.domain.coverage_gap import TITLES, late_case_managers
from caseapp.domain.payor import primary_on
from caseapp.domain.practice import Practice

Opens = Literal["case_manager", "funding_source", "service_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """One gap. `mend` is the button's words, None where nothing is filled in for it.

    The button opens a form of the kind that `opens` names: of `case_manager` (a public ID), or of a new
    record from `start` on. `correct` are the words of a second button, to the fact itself: the enrollment of
    `clinician` (a public ID) with `payor` (a code), or without a payor that clinician's own form.
    """

    service_line: str
    code: str
    severity: str
    lead: str
    text: str
    mend: str | None = None
    start: date | None = None
    case_manager: str | None = None
    opens: Opens = "case_manager"
    correct: str | None = None
    clinician: str | None = None
    payor: str | None = None


_CHANGE = {"not_enrolled", "clinician_inactive", "npi_missing"}
_OPENS: dict[str, Opens] = {
    "no_primary_payor": "funding_source",
    "service_line_not_open": "service_line",
}
_FOLLOW = {"case_manager_ends", "enrollment_ends", "payor_changes", "clinician_leaves"}


def banner(
    gap: Any, names: Mapping[str, str], facts: clients.ClientFacts, today: date, practice: Practice
) -> Banner:
    """The banner of one kept finding; `names` are those of the service lines by code."""
    line, code, severity, mend_by, at_risk, message = gap
    lead = f"{names.get(line, line)}: {TITLES[code]}."
    said = f"{TITLES[code]}."
    parts = [message[len(said) :].strip() if message.lower().startswith(said) else message]
    if at_risk:
        parts.append(f"{words.count(at_risk, 'session')} at risk.")
    if mend_by and severity == "error" and mend_by < today:
        parts.append(f"Overdue since {words.short_day(mend_by, today)}.")
    elif mend_by and severity == "error" and code != "no_case_manager":
        parts.append(f"Mend by {words.short_day(mend_by, today)}.")
    if not any(parts):
        parts.append(_nobody(facts, line, today))
    mend, start, case_manager = _mend(line, code, mend_by, facts, today, practice)
    correct, clinician, payor = _correct(line, code, mend_by, facts, today)
    return Banner(
        service_line=line,
        code=code,
        severity=severity,
        lead=lead,
        text=" ".join(part for part in parts if part),
        mend=mend,
        start=start,
        case_manager=case_manager,
        opens=_OPENS.get(code, "case_manager"),
        correct=correct,
        clinician=clinician,
        payor=payor,
    )


def _nobody(facts: clients.ClientFacts, line: str, today: date) -> str:
    """What there is to say of a line that nobody covers and no session asks for yet."""
    coming = [cm for cm in facts.case_managers if cm.service_line == line and cm.start > today]
    if not coming:
        return "No session is in sight yet."
    first = min(coming, key=lambda cm: cm.start)
    return f"{first.clinician.name} starts on {words.short_day(first.start, today)}."


def _mend(
    line: str,
    code: str,
    mend_by: date | None,
    facts: clients.ClientFacts,
    today: date,
    practice: Practice,
) -> tuple[str | None, date | None, str | None]:
    """The button that mends a gap: words, start date, case manager to edit."""
    if code == "no_primary_payor":
        start = today if primary_on(facts.funding_sources, today) is None else mend_by
        return "Add primary payor", start, None
    if code == "service_line_not_open":
        return f"Open {line}", mend_by, None
    if code == "no_case_manager":
        # What is overdue gets no date: nobody is pushed to a false one.
        start = today if facts.receives(line, today) else mend_by
        return f"Assign {line} case manager", None if mend_by and mend_by < today else start, None
    if code in _CHANGE:
        current = facts.case_manager_on(line, today)
        good_today = current and not billing.errors_on(current.clinician, facts.funding_sources, today, today)
        return f"Change {line} case manager", mend_by if good_today else today, None
    if code in _FOLLOW and mend_by is not None:
        return f"Plan next {line} case manager", mend_by + timedelta(days=1), None
    if code == "starts_too_late" and (late := late_case_managers(facts, line, today, practice)):
        return f"Edit {line} case manager", None, late[0][0].id
    return None, None, None


def _correct(
    line: str, code: str, mend_by: date | None, facts: clients.ClientFacts, today: date
) -> tuple[str | None, str | None, str | None]:
    """The button to the fact itself where a clinician's is wrong: words, clinician, payor to enroll with."""
    if code not in _CHANGE:
        return None, None, None
    for day in (today, mend_by or today):
        cm = facts.case_manager_on(line, day)
        wrong = billing.errors_on(cm.clinician, facts.funding_sources, day, today) if cm else []
        if cm is None or code not in {finding.code for finding in wrong}:
            continue
        primary = primary_on(facts.funding_sources, day)
        if code == "not_enrolled" and primary:
            return f"Record enrollment of {cm.clinician.name}", cm.clinician.id, primary.payor.code
        return f"Edit {cm.clinician.name}", cm.clinician.id, None
    return None, None, None

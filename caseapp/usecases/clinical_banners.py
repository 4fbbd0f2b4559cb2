"""The banners of the Clinical tab: each gap in words, with the buttons to the facts that mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.domain import client as clients
from caseapp.domain import words
from caseapp.domain.coverage_gap import TITLES
from caseapp.domain.coverage_mending import Correction, Form
from caseapp.usecases.coverage_kept import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """One gap, the forms that mend it and that correct the fact, and whom it is about (a number)."""

    service_line: str
    code: str
    severity: str
    lead: str
    text: str
    form: Form | None
    correction: Correction | None
    clinician: str


def banner(gap: Kept, names: Mapping[str, str], facts: clients.ClientFacts, today: date) -> Banner:
    """The banner of one kept finding; `names` are those of the service lines by code."""
    line, code, mend_by, message = gap.service_line, gap.code, gap.mend_by, gap.message
    lead = f"{names.get(line, line)}: {TITLES[code]}."
    said = f"{TITLES[code]}."
    parts = [message[len(said) :].strip() if message.lower().startswith(said) else message]
    if gap.at_risk:
        parts.append(f"{words.count(gap.at_risk, 'session')} at risk.")
    if mend_by and gap.severity == "error" and mend_by < today:
        parts.append(f"Overdue since {words.short_day(mend_by, today)}.")
    elif mend_by and gap.severity == "error" and code != "no_case_manager":
        parts.append(f"Mend by {words.short_day(mend_by, today)}.")
    if not any(parts):
        parts.append(_nobody(facts, line, today))
    return Banner(
        service_line=line,
        code=code,
        severity=gap.severity,
        lead=lead,
        text=" ".join(part for part in parts if part),
        form=gap.form(today),
        correction=gap.correction(),
        clinician=gap.clinician_number or "",
    )


def _nobody(facts: clients.ClientFacts, line: str, today: date) -> str:
    """What there is to say of a line that nobody covers and no session asks for yet."""
    coming = [cm for cm in facts.case_managers if cm.service_line == line and cm.start > today]
    if not coming:
        return "No session is in sight yet."
    first = min(coming, key=lambda cm: cm.start)
    return f"{first.clinician.name} starts on {words.short_day(first.start, today)}."

"""Which form mends a coverage gap, and what is filled in: for banners, lists and whatever links to it.

Source: docs/domain.md, *Coverage gaps*. Everything is told from what is kept of a finding, and the day asked.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseapp.domain.coverage_about import About
from caseapp.domain.interim_return import HAND_OVER, first_day
from caseapp.domain.words import short_day

Opens = Literal["case_manager", "funding_source", "service_line", "appointment"]
CHANGE = {"not_enrolled", "clinician_inactive", "npi_missing"}
FOLLOW = {"case_manager_ends", "enrollment_ends", "payor_changes", "clinician_leaves"}
_ENROLL = {"not_enrolled", "enrollment_ends", "payor_changes", "secondary_not_enrolled"}
_CORRECT = {"clinician_inactive", "npi_missing", "clinician_leaves"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form that mends a gap: `words` of its button, `short` where client and line stand beside it.

    It edits `case_manager` (a public ID), or makes a new record of the kind that `opens` names, from `start`
    on (None: no day is proposed). `suggests`: the best candidate is to be filled in. `hands_over_on` is the
    day from which the case manager that is edited is replaced by the clinician whom the gap is about.
    """

    words: str
    short: str
    service_line: str
    opens: Opens = "case_manager"
    start: date | None = None
    case_manager: str = ""
    suggests: bool = False
    hands_over_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The form of the fact itself: an enrollment of `clinician` with `payor`, or the clinician's own form."""

    words: str
    clinician: str
    payor: str = ""


def form_for(line: str, code: str, mend_by: date | None, about: About, on: date) -> Form | None:
    """The form that mends a gap asked on a day; None where no single one does."""
    start = about.begins or on
    manager = f"{line} case manager"
    if code == "no_primary_payor":
        return Form(
            words="Add primary payor",
            short="Add payor",
            service_line=line,
            opens="funding_source",
            start=start,
        )
    if code == "service_line_not_open":
        return Form(
            words=f"Open {line}", short=f"Open {line}", service_line=line, opens="service_line", start=start
        )
    if code == "no_case_manager":
        # What is overdue gets no date: nobody is pushed to a false one.
        overdue = mend_by is not None and mend_by < on
        return Form(
            words=f"Assign {manager}",
            short="Assign",
            service_line=line,
            start=None if overdue else start,
            suggests=True,
        )
    if code in CHANGE:
        return Form(words=f"Change {manager}", short="Change", service_line=line, start=start, suggests=True)
    if code in FOLLOW:
        return Form(
            words=f"Plan next {manager}", short="Plan next", service_line=line, start=start, suggests=True
        )
    if code == "starts_too_late":
        return Form(words=f"Edit {manager}", short="Edit", service_line=line, case_manager=about.case_manager)
    if code == "monthly_care_missed":
        return Form(
            words=f"Add {line} appointment", short="Add visit", service_line=line, opens="appointment"
        )
    if code == HAND_OVER:
        day = first_day(about.begins, on)
        return Form(
            words=f"Hand over from {short_day(day, on)}",
            short="Hand over",
            service_line=line,
            case_manager=about.case_manager,
            hands_over_on=day,
        )
    return None


def correction_for(code: str, about: About, clinician_name: str) -> Correction | None:
    """The form of the fact that is wrong, where it is a clinician's."""
    if not about.clinician:
        return None
    if code in _ENROLL and about.payor:
        return Correction(
            words=f"Record enrollment of {clinician_name}", clinician=about.clinician, payor=about.payor
        )
    if code in _CORRECT:
        return Correction(words=f"Edit {clinician_name}", clinician=about.clinician)
    return None

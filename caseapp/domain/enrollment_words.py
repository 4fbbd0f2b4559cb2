"""How a clinician stands with a payor, in the few words of a table's cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caseapp.domain import words
from caseapp.domain.coverage_day import LOOK_AHEAD
from caseapp.domain.enrollment import Enrollment, EnrollmentStatus, enrolled_until, standing
from caseapp.domain.period import OPEN

STATUS_WORDS: dict[EnrollmentStatus, str] = {
    "not_started": "not started",
    "in_process": "in process",
    "approved": "approved",
    "denied": "denied",
    "terminated": "terminated",
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is ok, warning, error or neutral, as badges have it; `until` is there where an end is known."""

    kind: str
    text: str
    enrolled: bool = False
    until: date | None = None


def cell(enrollments: Iterable[Enrollment], payor: str, today: date) -> Cell:
    """Enrolled; until 30 Jun; applied on 3 Feb; denied; –, where nothing is recorded."""
    known = [enrollment for enrollment in enrollments if enrollment.payor == payor]
    if not known:
        return Cell("neutral", NOTHING)
    until = enrolled_until(known, payor, today)
    if until is None:
        text = standing(known, payor, today, today).removesuffix(", in process")
        text = "not started" if all(e.status == "not_started" for e in known) else text
        return Cell("error" if text == "denied" else "warning", text)
    if until == OPEN:
        return Cell("ok", "enrolled", True)
    kind = "warning" if until <= today + LOOK_AHEAD else "ok"
    return Cell(kind, f"until {words.day_and_month(until, today)}", True, until)

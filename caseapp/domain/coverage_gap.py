"""A coverage gap: what it is called, how urgent it is, and where it stands among those of all clients.

Source: docs/domain.md, *Coverage gaps*.
"""

from dataclasses import dataclass
from datetime import date

from caseapp.domain.coverage_about import NOTHING, About
from caseapp.domain.finding import Severity

TITLES = {
    "service_line_not_open": "service line not open",
    "no_case_manager": "no case manager",
    "clinician_inactive": "case manager not active",
    "npi_missing": "NPI missing",
    "not_enrolled": "not enrolled",
    "no_primary_payor": "no primary payor",
    "starts_too_late": "starts too late",
    "secondary_not_enrolled": "secondary not enrolled",
    "case_manager_ends": "case manager ends",
    "enrollment_ends": "enrollment ends",
    "payor_changes": "payor changes",
    "clinician_leaves": "clinician leaves",
    "monthly_care_missed": "monthly care missed",
    "hand_over": "hand-over possible",
}
"""Every code in the order of the domain page, with the words of its badge."""

ORDER = {code: place for place, code in enumerate(TITLES)}
RANK: dict[str, int] = {"error": 0, "warning": 1, "information": 2}


@dataclass(frozen=True, slots=True)
class Gap:
    """One coverage gap of one service line; `at_risk` counts sessions, `mend_by` None is not known.

    The information `hand_over` is kept and shown like a gap, and is none: see domain/interim_return.py.
    """

    service_line: str
    code: str
    severity: Severity
    mend_by: date | None
    at_risk: int
    message: str
    about: About = NOTHING

    @property
    def order(self) -> tuple[int, date, int, str, int]:
        """Errors first, then mend-by (empty last), at risk (more first), service line, the page's order."""
        return (
            RANK[self.severity],
            self.mend_by or date.max,
            -self.at_risk,
            self.service_line,
            ORDER[self.code],
        )

    def place(self, client_number: str) -> str:
        """A text that sorts the gaps of all clients like `order`, with the client number before the line."""
        return place_of(
            self.severity, self.mend_by, self.at_risk, client_number, self.service_line, self.code
        )


def place_of(
    severity: Severity, mend_by: date | None, at_risk: int, client_number: str, line: str, code: str
) -> str:
    """Where a gap stands among those of all clients, as a text that sorts by code point."""
    beginning = f"{RANK[severity]}{mend_by or date.max}{_MOST - at_risk:08}"
    return f"{beginning}{client_number}\x01{line}\x01{ORDER[code]:02}"


def place_from(severity: Severity, mend_by: date) -> str:
    """Where the findings of a severity stand that are to be mended on that day or later, or by no day."""
    return f"{RANK[severity]}{mend_by}"


_MOST = 99_999_999

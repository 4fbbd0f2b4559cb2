"""Coverage gaps as CSV: the columns of `caseapp check`, the first session at risk, and what it is about."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from caseapp.formats.spreadsheet import spreadsheet_csv


class GapLine(NamedTuple):
    """One gap; the names of the fields are the heading. `first_session` has the offset of the practice."""

    client_number: str
    service_line: str
    code: str
    severity: str
    mend_by: date | None
    at_risk: int
    first_session: datetime | None
    clinician_number: str | None
    payor_id: str | None


def gap_csv(lines: Iterable[GapLine]) -> Iterator[str]:
    """The file in parts."""
    return spreadsheet_csv(GapLine._fields, lines)

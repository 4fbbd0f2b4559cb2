"""What is on record as CSV for a spreadsheet, without formulas."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from caseapp.formats.spreadsheet import spreadsheet_csv


class AuditLine(NamedTuple):
    """One event; the names of the fields are the heading. `at` has the offset of the practice."""

    at: datetime
    who: str
    what: str
    client_number: str
    details: str
    reason: str


def audit_csv(lines: Iterable[AuditLine]) -> Iterator[str]:
    """The file in parts."""
    return spreadsheet_csv(AuditLine._fields, lines)

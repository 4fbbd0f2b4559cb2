"""Sessions as CSV for a biller, who opens it in a spreadsheet: UTF-8, LF, one heading."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from caseapp.formats.spreadsheet import spreadsheet_csv


class BillerLine(NamedTuple):
    """One session; the names of the fields are the heading."""

    client_number: str
    service_line: str
    date: date
    appointment_number: str
    minutes: int
    payor: str
    clinician: str
    npi: str


def biller_csv(lines: Iterable[BillerLine]) -> str:
    """The whole file."""
    return "".join(spreadsheet_csv(BillerLine._fields, lines))

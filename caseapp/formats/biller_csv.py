"""Sessions as CSV for a biller, who opens it in a spreadsheet: UTF-8, LF, one heading."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """The whole file. What a spreadsheet would take for a formula is quoted with an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(BillerLine._fields)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return stream.getvalue()


def _cell(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

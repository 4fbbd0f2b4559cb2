"""Tables as CSV for people who open them in a spreadsheet: UTF-8, LF, one heading, and no formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from caseapp.formats.formula import quoted

_ROWS_AT_ONCE = 500


def spreadsheet_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file in parts. What a spreadsheet would take for a formula is quoted with an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heading)
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(value) for value in row])
        if number % _ROWS_AT_ONCE == 0:
            yield stream.getvalue()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue()


def cell(value: object) -> str:
    """The text of a value; None is empty."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return quoted(text)

"""Text that a spreadsheet would take for a formula: an apostrophe makes it text, and is no part of it.

Text that begins with apostrophes and then so gets one more, so that what is read is what was written.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


def quoted(text: str) -> str:
    """The cell that says `text`; begins with an apostrophe where that alone would be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unquoted(cell: str) -> str:
    """What a cell says; a formula that was not quoted is its own text, and is never worked out."""
    return cell[1:] if _QUOTED.match(cell) else cell

"""What a rule says of a value."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule, warning or piece of information.

    `code` is a name of docs/domain.md, `field` the form field it stands beside (None: the whole form),
    `message` a sentence that says what to do, `short` the same in two or three words for a list or a badge.
    """

    code: str
    field: str | None
    severity: Severity
    message: str
    short: str = ""

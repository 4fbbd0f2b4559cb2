"""Read the texts of a form into values, gathering a finding for each that cannot be one."""

import unicodedata
from collections.abc import Mapping
from datetime import date

from caseapp.domain.dates import parse_date
from caseapp.domain.finding import Finding

LONGEST_NAME = 200
LONGEST_NUMBER = 100
LONGEST_NOTE = 10_000
_LINES = "\n\t"


def is_text(text: str, allowed: str = "") -> bool:
    """It holds no control character but the allowed ones, and no half of a character.

    Only such text is stored, and only for such text may a database be asked.
    """
    return text.isprintable() or not any(
        unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text
    )


def askable(text: str) -> str:
    """What a database is asked for: what it could not hold is equal to nothing."""
    return text if is_text(text) else ""


class EntryReader:
    """`texts` are the fields as they were typed, `labels` what each is called inside a sentence.

    A field that cannot be read answers like an empty one; `findings` then say why. What is accepted can also
    stand in a practice file (docs/data-formats.md).
    """

    def __init__(self, texts: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self.texts = texts
        self.labels = labels
        self.findings: list[Finding] = []

    def refuse(self, code: str, field: str, message: str) -> None:
        self.findings.append(Finding(code, field, "error", message))

    def refused(self, field: str) -> bool:
        return any(finding.field == field for finding in self.findings)

    def text(self, field: str, *, limit: int = LONGEST_NAME, required: str = "") -> str:
        """One line of text, without blanks around it. `required` is the sentence where it is empty."""
        return self._text(field, self.texts[field].strip(), limit, required, "")

    def note(self, field: str, *, limit: int = LONGEST_NOTE) -> str:
        """Text of several lines; browsers end them with two characters, of which one is kept."""
        typed = self.texts[field].replace("\r\n", "\n").replace("\r", "\n").strip()
        return self._text(field, typed, limit, "", _LINES)

    def _text(self, field: str, typed: str, limit: int, required: str, allowed: str) -> str:
        label = self.labels[field]
        if not typed:
            if required:
                self.refuse("required", field, required)
            return ""
        if len(typed) > limit:
            self.refuse(
                "too_long",
                field,
                f"The {label} has {len(typed):,} characters; at most {limit:,} are kept. Shorten it.",
            )
            return ""
        if not is_text(typed, allowed):
            self.refuse(
                "not_text",
                field,
                f"The {label} holds a character that is not text. Type it without that one.",
            )
            return ""
        return typed

    def day(self, field: str, *, required: str = "") -> date | None:
        typed = self.texts[field].strip()
        if not typed:
            if required:
                self.refuse("required", field, required)
            return None
        try:
            return parse_date(typed)
        except ValueError:
            self.refuse(
                "invalid_date",
                field,
                f"The {self.labels[field]} is not a date between 1900 and 2100. "
                "Enter it as year-month-day, for example 2026-11-23.",
            )
            return None

    def whole(self, field: str, lowest: int, highest: int) -> int | None:
        """A whole number; None where the field is empty."""
        typed = self.texts[field].strip()
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and len(typed) <= 9 and lowest <= int(typed) <= highest:
            return int(typed)
        self.refuse(
            "invalid_number",
            field,
            f"The {self.labels[field]} is not a whole number from {lowest} to {highest:,}. "
            "Enter one, or leave it empty.",
        )
        return None

    def in_order(self, start: str, first: date | None, end: str, last: date | None, else_words: str) -> None:
        """`end_before_start`: the last day lies before the first."""
        if first is not None and last is not None and last < first:
            self.refuse(
                "end_before_start",
                end,
                f"The {self.labels[end]} lies before the {self.labels[start]}. {else_words}",
            )

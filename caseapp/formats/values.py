"""Cells to values and back: one class for each kind of column.

Each kind reads one cell with `parse` (ValueError with a sentence) and a whole column of a block with
`parse_all`, which does the same at the speed of C and may raise for any of the cells; the caller then asks
cell by cell which it was. `write` is the way back, such that parse(write(value)) == value.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

from caseapp.domain.dates import parse_date
from caseapp.formats.formula import quoted, unquoted

LONGEST_FIELD = 10_000
_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 40
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_REFUSED_IN_NOTES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Kind(Protocol):
    """What a column can hold: None, str, int, bool, date, aware datetime (moment.py) or a tuple of codes."""

    def parse(self, text: str) -> Any: ...
    def parse_all(self, texts: Sequence[str]) -> Sequence[Any]: ...
    def write(self, value: Any) -> str: ...


def shown(text: str) -> str:
    """A cell as it can stand inside a sentence: quoted, shortened, control characters spelled out."""
    clean = text if len(text) <= 40 else text[:40] + "…"
    return "'" + _REFUSED.sub(lambda match: f"\\x{ord(match.group()):02x}", clean) + "'"


def _refused_character(match: re.Match[str]) -> ValueError:
    code = ord(match.group())
    what = "half of a character (a lone surrogate)" if code >= 0xD800 else "a control character"
    return ValueError(f"Holds {what}, U+{code:04X}; take it out.")


def _too_long(limit: int) -> ValueError:
    return ValueError(f"Is longer than {limit:,} characters.")


class Text:
    """Words of people, kept exactly as typed; only characters that no name or note can hold are refused.

    `blank` is the value of an empty cell.
    """

    def __init__(
        self, *, limit: int = 200, required: bool = False, lines: bool = False, blank: str | None = None
    ) -> None:
        self.limit = limit
        self.required = required
        self.blank = blank
        self.refused = _REFUSED_IN_NOTES if lines else _REFUSED

    def parse(self, text: str) -> str | None:
        text = unquoted(text)
        if len(text) > self.limit:
            raise _too_long(self.limit)
        if match := self.refused.search(text):
            raise _refused_character(match)
        if self.required and not text.strip():
            raise ValueError("Must be filled.")
        return text or self.blank

    def parse_all(self, texts: Sequence[str]) -> Sequence[str | None]:
        joined = "".join(texts)
        if max(map(len, texts), default=0) > self.limit or self.refused.search(joined):
            raise ValueError
        if "'" in joined:
            texts = list(map(unquoted, texts))
        if self.required:
            if not all(map(str.strip, texts)):
                raise ValueError
            return texts
        return [text or self.blank for text in texts]

    def write(self, value: str | None) -> str:
        return quoted(value) if value else ""


class Code(Text):
    """A key or number that the practice gave: the blanks around it do not count."""

    def parse(self, text: str) -> str | None:
        if len(text) > LONGEST_FIELD:
            raise _too_long(LONGEST_FIELD)
        return super().parse(text.strip())

    def parse_all(self, texts: Sequence[str]) -> Sequence[str | None]:
        if max(map(len, texts), default=0) > LONGEST_FIELD:
            raise ValueError
        return super().parse_all(list(map(str.strip, texts)))


class _Memory(dict[str, Any]):
    """Parses each spelling once; forgets all of them when there are too many."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> Any:
        value = self.parse(text)
        if len(self) >= _REMEMBERED:
            self.clear()
        if len(text) <= _LONGEST_REMEMBERED:
            self[text] = value
        return value


class Remembering:
    """A kind with few different spellings: dates, choices, numbers."""

    def __init__(self, *, required: bool) -> None:
        self.required = required
        self._memory = _Memory(self.parse)

    def parse(self, text: str) -> Any:
        if len(text) > LONGEST_FIELD:
            raise _too_long(LONGEST_FIELD)
        typed = text.strip()
        if typed:
            return self.read(typed)
        if self.required:
            raise ValueError("Must be filled.")
        return None

    def parse_all(self, texts: Sequence[str]) -> Sequence[Any]:
        return list(map(self._memory.__getitem__, texts))

    def read(self, typed: str) -> Any:
        raise NotImplementedError


class Choice(Remembering):
    """One of a few words."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(required=True)
        self.words = words

    def read(self, typed: str) -> str:
        if typed not in self.words:
            raise ValueError(f"{shown(typed)} is not one of {', '.join(self.words)}.")
        return typed

    def write(self, value: str) -> str:
        return value


class Flag(Remembering):
    """true or false; spreadsheets write them in capitals. `blank` is what an empty cell says, if anything."""

    def __init__(self, *, blank: bool | None = None) -> None:
        super().__init__(required=blank is None)
        self.blank = blank

    def parse(self, text: str) -> bool | None:
        value: bool | None = super().parse(text)
        return self.blank if value is None else value

    def read(self, typed: str) -> bool:
        word = typed.lower()
        if word not in ("true", "false"):
            raise ValueError(f"{shown(typed)} is neither true nor false.")
        return word == "true"

    def write(self, value: bool) -> str:
        return "true" if value else "false"


class Day(Remembering):
    """A calendar date, ISO, 1900 to 2100."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required)

    def read(self, typed: str) -> date:
        try:
            return parse_date(typed)
        except ValueError:
            raise ValueError(
                f"{shown(typed)} is not a date from 1900 to 2100; write it like 2026-11-24."
            ) from None

    def write(self, value: date | None) -> str:
        return "" if value is None else value.isoformat()


class Whole(Remembering):
    """A whole number within bounds."""

    def __init__(self, lowest: int, highest: int, *, required: bool = False) -> None:
        super().__init__(required=required)
        self.lowest = lowest
        self.highest = highest

    def read(self, typed: str) -> int:
        if (
            len(typed) <= 9
            and typed.isascii()
            and typed.isdigit()
            and self.lowest <= int(typed) <= self.highest
        ):
            return int(typed)
        raise ValueError(f"{shown(typed)} is not a whole number from {self.lowest} to {self.highest:,}.")

    def write(self, value: int | None) -> str:
        return "" if value is None else str(value)


class Codes(Remembering):
    """Several codes in one cell, `ABA;ST`; their order and doubles do not count."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(required=False)
        self.code = Code(limit=limit, required=True)

    def parse(self, text: str) -> tuple[str, ...]:
        return super().parse(text) or ()

    def read(self, typed: str) -> tuple[str, ...]:
        codes = (self.code.parse(part) for part in typed.split(";") if part.strip())
        return tuple(sorted({code for code in codes if code}))

    def write(self, value: tuple[str, ...]) -> str:
        return ";".join(map(quoted, value))

"""CSV files as rows with their line numbers, streamed: memory does not grow with the file.

What cannot be read as a whole (not UTF-8, a quote that never closes, no heading) is an UnreadableFileError
with the line where it shows.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Protocol

from caseapp.formats.problem import Problem, UnreadableFileError
from caseapp.formats.row_parser import Row

_CHUNK = 1 << 18
_LONGEST_LINE = 1 << 22
# A module setting of the interpreter; beyond it lies either an attack or a quote that never closes.
csv.field_size_limit(1 << 17)


class Bytes(Protocol):
    def read(self, size: int, /) -> bytes: ...


class CsvRows:
    """Iterates over (line, cells). `heading` is read at once; `position` is the bytes taken so far."""

    def __init__(self, file: str, stream: Bytes) -> None:
        self.file = file
        self.position = 0
        self._stream = stream
        self._line = 0
        self._reader = csv.reader(self._text_lines(), strict=True)
        heading = next(self._rows(), None)
        if heading is None:
            raise self._unreadable("The file is empty; it needs at least a heading.")
        self.heading = list(heading[1])

    def __iter__(self) -> Iterator[Row]:
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        reader = self._reader
        line = reader.line_num
        try:
            for row in reader:
                if row:
                    yield line + 1, row
                line = reader.line_num
        except csv.Error as error:
            raise self._unreadable(_in_words(str(error)), line + 1) from None

    def _text_lines(self) -> Iterator[str]:
        rest = b""
        lines = 0
        while chunk := self._stream.read(_CHUNK):
            if not self.position:
                chunk = self._without_mark(chunk)
            self.position += len(chunk)
            rest += chunk
            cut = rest.rfind(b"\n") + 1
            if not cut:
                if len(rest) > _LONGEST_LINE:
                    raise self._unreadable(f"The line is longer than {_LONGEST_LINE:,} bytes.", lines + 1)
                continue
            text = self._decoded(rest[:cut], lines)
            yield from io.StringIO(text, newline="\n")
            lines += text.count("\n")
            rest = rest[cut:]
        if rest:
            yield self._decoded(rest, lines)

    def _without_mark(self, chunk: bytes) -> bytes:
        if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self._unreadable("The file is UTF-16; save it as CSV in UTF-8.")
        if chunk.startswith(b"PK\x03\x04"):
            raise self._unreadable(
                "The file is a workbook, not CSV; name it .xlsx or save its sheets as CSV."
            )
        return chunk.removeprefix(codecs.BOM_UTF8)

    def _decoded(self, data: bytes, lines: int) -> str:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = lines + data.count(b"\n", 0, error.start) + 1
            byte = data[error.start]
            sentence = f"The byte 0x{byte:02X} is not UTF-8; save the file as CSV in UTF-8."
            raise self._unreadable(sentence, line) from None
        zero = text.find("\0")
        if zero >= 0:
            line = lines + text.count("\n", 0, zero) + 1
            raise self._unreadable("Holds a NUL byte; the file is damaged or not text.", line)
        return text

    def _unreadable(self, sentence: str, line: int | None = None) -> UnreadableFileError:
        return UnreadableFileError(Problem(self.file, sentence, line))


def _in_words(error: str) -> str:
    if "unexpected end of data" in error:
        return "A quotation mark opens here and never closes; the file may be cut off."
    if "expected after" in error:
        return "Text stands after a closing quotation mark; double the marks inside a field."
    if "field larger" in error:
        return "A field is longer than 10,000 characters; a quotation mark may be missing."
    if "new-line character" in error:
        return "A lone carriage return stands outside quotation marks; save the file with usual line ends."
    return f"Cannot be read as CSV: {error}."

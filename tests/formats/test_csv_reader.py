"""CSV files are read in bounded memory, with the line of whatever is wrong."""

import io

import pytest

from caseapp.formats.csv_reader import CsvRows
from caseapp.formats.problem import UnreadableFileError


def rows(data: bytes) -> list[tuple[int, list[str]]]:
    return [(line, list(row)) for line, row in CsvRows("clients.csv", io.BytesIO(data))]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_a_file_may_have_a_mark_either_line_end_and_no_last_one(mark: bytes, end: bytes, last: bytes) -> None:
    data = mark + end.join([b"a,b", b"1,L\xc3\xa9a"]) + last
    read = CsvRows("clients.csv", io.BytesIO(data))

    assert read.heading == ["a", "b"]
    assert [(line, list(row)) for line, row in read] == [(2, ["1", "Léa"])]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    data = b'a,b\n"two\nlines",x\n\n"three\r\n\r\nlines",y\nlast,z\n'

    assert rows(data) == [(2, ["two\nlines", "x"]), (5, ["three\r\n\r\nlines", "y"]), (8, ["last", "z"])]


def test_line_ends_that_only_unicode_knows_end_no_line() -> None:
    assert rows("a\nx\u2028y\x0bz\n".encode()) == [(2, ["x\u2028y\x0bz"])]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "clients.csv: The file is empty; it needs at least a heading."),
        (b"\n\n", "clients.csv: The file is empty"),
        (b"\xef\xbb\xbf", "clients.csv: The file is empty"),
        (b"a,b\n1,L\xe9a\n", "clients.csv:2: The byte 0xE9 is not UTF-8"),
        (b"a,b\n1,2\n3,\xc3", "clients.csv:3: The byte 0xC3 is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "clients.csv: The file is UTF-16"),
        (b"PK\x03\x04rest", "clients.csv: The file is a workbook"),
        (b"a,b\n1,2\n3,\x00\n", "clients.csv:3: Holds a NUL byte"),
        (b'a,b\n1,2\n3,"open\n4,5\n', "clients.csv:3: A quotation mark opens here and never closes"),
        (b'a,b\n"1" x,2\n', "clients.csv:2: Text stands after a closing quotation mark"),
        (b"a,b\r1,2\r", "clients.csv:1: A lone carriage return"),
        (b'a\n"' + b"x" * 200_000 + b'"\n', "clients.csv:2: A field is longer than 10,000 characters"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        rows(data)

    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)


class Endless:
    """A line that never ends."""

    def __init__(self, start: bytes) -> None:
        self.start = start
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        data, self.start = self.start, b""
        return data or b"x" * size


@pytest.mark.parametrize("start", [b"a,b\n1,", b'a,b\n1,"', b""])
def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory(start: bytes) -> None:
    stream = Endless(start)
    with pytest.raises(UnreadableFileError):
        list(CsvRows("clients.csv", stream))

    assert stream.given < 10_000_000


def test_the_position_moves_to_the_end() -> None:
    data = b"a,b\n" + b"1,2\n" * 200_000
    read = CsvRows("clients.csv", io.BytesIO(data))
    assert read.position < len(data)

    assert sum(1 for _row in read) == 200_000
    assert read.position == len(data)

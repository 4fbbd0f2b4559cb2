"""No cell is a formula, and what is read is what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.formats.formula import quoted, unquoted
from caseapp.formats.spreadsheet import cell
from caseapp.formats.values import Code, Codes, Text

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
texts = st.text(alphabet="'=+-@\t\ra1 ;", max_size=8)


@given(texts)
def test_no_cell_begins_as_a_formula_and_each_says_what_was_meant(text: str) -> None:
    assert not quoted(text).startswith(BEGINNINGS)
    assert unquoted(quoted(text)) == text
    assert cell(text) == quoted(text)


@pytest.mark.parametrize("text", ["O'Hara", "'s-Gravenhage", "7", "", "a=b", "'"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert quoted(text) == unquoted(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-5", "@SUM(A1)", "'=1", "''-"])
def test_a_practice_file_has_no_formula_and_comes_back_unchanged(text: str) -> None:
    for kind in (Text(), Text(required=True), Text(lines=True), Code(limit=20), Code(required=True)):
        written = kind.write(text)
        assert not written.startswith(BEGINNINGS)
        assert kind.parse(written) == text
        assert list(kind.parse_all([written, "O'Hara"])) == [text, "O'Hara"]
    codes = Codes(limit=20)
    assert codes.parse(codes.write((text, "ZZZ"))) == (text, "ZZZ")


def test_a_formula_of_others_is_taken_as_its_text() -> None:
    assert Text().parse("=1+1") == "=1+1"
    assert Text(limit=4).parse("'=1+1") == "=1+1"

"""What is text, and what a database may be asked for."""

import pytest

from caseapp.domain.entry_reader import askable, is_text


@pytest.mark.parametrize(
    "text", ["", "O'Hara", "李", "soft\u00adhyphen", "\ufeffmark", "👩‍👧", "line\u2028separator"]
)
def test_what_can_be_stored_is_text_seen_or_not(text: str) -> None:
    assert is_text(text)
    assert askable(text) == text


@pytest.mark.parametrize("text", ["nul\x00", "bell\x07", "next\x85line", "new\nline", "half \ud800"])
def test_what_cannot_be_stored_is_asked_for_as_nothing(text: str) -> None:
    assert not is_text(text)
    assert askable(text) == ""


def test_a_note_may_have_lines_and_nothing_else_besides() -> None:
    assert is_text("two\n\tlines", "\n\t")
    assert not is_text("two\n\rlines", "\n\t")

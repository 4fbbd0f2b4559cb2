import pytest

from caseapp.forms.client_search import read_search, write_place
from caseapp.usecases.client_list import Question


def test_nothing_sent_asks_for_the_active_clients() -> None:
    assert read_search({}, with_words=True).question == Question("", "active", "", "", None, None)


def test_what_is_sent_becomes_the_question() -> None:
    sent = {"q": "lea", "status": "", "service_line": " ABA ", "clinician": "S-1", "after": "7~hartmann lea"}

    read = read_search(sent, with_words=True)

    assert read.question == Question("lea", "", "ABA", "S-1", ("hartmann lea", 7), None)
    assert read.filtered


def test_an_address_gives_the_filters_alone() -> None:
    sent = {"q": "lea", "status": "on_hold", "after": "7~hartmann", "before": "7~hartmann"}

    read = read_search(sent, with_words=False)

    assert (read.q, read.question) == ("", Question("", "on_hold"))
    assert not read.filtered


def test_a_place_goes_into_a_button_and_comes_back() -> None:
    place = ("o~hara wren", 12)

    assert read_search({"before": write_place(place)}, with_words=True).question.before == place


@pytest.mark.parametrize("text", ["", "7", "~a", "x~a", "7~\x00", "7~a\nb", "2147483648~a", "7~" + "a" * 201])
def test_a_place_that_nobody_wrote_is_the_beginning(text: str) -> None:
    assert read_search({"after": text}, with_words=True).question.after is None


@pytest.mark.parametrize("text", ["a\x00", "a" * 101, "\ud800"])
def test_a_filter_that_cannot_be_is_none(text: str) -> None:
    assert read_search({"clinician": text, "status": text}, with_words=True).question == Question()

from caseapp.usecases.client_list_query import readings_of


def test_a_word_that_another_begins_with_asks_nothing_more() -> None:
    assert readings_of([[("ann",)], [("anna",)]]) == [["anna"]]


def test_readings_that_ask_the_same_are_one() -> None:
    words: list[list[tuple[str, ...]]] = [[("hara",), ("hara",)], [("o", "hara"), ("ohara",)]]

    assert readings_of(words) == [["hara", "o"], ["ohara", "hara"]]


def test_of_a_search_of_many_readings_the_first_four_are_asked() -> None:
    words: list[list[tuple[str, ...]]] = [[(f"{letter}1",), (f"{letter}2",)] for letter in "abcd"]

    assert len(readings_of(words)) == 4

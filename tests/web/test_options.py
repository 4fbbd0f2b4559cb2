"""The options of a filter's list."""

from caseapp.web.options import options

PAIRS = [("ABA", "ABA"), ("ST", "Speech <therapy>")]


def test_nothing_chosen_is_any() -> None:
    assert options(PAIRS, "") == (
        '<option value="">Any</option>\n<option value="ABA">ABA</option>\n'
        '<option value="ST">Speech &lt;therapy&gt;</option>'
    )


def test_the_chosen_one_is_marked() -> None:
    assert '<option value="ST" selected>' in options(PAIRS, "ST")
    assert options(PAIRS, "ST").count("selected") == 1


def test_a_choice_that_is_none_of_them_is_kept_as_text() -> None:
    assert options(PAIRS, '"><b>').endswith(
        '<option value="&#34;&gt;&lt;b&gt;" selected>&#34;&gt;&lt;b&gt;</option>'
    )


def test_the_empty_option_has_its_own_words() -> None:
    assert options((), "", "All") == '<option value="">All</option>'

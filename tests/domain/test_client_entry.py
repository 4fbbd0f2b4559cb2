"""Reading and judging what is typed of a client."""

from datetime import date

import pytest

from caseapp.domain.client_entry import ClientEntry, ClientJudgement, Holder, judge_client

TODAY = date(2026, 11, 22)
GOOD = {"number": "C-1", "last_name": "Doe", "first_name": "Bee"}


def judged(*holders: Holder, **typed: str) -> ClientJudgement:
    return judge_client(ClientEntry(**GOOD | typed), holders, TODAY, free_number="C-9")


def told(judgement: ClientJudgement) -> list[tuple[str | None, str]]:
    return [(finding.field, finding.code) for finding in judgement.errors]


def test_number_and_both_names_are_enough() -> None:
    judgement = judged()

    assert judgement.errors == ()
    assert judgement.values.told == {
        **GOOD,
        "preferred_name": None,
        "date_of_birth": None,
        "external_id": None,
    }


def test_what_is_missing_is_told_all_at_once() -> None:
    assert told(judged(number=" ", last_name="", first_name="")) == [
        ("number", "required"),
        ("last_name", "required"),
        ("first_name", "required"),
    ]


def test_a_birth_date_in_the_future_is_refused_in_one_sentence() -> None:
    (finding,) = judged(date_of_birth="2026-11-23").errors

    assert (finding.field, finding.code) == ("date_of_birth", "in_future")
    assert finding.message.startswith("The date of birth, 23 Nov 2026, lies in the future.")
    assert judged(date_of_birth="2026-11-22").errors == ()


@pytest.mark.parametrize("typed", ["1899-12-31", "2019-02-30", "yesterday"])
def test_a_birth_date_is_a_real_one_since_1900(typed: str) -> None:
    assert told(judged(date_of_birth=typed)) == [("date_of_birth", "invalid_date")]


def test_a_name_of_ten_thousand_characters_is_told_with_its_length() -> None:
    (finding,) = judged(last_name="x" * 10_000).errors

    assert finding.code == "too_long"
    assert "10,000 characters" in finding.message


def test_a_doubled_number_tells_whose_it_is_and_which_is_free() -> None:
    (finding,) = judged(Holder(number="C-1", external_id=None, name="Milo Harper")).errors

    assert (finding.field, finding.code) == ("number", "taken")
    assert finding.message == "C-1 is the number of Milo Harper. Choose another. C-9 is free."


def test_a_doubled_external_id_tells_whose_it_is() -> None:
    (finding,) = judged(Holder(number="C-2", external_id="E7", name="Milo Harper"), external_id="E7").errors

    assert (finding.field, finding.code) == ("external_id", "taken")
    assert "Milo Harper (C-2)" in finding.message


def test_what_was_imported_and_is_not_touched_hinders_no_edit() -> None:
    stored = judged().values
    long = judge_client(ClientEntry(**GOOD), (), TODAY).values
    imported = type(long)(**{**stored.told, "last_name": "x" * 300, "date_of_birth": date(2027, 1, 1)})

    judgement = judge_client(imported.entry, (), TODAY, stored=imported)

    assert judgement.errors == ()
    assert judgement.values == imported
    assert [finding.code for finding in judgement.warnings] == ["too_long", "in_future"]

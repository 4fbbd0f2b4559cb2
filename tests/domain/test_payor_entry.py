import pytest

from caseapp.domain.payor import Payor, PayorType
from caseapp.domain.payor_entry import PayorEntry, PayorValues, judge_payor, requirement_words

AETNA = PayorEntry(code="AETNA", name="Aetna", type="insurance", requires_enrollment=True)


def told(entry: PayorEntry, **holders: str) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.field) for finding in judge_payor(entry, holders).errors]


def test_what_is_typed_is_read_without_the_blanks_around_it() -> None:
    judged = judge_payor(PayorEntry(code=" AETNA ", name=" Aetna ", type="insurance"), {})

    assert judged.errors == ()
    assert judged.values == PayorValues(
        code="AETNA", name="Aetna", type="insurance", requires_enrollment=False
    )
    assert judged.values.payor == Payor("AETNA", "Aetna", "insurance", False)


def test_all_that_is_missing_is_told_at_once() -> None:
    assert told(PayorEntry()) == [("required", "code"), ("required", "name"), ("required", "type")]


def test_a_type_that_there_is_not_is_refused() -> None:
    assert told(PayorEntry(code="A", name="Aetna", type="charity")) == [("unknown_choice", "type")]


def test_the_code_of_another_payor_is_refused_and_says_whose_it_is() -> None:
    judged = judge_payor(AETNA, {"AETNA": "Aetna of Ohio"})

    assert [finding.message for finding in judged.errors] == [
        "AETNA is the code of Aetna of Ohio. Choose another."
    ]


def test_a_name_of_ten_thousand_characters_is_refused_in_a_sentence() -> None:
    judged = judge_payor(PayorEntry(code="A", name="n" * 10_000, type="insurance"), {})

    assert [finding.message for finding in judged.errors] == [
        "The name has 10,000 characters; at most 200 are kept. Shorten it."
    ]


def test_the_values_come_back_into_the_form_as_they_were() -> None:
    assert judge_payor(AETNA, {}).values.entry == AETNA


@pytest.mark.parametrize(
    ("kind", "setting", "words"),
    [
        ("insurance", False, "yes, insurance always"),
        ("private_pay", True, "no, private pay never"),
        ("regional_center", True, "yes, by its setting"),
        ("school_district", False, "no, by its setting"),
    ],
)
def test_whether_enrollment_is_required_is_said_with_what_decides_it(
    kind: PayorType, setting: bool, words: str
) -> None:
    assert requirement_words(Payor("A", "A", kind, setting)) == words

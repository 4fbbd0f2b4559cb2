import pytest

from caseapp.domain.password import normalised, password_findings

COMMON = frozenset({"password1234567", "correcthorsebatterystaple", "sunshine"})


def codes(password: str, *, second_factor: bool = False) -> list[str]:
    found = password_findings(
        password, COMMON, ("dana.ruiz.somewhere", "", "Elm Street"), second_factor=second_factor
    )
    assert all(finding.field == "password" for finding in found)
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("", ["required"]),
        ("fourteen chars", ["too_short"]),
        ("fifteen charact", []),
        ("fox " * 64, []),
        ("fox " * 64 + "z", ["too_long"]),
        ("all lower case and spaces", []),
        ("日本語の長いパスワードです、十五文字", []),
        ("CorrectHorseBatteryStaple", ["too_common"]),
        ("password1234567!!", ["too_common"]),
        ("sunshine12345678", ["too_common"]),
        ("abababababababab", ["too_common"]),
        ("Dana.Ruiz.Somewhere", ["own_name"]),
        ("sunshinesunshine", ["too_common"]),
        ("Sunshine!Sunshine!", ["too_common"]),
        ("elm street elm street 12", ["own_name"]),
        ("2026 Elm StreetDana.Ruiz.Somewhere", ["own_name"]),
        ("an owl on elm street", []),
    ],
)
def test_length_and_what_is_tried_first_decide_and_nothing_else(password: str, told: list[str]) -> None:
    assert codes(password) == told


def test_beside_a_second_factor_eight_characters_do() -> None:
    assert codes("8 chars!", second_factor=True) == []
    assert codes("7 chars", second_factor=True) == ["too_short"]


def test_accents_are_the_same_however_they_are_put_together() -> None:
    assert normalised("Léa") == normalised("Le\u0301a")

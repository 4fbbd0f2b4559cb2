import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.npi import npi_is_valid

# What a digit counts once it is doubled: its cross sum, written out so that nothing is computed twice alike.
DOUBLED = {"0": 0, "1": 2, "2": 4, "3": 6, "4": 8, "5": 1, "6": 3, "7": 5, "8": 7, "9": 9}


def luhn(number: str) -> bool:
    """The check of ISO/IEC 7812 over a whole number, from its last digit to its first."""
    backwards = number[::-1]
    return (sum(map(int, backwards[::2])) + sum(DOUBLED[digit] for digit in backwards[1::2])) % 10 == 0


def valid_npis() -> st.SearchStrategy[str]:
    """Any nine digits after a 1 or 2, with the one check digit that fits."""
    return st.builds(
        lambda first, eight: next(
            f"{first}{eight:08}{check}" for check in range(10) if luhn(f"80840{first}{eight:08}{check}")
        ),
        st.sampled_from("12"),
        st.integers(0, 10**8 - 1),
    )


@given(st.integers(0, 10**10 - 1).map("{:010}".format))
def test_ten_digits_are_an_npi_where_they_begin_with_1_or_2_and_pass_luhn(digits: str) -> None:
    assert npi_is_valid(digits) == (digits[0] in "12" and luhn(f"80840{digits}"))


@given(valid_npis())
def test_every_change_of_one_digit_makes_an_npi_invalid(npi: str) -> None:
    assert npi_is_valid(npi)
    for place in range(10):
        for digit in set("0123456789") - {npi[place]}:
            assert not npi_is_valid(npi[:place] + digit + npi[place + 1 :])


@pytest.mark.parametrize("npi", ["1234567893", "1558598797", "1000000004", "2000000002"])
def test_an_npi_is_valid(npi: str) -> None:
    assert npi_is_valid(npi)


@pytest.mark.parametrize(
    "npi",
    [
        None,
        "",
        "1234567890",
        "9999999995",
        "5555555551",
        "123456789",
        "12345678930",
        " 1234567893",
        "1234567893\n",
        "123456789３",
        "١234567893",
        "1234-567893",
    ],
)
def test_what_is_not_ten_plain_digits_that_pass_is_no_npi(npi: str | None) -> None:
    assert not npi_is_valid(npi)

"""A hand-over that was applied, in words."""

import pytest

from caseapp.domain.hand_over_words import hand_over_words, joined


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["Ada"], "Ada"),
        (["Ada", "Bo"], "Ada and Bo"),
        (["Ada", "Bo", "Cy"], "Ada, Bo and Cy"),
        (["Ada", "Bo", "Cy", "Di"], "Ada, Bo, Cy and 1 other"),
        (["Ada", "Bo", "Cy", "Di", "Ed"], "Ada, Bo, Cy and 2 others"),
    ],
)
def test_names_are_joined_as_people_say_them(names: list[str], text: str) -> None:
    assert joined(names) == text


def test_from_whom_to_whom_and_how_many_clients() -> None:
    values = {"clinician": "K-1", "successors": ["K-2", "K-3"], "clients": 1}

    assert hand_over_words(values, {"K-1": "Ada Okafor", "K-2": "Mei Lind"}) == (
        "hand-over from Ada Okafor to Mei Lind and K-3, 1 client"
    )
    assert hand_over_words(values, {"K-1": "Ada Okafor"}, counted=False) == (
        "hand-over from Ada Okafor to K-2 and K-3"
    )

import pytest

from caseapp.domain.api_token import TokenEntry, judge_token


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (TokenEntry("Portal", ("read",), "30"), []),
        (TokenEntry(" ", ("read",)), [("required", "name")]),
        (TokenEntry("x" * 101, ("read",)), [("too_long", "name")]),
        (TokenEntry("Portal"), [("required", "scopes")]),
        (TokenEntry("Portal", ("read", "everything")), [("unknown_choice", "scopes")]),
        (TokenEntry("Portal", ("read",), "3650"), [("unknown_choice", "days")]),
    ],
)
def test_a_token_is_named_scoped_and_valid_for_a_while(
    entry: TokenEntry, told: list[tuple[str, str]]
) -> None:
    assert [(finding.code, finding.field) for finding in judge_token(entry)] == told

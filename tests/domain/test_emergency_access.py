import pytest

from caseapp.domain.emergency_access import judge_reason


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("", ["required"]),
        ("  because ", ["too_short"]),
        ("x" * 501, ["too_long"]),
        ("Fell ill in the waiting room", []),
    ],
)
def test_emergency_access_wants_a_reason_that_others_understand(reason: str, told: list[str]) -> None:
    assert [finding.code for finding in judge_reason(reason)] == told

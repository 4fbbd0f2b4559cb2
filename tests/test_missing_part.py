import pytest
from _pytest.outcomes import Failed, Skipped

from tests.missing_part import missing_part


@pytest.mark.parametrize(("ci", "outcome"), [("", Skipped), ("false", Skipped), ("true", Failed)])
def test_a_missing_part_skips_a_test_but_fails_it_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no browser"):
        missing_part("There is no browser.")

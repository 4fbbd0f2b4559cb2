from dataclasses import replace

import pytest

from caseapp.domain.user_entry import UserEntry, judge_user

GOOD = UserEntry(username="dana.ruiz", name="Dana Ruiz", role="office")


def told(
    entry: UserEntry, *, name_taken: bool = False, clinician_known: bool = True
) -> list[tuple[str, str | None]]:
    found = judge_user(entry, name_taken=name_taken, clinician_known=clinician_known)
    return [(finding.code, finding.field) for finding in found]


def test_a_good_entry_has_nothing_against_it() -> None:
    assert told(GOOD) == []
    assert told(replace(GOOD, role="clinician", clinician="K-1")) == []


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"username": "  "}, ("required", "username")),
        ({"username": "two words"}, ("invalid", "username")),
        ({"username": "x" * 101}, ("invalid", "username")),
        ({"name": ""}, ("required", "name")),
        ({"name": "x" * 101}, ("too_long", "name")),
        ({"role": ""}, ("required", "role")),
        ({"role": "chief"}, ("unknown_choice", "role")),
        ({"role": "clinician"}, ("required", "clinician")),
    ],
)
def test_each_broken_rule_is_told_at_its_field(changed: dict[str, str], finding: tuple[str, str]) -> None:
    assert told(replace(GOOD, **changed)) == [finding]  # type: ignore[arg-type]


def test_what_others_know_is_told_too() -> None:
    assert told(GOOD, name_taken=True) == [("taken", "username")]
    assert told(replace(GOOD, clinician="x"), clinician_known=False) == [("unknown_choice", "clinician")]

import pytest

from caseapp.domain.actor import LOCAL_USER, ROLE_WORDS, ROLES, Actor, highest


@pytest.mark.parametrize(
    ("roles", "wins"),
    [
        (["clinician", "billing"], "billing"),
        (["billing", "office"], "office"),
        (["clinician", "administrator", "office"], "administrator"),
        (["clinician"], "clinician"),
        (["clinician", "chief"], "clinician"),
        (["chief"], None),
        ([], None),
    ],
)
def test_where_two_roles_meet_the_higher_wins(roles: list[str], wins: str | None) -> None:
    assert highest(roles) == wins


def test_every_role_has_its_word() -> None:
    assert set(ROLE_WORDS) == set(ROLES)
    assert Actor("Ann", "office").role_words == "Office"


def test_only_office_and_administrators_write() -> None:
    assert [role for role in ROLES[:3] if Actor("x", role).may_write] == ["administrator", "office"]
    assert LOCAL_USER.is_administrator
    assert not Actor("Ann", "office").is_administrator


def test_a_clinician_without_a_sight_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="every client"):
        Actor("Priya", "clinician")

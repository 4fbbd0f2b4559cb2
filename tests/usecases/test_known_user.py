from datetime import UTC

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.sign_in import LONGEST_USERNAME
from caseapp.domain.user_entry import UserEntry
from caseapp.usecases.known_user import known_user
from caseapp.usecases.user_account import UserSaved, add_user, set_active
from tests.conftest import NOW

NOW_UTC = NOW.astimezone(UTC)


def test_a_user_is_known_in_any_case_until_they_are_deactivated(session: Session) -> None:
    entry = UserEntry(username="Dana.Ruiz", name="Dana Ruiz", role="office")
    saved = add_user(session, LOCAL_USER, NOW_UTC, entry, invited=False)
    assert isinstance(saved, UserSaved)

    known = known_user(session, "dana.RUIZ", NOW_UTC)
    assert known is not None
    assert (known.id, known.name, known.role) == (saved.user_id, "Dana Ruiz", "office")

    session.rollback()
    set_active(session, LOCAL_USER, NOW_UTC, saved.public_id, False)
    assert known_user(session, "dana.ruiz", NOW_UTC) is None


@pytest.mark.parametrize("username", ["", "   ", "x" * (LONGEST_USERNAME + 1)])
def test_what_can_be_nobodys_name_is_not_looked_up(session: Session, username: str) -> None:
    assert known_user(session, username, NOW_UTC) is None

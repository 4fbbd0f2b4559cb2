"""One-time links: whoever comes second, or with another, finds nothing."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.user_entry import UserEntry
from caseapp.usecases.account_kit import AccountKit
from caseapp.usecases.one_time_link import Link, use_link
from caseapp.usecases.user_account import UserSaved, add_user
from tests.conftest import NOW

NOW_UTC = NOW.astimezone(UTC)
PASSWORD = "nine quiet tall herons"


@dataclass
class Kit:
    """Hashes; before that, once, somebody else uses `quicker`."""

    session: Session
    quicker: str = ""

    def hash(self, password: str) -> str:
        if self.quicker:
            token, self.quicker = self.quicker, ""
            assert isinstance(use(self.session, self, token), Link)
        return f"hash of {password}"


def use(session: Session, kit: Kit, token: str) -> Any:
    return use_link(session, cast(AccountKit, kit), NOW_UTC, token, "Dana", PASSWORD)


@pytest.fixture
def token(session: Session) -> str:
    entry = UserEntry(username="dana", name="Dana", role="office")
    saved = add_user(session, LOCAL_USER, NOW_UTC, entry)
    assert isinstance(saved, UserSaved)
    return saved.link


def test_a_link_is_good_once(session: Session, token: str) -> None:
    kit = Kit(session)

    assert isinstance(use(session, kit, token), Link)
    assert use(session, kit, token) is None


def test_of_two_at_one_instant_the_second_finds_nothing(session: Session, token: str) -> None:
    assert use(session, Kit(session, quicker=token), token) is None

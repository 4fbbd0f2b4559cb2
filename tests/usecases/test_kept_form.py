from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.user_entry import UserEntry
from caseapp.models import KeptForm
from caseapp.usecases import kept_form, user_session
from caseapp.usecases.user_account import UserSaved, add_user
from tests.conftest import NOW


@pytest.fixture
def user_id(session: Session) -> int:
    saved = add_user(session, LOCAL_USER, NOW, UserEntry("dana", "Dana", "office"))
    assert isinstance(saved, UserSaved)
    return saved.user_id


def count(session: Session) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(KeptForm)).scalar_one()


def test_what_is_too_large_is_not_kept(session: Session, user_id: int) -> None:
    assert kept_form.keep(session, NOW, user_id, "/clients", b"x" * (kept_form.MOST_BYTES + 1)) is None
    assert count(session) == 0


def test_of_many_forms_the_latest_five_stay(session: Session, user_id: int) -> None:
    tokens = [
        kept_form.keep(session, NOW + timedelta(seconds=number), user_id, "/clients", b"x")
        for number in range(7)
    ]
    found = [kept_form.read(session, user_id, token or "") is not None for token in tokens]

    assert found == [False] * 2 + [True] * 5
    assert kept_form.read(session, user_id + 1, tokens[-1] or "") is None


def test_a_form_is_thrown_away_after_a_day(session: Session, user_id: int) -> None:
    kept_form.keep(session, NOW, user_id, "/clients", b"x")
    later = NOW + timedelta(days=1, seconds=1)
    user_session.begin(session, user_id, "signed_in", {}, later)

    assert count(session) == 0

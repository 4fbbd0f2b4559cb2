from datetime import UTC

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.user_entry import UserEntry
from caseapp.models import AuditEvent, UserAccount
from caseapp.usecases.outcome import UnknownRecord
from caseapp.usecases.user_account import UserSaved, add_user, change_user, is_anybody_there, set_active
from tests import builders
from tests.conftest import NOW

NOW_UTC = NOW.astimezone(UTC)


def added(session: Session, entry: UserEntry) -> UserSaved:
    saved = add_user(session, LOCAL_USER, NOW_UTC, entry)
    assert isinstance(saved, UserSaved), saved
    return saved


def history(session: Session) -> list[tuple[str, object, object]]:
    """Action, and the clinician before and after."""
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    return [
        (row.action, (row.before or {}).get("clinician"), (row.after or {}).get("clinician")) for row in rows
    ]


def test_there_is_nobody_until_the_first_is_added(session: Session) -> None:
    assert not is_anybody_there(session)
    session.rollback()
    added(session, UserEntry(username="dana", name="Dana", role="office"))
    assert is_anybody_there(session)


def test_a_save_that_changes_nothing_writes_nothing(session: Session) -> None:
    entry = UserEntry(username="dana", name="Dana", role="office")
    saved = added(session, entry)

    outcome = change_user(session, LOCAL_USER, NOW_UTC, saved.public_id, entry, 1)

    assert isinstance(outcome, UserSaved)
    assert session.execute(select(UserAccount.version)).scalar_one() == 1
    assert [action for action, _, _ in history(session)] == ["added"]


def test_the_history_tells_who_somebody_was_among_the_clinicians(session: Session) -> None:
    priya, sam = (builders.a_clinician(session, number=number) for number in ("K-1", "K-2"))
    saved = added(session, UserEntry("priya", "Priya", "clinician", priya.key))

    change_user(
        session, LOCAL_USER, NOW_UTC, saved.public_id, UserEntry("priya", "Priya", "clinician", sam.key), 1
    )

    assert history(session) == [("added", None, "K-1"), ("changed", "K-1", "K-2")]


def test_an_unknown_user_is_unknown(session: Session) -> None:
    with pytest.raises(UnknownRecord):
        set_active(session, LOCAL_USER, NOW_UTC, "z" * 20, False)

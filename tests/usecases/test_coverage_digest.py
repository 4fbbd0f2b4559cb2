import pytest
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.usecases import coverage_digest as digests
from tests.usecases.save_desk import PRACTICE, TODAY


def test_no_message_is_made_of_gaps_that_are_not_of_today(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "errors_of_today", lambda *_: (0, False))

    with pytest.raises(digests.NotUpToDate):
        digests.coverage_digest(session, LOCAL_USER, TODAY, PRACTICE)

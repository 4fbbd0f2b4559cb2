from datetime import UTC

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.api_token import TokenEntry
from caseapp.models import ApiToken, AuditEvent
from caseapp.usecases.api_token import make_token, program_of, revoke_token
from caseapp.usecases.outcome import UnknownRecord
from tests.conftest import NOW

NOW_UTC = NOW.astimezone(UTC)


def test_a_token_is_revoked_once_however_often_it_is_asked(session: Session) -> None:
    token = make_token(session, LOCAL_USER, NOW_UTC, TokenEntry("the portal", ("read",), "90"))
    assert isinstance(token, str), token
    public_id = session.execute(select(ApiToken.public_id)).scalar_one()
    session.rollback()

    for _ in range(2):
        revoke_token(session, LOCAL_USER, NOW_UTC, public_id)

    told = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "revoked")
    assert session.execute(told).scalar_one() == 1
    session.rollback()
    assert program_of(session, token, NOW_UTC) is None


def test_an_unknown_token_is_unknown(session: Session) -> None:
    with pytest.raises(UnknownRecord):
        revoke_token(session, LOCAL_USER, NOW_UTC, "z" * 20)

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent, begin_write
from caseapp.usecases import audit
from tests.conftest import NOW
from tests.usecases.save_desk import ANN


def test_an_event_holds_who_when_what_and_the_whole_values(session: Session) -> None:
    begin_write(session)
    batch = audit.record(session, ANN, NOW, "import", "practice", None)
    made = audit.record(
        session,
        ANN,
        NOW,
        "edit",
        "case_manager",
        "p" * 20,
        before={"start_date": date(2026, 11, 22).isoformat(), "note": "Léa \u2028 {{ 7*7 }} <b>"},
        after={},
        reason="Because.",
        form_token="a-token",
        batch_id=batch,
    )
    session.commit()
    event = session.execute(select(AuditEvent.__table__).where(AuditEvent.id == made)).one()
    assert (event.at, event.actor, event.action, event.entity) == (NOW, "Ann Berg", "edit", "case_manager")
    assert (event.entity_id, event.reason, event.batch_id) == ("p" * 20, "Because.", batch)
    assert event.before == {"start_date": "2026-11-22", "note": "Léa \u2028 {{ 7*7 }} <b>"}
    assert event.after == {}


def test_what_is_not_given_is_empty(session: Session) -> None:
    begin_write(session)
    made = audit.record(session, ANN, NOW, "import", "practice", None)
    event = session.execute(select(AuditEvent.__table__).where(AuditEvent.id == made)).one()
    assert (event.entity_id, event.client_id, event.before, event.after) == (None, None, None, None)
    assert (event.reason, event.form_token, event.batch_id) == (None, None, None)


def test_a_form_has_one_event(session: Session) -> None:
    begin_write(session)
    audit.record(session, ANN, NOW, "add", "case_manager", "p" * 20, form_token="a-token")
    with pytest.raises(IntegrityError):
        audit.record(session, ANN, NOW, "add", "case_manager", "q" * 20, form_token="a-token")
    session.rollback()
    for _ in range(2):
        audit.record(session, ANN, NOW, "add", "case_manager", "p" * 20)


def test_an_event_is_of_the_callers_transaction(session: Session) -> None:
    begin_write(session)
    audit.record(session, ANN, NOW, "add", "case_manager", "p" * 20)
    session.rollback()
    assert session.execute(select(AuditEvent.id)).all() == []

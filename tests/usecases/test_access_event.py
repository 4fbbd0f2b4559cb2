from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.domain.actor import Actor, Sight
from caseapp.models import AccessEvent, begin_write
from caseapp.usecases.access_event import Access, record, record_export, write_all, write_soon
from tests import builders
from tests.conftest import NOW

Write = Callable[..., list[Any]]

ANN = Actor("Ann Berg", "office")
SOON = NOW + timedelta(minutes=5)


def stored(session: Session) -> list[Any]:
    session.rollback()
    columns = (AccessEvent.actor, AccessEvent.kind, AccessEvent.client_id, AccessEvent.detail)
    return [tuple(row) for row in session.execute(select(*columns).order_by(AccessEvent.id))]


@pytest.fixture(params=["whenever it can", "soon"])
def write(request: pytest.FixtureRequest, session: Session) -> Write:
    """Writes events to the end, and tells what is stored."""

    def written(*events: Access) -> list[Any]:
        if request.param == "soon":
            assert write_soon(session, events)
        else:
            write_all(session, events)
        return stored(session)

    return written


def test_an_event_is_of_the_callers_transaction(session: Session) -> None:
    begin_write(session)
    record(session, ANN, NOW, "signed_in")
    session.rollback()
    assert stored(session) == []

    begin_write(session)
    record(session, ANN, NOW, "sign_in_failed", "at the provider")
    session.commit()
    assert stored(session) == [("Ann Berg", "sign_in_failed", None, "at the provider")]


def test_views_of_an_hour_are_one_row_and_those_of_two_clients_two(session: Session, write: Write) -> None:
    milo, fay = builders.a_client(session), builders.a_client(session)
    session.commit()
    views = [
        Access(actor=ANN, at=at, kind="viewed", client=client.public_id)
        for at in (NOW, SOON, NOW + timedelta(hours=1))
        for client in (milo, fay)
    ]
    told = [("Ann Berg", "viewed", client.id, None) for client in (milo, fay)] * 2
    assert write(*views) == told
    assert write(*views) == told


def test_what_is_not_kept_once_is_written_each_time(write: Write) -> None:
    denied = Access(actor=ANN, at=NOW, kind="denied", detail="GET /users")
    assert len(write(denied, denied)) == 2


def test_what_a_request_left_unfinished_is_not_committed_with_it(session: Session, write: Write) -> None:
    begin_write(session)
    record(session, ANN, NOW, "exported")
    left = Access(actor=ANN, at=NOW, kind="denied", detail="GET /users")
    assert write(left) == [("Ann Berg", "denied", None, "GET /users")]


def test_a_view_of_nobody_is_not_written(write: Write) -> None:
    assert write(Access(actor=ANN, at=NOW, kind="viewed", client="0" * 20)) == []


def test_a_refusal_is_written_for_a_client_whom_the_actor_may_not_see(session: Session, write: Write) -> None:
    own, other, clinician = (
        builders.a_client(session, ["ABA"]),
        builders.a_client(session),
        builders.a_clinician(session),
    )
    builders.a_case_manager(session, own, "ABA", clinician=clinician)
    session.commit()
    sight = Sight(clinician.id, NOW.date(), NOW, NOW)
    priya = Actor("Priya", "clinician", sight=sight)
    refused = [
        Access(actor=priya, at=NOW, kind="denied", client=client, foreign=True)
        for client in (own.public_id, other.public_id, "0" * 20)
    ]
    assert write(*refused) == [("Priya", "denied", other.id, None)]


def test_what_is_taken_out_is_on_record_before_it_goes(session: Session) -> None:
    record_export(session, ANN, NOW, "caseapp export")
    assert stored(session) == [("Ann Berg", "exported", None, "caseapp export")]

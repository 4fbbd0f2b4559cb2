from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from caseapp.domain.seal import STREAMS, Broken
from caseapp.models import AccessEvent, AuditEvent, AuditSeal, begin_write
from caseapp.usecases import seal as seals
from caseapp.usecases.seal import Chain, seal_new
from caseapp.usecases.seal_check import check
from tests.conftest import NOW
from tests.statements import counted
from tests.unguarded import unguarded
from tests.usecases.sealing import ids, put_down, seal

POSTGRESQL = [pytest.param("postgresql", marks=pytest.mark.postgresql)]


def test_what_is_new_is_sealed_in_batches_and_once(session: Session) -> None:
    put_down(session, 3, 3)
    assert (seal(session).events, seal(session).events) == (6, 0)
    kept = session.execute(select(AuditSeal.id, AuditSeal.stream, AuditSeal.count).order_by(AuditSeal.id))
    assert [tuple(row) for row in kept] == [
        (1, "audit_event", 2),
        (2, "audit_event", 1),
        (3, "access_event", 2),
        (4, "access_event", 1),
    ]
    put_down(session, 1, 0)
    assert seal(session).seals == 1


def test_a_sound_chain_is_found_sound_and_what_is_unsealed_is_counted(session: Session) -> None:
    assert (check(session).seals, check(session).unsealed) == (0, 0)
    put_down(session)
    end = seal(session).end
    put_down(session, 1, 1)
    found = check(session)
    assert (found.broken, found.seals, found.events, found.unsealed) == (None, 4, 6, 2)
    assert found.since == NOW
    assert found.end == end == Chain(4, end.hash, end.reached)


@pytest.mark.parametrize("model", [AuditEvent, AccessEvent])
@pytest.mark.parametrize("harm", ["altered", "removed", "inserted"])
def test_the_first_event_that_was_tampered_with_is_named(session: Session, model: Any, harm: str) -> None:
    put_down(session, 4, 4)
    gone = ids(session, model)[1:3]
    if harm == "inserted":
        with unguarded(session):  # then these two numbers were never given
            session.execute(delete(model).where(model.id.in_(gone)))
    seal(session)
    with unguarded(session):
        for number in reversed(gone):
            if harm == "altered":
                session.execute(update(model).where(model.id == number).values(actor="Somebody else"))
            elif harm == "removed":
                session.execute(delete(model).where(model.id == number))
            else:
                what = {"kind": "viewed"} if model is AccessEvent else {"action": "a", "entity": "client"}
                session.execute(insert(model).values(id=number, at=NOW, actor="Bo Lund", **what))
    found = check(session)
    assert found.broken == Broken(harm, model.__tablename__, gone[0])  # type: ignore[arg-type]
    assert (found.told is None) == (harm == "removed")
    if found.told is not None:
        assert found.told[:2] == (NOW, {"altered": "Somebody else", "inserted": "Bo Lund"}[harm])


def test_an_event_before_the_first_one_is_named(session: Session) -> None:
    put_down(session)
    seal(session)
    session.execute(insert(AccessEvent).values(id=-5, at=NOW, actor="Bo Lund", kind="viewed"))
    session.commit()
    assert check(session).broken == Broken("inserted", "access_event", -5)


def test_a_seal_that_was_altered_or_removed_is_named(session: Session) -> None:
    put_down(session)
    seal(session)
    with unguarded(session):
        session.execute(update(AuditSeal).where(AuditSeal.id == 3).values(count=7))
    assert check(session).broken == Broken("altered", None, 3)
    with unguarded(session):
        session.execute(delete(AuditSeal).where(AuditSeal.id == 2))
    assert check(session).broken == Broken("removed", None, 2)


def test_a_hash_that_was_written_down_tells_whether_the_chain_was_made_anew(session: Session) -> None:
    put_down(session)
    known = seal(session).end.hash
    put_down(session)
    seal(session)
    assert check(session, known).knows
    with unguarded(session):
        session.execute(delete(AuditSeal))
        session.execute(update(AuditEvent).values(actor="Somebody else"))
    seal(session)
    found = check(session, known)
    assert (found.broken, found.knows) == (None, False)


def test_of_two_that_seal_at_once_one_gives_way(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_down(session)
    with Session(engine) as other:
        begun: list[bool] = []

        def other_first(asked: Session) -> None:
            asked.rollback()
            if not begun:
                begun.append(True)
                seal(other)
            begin_write(asked)

        monkeypatch.setattr(seals, "begin_write", other_first)
        assert seal(session).seals == 0
    assert (check(session).broken, check(session).seals) == (None, 4)


@pytest.mark.parametrize("database", POSTGRESQL, indirect=True)
def test_a_change_under_way_is_waited_for_and_nobody_waits_for_the_sealing(
    session: Session, engine: Engine
) -> None:
    with Session(engine) as writer:
        begin_write(writer)
        put = insert(AuditEvent).values(at=NOW, actor="Ann Berg", action="edit", entity="client")
        early = writer.execute(put.returning(AuditEvent.id)).scalar_one()
        put_down(session, 1, 0)
        pauses: list[float] = []

        assert seal_new(session, NOW, pauses.append).waits
        assert len(pauses) == seals.MOST_TRIES + 1

        def commit_now(_seconds: float) -> None:
            writer.commit()

        assert seal_new(session, NOW, commit_now).events == 2
    assert check(session).broken is None
    assert ids(session, AuditEvent)[0] == early


def test_sealing_reads_a_fixed_number_of_statements_for_each_seal(session: Session, engine: Engine) -> None:
    put_down(session, 2, 0)
    with counted(engine) as few:
        seal(session, at_once=100)
    put_down(session, 50, 0)
    with counted(engine) as many:
        seal(session, at_once=100)
    assert len(many) == len(few)


def test_every_table_of_events_is_sealed(session: Session) -> None:
    assert set(seals.EVENTS) == set(STREAMS)
    assert session.execute(text("SELECT count(*) FROM audit_seal")).scalar_one() == 0

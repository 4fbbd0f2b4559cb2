import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.seal import Broken
from caseapp.formats.audit_archive import ArchiveHead, ArchiveReader, write_archive
from caseapp.models import AccessEvent, AuditArchive, AuditEvent, AuditSeal, begin_write
from caseapp.usecases import seal_archive
from caseapp.usecases.seal import Chain, beginning
from caseapp.usecases.seal_archive import finish, last_archivable, move_out
from caseapp.usecases.seal_check import archived_hash, check, check_chain, sealed_events
from tests.conftest import NOW
from tests.usecases.sealing import ids, put_down, seal

OLD = NOW - timedelta(days=3000)
BETWEEN = NOW - timedelta(days=2000)


def an_old_part(session: Session) -> Chain:
    """Six old events under four seals, and two new ones that are sealed. Returns where the old part ends."""
    put_down(session, at=OLD)
    end = seal(session).end
    put_down(session, 1, 1)
    seal(session)
    return end


def archived(session: Session, end: Chain, path: Path) -> ArchiveReader:
    begun = beginning(session)
    stream = io.StringIO()
    write_archive(
        stream,
        ArchiveHead(begun.number, begun.hash, begun.reached),
        sealed_events(session, begun.number, end.number),
    )
    path.write_text(stream.getvalue())
    return ArchiveReader(path)


def test_only_whole_seals_go_whose_events_are_all_older(session: Session) -> None:
    assert last_archivable(session, BETWEEN) == 0
    end = an_old_part(session)
    assert last_archivable(session, BETWEEN) == end.number == 4
    assert last_archivable(session, OLD) == 0
    assert last_archivable(session, NOW + timedelta(days=1)) == 6


def test_what_a_later_change_points_at_stays(session: Session) -> None:
    an_old_part(session)
    third = ids(session, AuditEvent)[2]
    event = {"at": NOW, "actor": "Ann Berg", "action": "edit", "entity": "case_manager"}
    session.execute(insert(AuditEvent).values(batch_id=third, **event))
    session.commit()
    assert last_archivable(session, BETWEEN) == 1
    first = ids(session, AuditEvent)[0]
    session.execute(insert(AuditEvent).values(batch_id=first, **event))
    session.commit()
    assert last_archivable(session, BETWEEN) == 0


def test_what_was_moved_out_is_verifiable_in_its_file_and_the_rest_in_the_database(
    session: Session, tmp_path: Path
) -> None:
    end = an_old_part(session)
    reader = archived(session, end, tmp_path / "old.jsonl")
    move_out(session, LOCAL_USER, NOW, end)

    head = reader.head
    found = check_chain(reader.sealed(), Chain(head.number, head.hash, head.reached), end.hash)
    assert (found.broken, found.events, found.end, found.knows) == (None, 6, end, True)
    assert reader.end == 4
    assert archived_hash(session, 4) == end.hash
    assert archived_hash(session, 5) is None
    found = check(session, end.hash)
    assert (found.broken, found.events, found.unsealed, found.knows) == (None, 2, 2, True)
    assert min(session.execute(select(AuditEvent.at)).scalars()) == NOW
    told = session.execute(select(AuditEvent.action, AuditEvent.after).order_by(AuditEvent.id.desc()))
    assert tuple(told.first() or ()) == ("archive", {"last_seal": 4, "hash": end.hash})


def test_an_archive_goes_on_where_the_one_before_ended(session: Session, tmp_path: Path) -> None:
    first = an_old_part(session)
    move_out(session, LOCAL_USER, NOW, first)
    second = seal(session).end
    assert last_archivable(session, NOW + timedelta(days=1)) == second.number
    reader = archived(session, second, tmp_path / "next.jsonl")
    move_out(session, LOCAL_USER, NOW, second)
    assert (reader.head.number, reader.head.hash) == (first.number, first.hash)
    found = check_chain(reader.sealed(), first)
    assert (found.broken, found.end) == (None, second)
    assert check(session).broken is None
    assert seal(session).end.number == second.number + 2


def test_an_event_among_those_that_went_is_found(session: Session) -> None:
    end = an_old_part(session)
    number = ids(session, AccessEvent)[0]
    move_out(session, LOCAL_USER, NOW, end)
    session.execute(insert(AccessEvent).values(id=number, at=NOW, actor="Bo Lund", kind="viewed"))
    session.commit()
    assert check(session).broken == Broken("inserted", "access_event", number)


def test_an_archive_that_was_broken_off_is_sound_and_is_finished(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = an_old_part(session)
    with monkeypatch.context() as patch:
        patch.setattr(seal_archive, "finish", lambda _session: None)
        move_out(session, LOCAL_USER, NOW, end)
    assert check(session).broken is None
    assert len(ids(session, AuditSeal)) == 6
    finish(session)
    assert ids(session, AuditSeal) == [5, 6]
    assert check(session).broken is None


def test_nothing_goes_without_an_archive(session: Session) -> None:
    an_old_part(session)
    begin_write(session)
    with pytest.raises(IntegrityError):
        session.execute(delete(AuditSeal))
    session.rollback()
    assert session.execute(select(AuditArchive.id)).all() == []

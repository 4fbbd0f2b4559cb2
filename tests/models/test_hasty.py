"""What is written in haste is not waited for; everything else is on the disk when it is committed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Insert, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from caseapp.models import ServiceLine, begin_write
from caseapp.models.engine import BUSY_TIMEOUT_MS, begin_write_if_free, make_engine
from caseapp.models.hasty import append_hastily
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.quick import DURABLE

NAMES = ("code", "name", "recorded_at", "public_id", "version")
LINE: Insert = insert(ServiceLine).values(
    {name: bindparam(name, type_=ServiceLine.__table__.c[name].type) for name in NAMES}
)


def line(code: str) -> dict[str, Any]:
    return {"code": code, "name": "Speech", "recorded_at": NOW, "public_id": code.lower() * 10, "version": 1}


def codes(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(ServiceLine.code).order_by(ServiceLine.code)))


def test_all_is_written_and_kept_as_any_other_write_keeps_it(session: Session) -> None:
    session.execute(select(ServiceLine.id))  # a read that is under way is ended
    assert append_hastily(session, [(LINE, line("X1")), (LINE, line("X2"))])
    session.execute(insert(ServiceLine).values(**line("X3")))
    session.commit()
    kept = select(ServiceLine.name, ServiceLine.recorded_at).where(ServiceLine.code.like("X%")).distinct()
    assert session.execute(kept).all() == [("Speech", NOW)]
    assert {"X1", "X2", "X3"} <= set(codes(session))


def test_what_the_database_refuses_writes_nothing_and_leaves_nothing_open(session: Session) -> None:
    before = codes(session)
    with pytest.raises(IntegrityError if session.get_bind().dialect.name != "sqlite" else SQLAlchemyError):
        append_hastily(session, [(LINE, line("X1")), (LINE, line("X1"))])
    assert codes(session) == before
    assert append_hastily(session, [(LINE, line("X1"))])
    assert "X1" in codes(session)


@ONE_DATABASE
def test_no_value_is_left_to_be_made(session: Session) -> None:
    with pytest.raises(ValueError, match="must be named"):
        append_hastily(session, [(insert(ServiceLine).values(code="X1", name="Speech"), {})])


def test_a_database_that_is_no_more_is_told_as_such(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with Session(engine) as session, pytest.raises(OperationalError, match="no such table"):
        append_hastily(session, [(LINE, line("X1"))])
    engine.dispose()


@ONE_DATABASE
def test_while_another_goes_on_writing_nothing_is_written(
    engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caseapp.models.hasty.PATIENCE_MS", 1)
    with Session(engine) as other:
        begin_write(other)
        assert not append_hastily(session, [(LINE, line("X1"))])
        other.rollback()
    assert session.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS
    assert append_hastily(session, [(LINE, line("X1"))])


def test_only_a_hasty_write_goes_without_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseapp.models.engine._SQLITE_PRAGMAS", DURABLE)
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}", pool_size=1)
    look = select(text("1"))

    def waits_for_disk(session: Session) -> bool:
        full: bool = session.execute(text("PRAGMA synchronous")).scalar_one() == 2
        session.rollback()
        return full

    with Session(engine) as session:
        for begin in (begin_write, begin_write_if_free, begin_write):
            assert append_hastily(session, [(look, {})])
            assert not waits_for_disk(session)
            assert append_hastily(session, [(look, {})])
            begin(session)
            assert waits_for_disk(session)
    engine.dispose()

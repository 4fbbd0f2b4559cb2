"""What is written in haste is not waited for; everything else is on the disk when it is committed."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from caseapp.models.engine import SOON, begin_write, begin_write_if_free, make_engine
from tests.quick import DURABLE


def test_only_a_hasty_write_goes_without_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseapp.models.engine._SQLITE_PRAGMAS", DURABLE)
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")

    def waits_for_disk(session: Session) -> bool:
        full: bool = session.execute(text("PRAGMA synchronous")).scalar_one() == 2
        session.commit()
        return full

    with Session(engine) as session:
        for _ in range(2):
            assert begin_write_if_free(session, SOON)
            assert not waits_for_disk(session)
            assert begin_write_if_free(session, SOON)
            session.commit()
            begin_write(session)
            assert waits_for_disk(session)
        assert begin_write_if_free(session, SOON)
        session.commit()
        assert begin_write_if_free(session)
        assert waits_for_disk(session)
    engine.dispose()

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from caseapp.models import Base, migrate
from caseapp.models.engine import make_engine
from tests.builders import a_client


@pytest.fixture
def blank(blank_url: str) -> Iterator[Engine]:
    engine = make_engine(blank_url)
    yield engine
    engine.dispose()


def test_a_blank_database_is_brought_to_the_head(blank: Engine) -> None:
    assert not migrate.is_current(blank)
    assert not migrate.is_newer(blank)
    migrate.upgrade(blank)
    assert migrate.is_current(blank)
    assert set(inspect(blank).get_table_names()) == {*Base.metadata.tables, "caseapp_version"}


def test_a_second_upgrade_changes_nothing(engine: Engine, session: Session) -> None:
    made = a_client(session)
    migrate.upgrade(engine)
    assert session.scalar(text("SELECT id FROM client")) == made.id


def test_foreign_keys_hold_again_after_an_upgrade(blank: Engine) -> None:
    migrate.upgrade(blank)
    if blank.dialect.name == "sqlite":
        with blank.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_database_of_a_newer_version_is_told_and_left_alone(blank: Engine) -> None:
    migrate.upgrade(blank)
    with blank.begin() as connection:
        connection.execute(text("UPDATE caseapp_version SET version_num = '9999'"))
    assert migrate.is_newer(blank)
    assert not migrate.is_current(blank)
    with pytest.raises(migrate.NewerDatabaseError, match="newer version of Caseapp"):
        migrate.upgrade(blank)
    with blank.connect() as connection:
        assert migrate.versions(connection) == {"9999"}


def test_a_version_that_fails_leaves_nothing_behind(blank: Engine) -> None:
    with blank.begin() as connection:
        # Stands in the way of a table that the first version makes late.
        connection.execute(text("CREATE TABLE audit_event (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(blank)
    assert inspect(blank).get_table_names() == ["audit_event"]


def test_programs_that_start_at_once_migrate_once(blank_url: str) -> None:
    engines = [make_engine(blank_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate.upgrade, engines))
    for engine in engines:
        assert migrate.is_current(engine)
        engine.dispose()


def test_migrating_silences_no_logger(blank: Engine) -> None:
    logger = logging.getLogger("caseapp.tests.migrate")
    migrate.upgrade(blank)
    assert not logger.disabled


def test_the_versions_are_found_where_the_path_holds_a_percent_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "100%" / "migrations"
    folder.parent.mkdir()
    folder.symlink_to(migrate.migrations_folder())
    monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)
    assert migrate.head()

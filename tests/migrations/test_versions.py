"""The migrations and the models say the same, on both databases."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from caseapp.models import Base, migrate
from caseapp.models.engine import make_engine

SQLITE_SCHEMA = (
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'caseapp_version%'"
)
POSTGRESQL_SCHEMA = """
    SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length,
        is_nullable, column_default, collation_name, ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'public'
"""


def schema(engine: Engine) -> dict[str, str]:
    """Every table, column, constraint, index and trigger with its definition, as the database tells it."""
    query = SQLITE_SCHEMA if engine.dialect.name == "sqlite" else POSTGRESQL_SCHEMA
    with engine.connect() as connection:
        rows = connection.execute(text(query)).all()
    return {name: definition for name, definition in rows if not name.startswith("caseapp_version")}


def test_alembic_finds_no_difference_between_versions_and_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrate.VERSION_TABLE, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_database_finds_no_difference_between_versions_and_models(engine: Engine, blank_url: str) -> None:
    """Also sees what Alembic does not compare: checks, exclusions, triggers, collations."""
    from_models = make_engine(blank_url)
    Base.metadata.create_all(from_models)
    migrated = schema(engine)
    made = schema(from_models)
    from_models.dispose()
    assert migrated == made
    assert any("case_manager_overlap" in name for name in migrated)


def test_the_versions_are_numbered_in_one_line() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    line = [script.revision for script in scripts.walk_revisions()][::-1]
    assert line == [f"{number:04}" for number in range(1, len(line) + 1)]
    assert scripts.get_heads() == [line[-1]] == [migrate.head()]


def test_a_file_is_named_after_its_revision() -> None:
    for script in ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions():
        assert re.fullmatch(rf"{script.revision}_[a-z0-9_]+\.py", Path(script.path).name)


@pytest.mark.parametrize("word", ["fileConfig", "caseapp.models"])
def test_a_version_neither_sets_up_logging_nor_depends_on_today_s_models(word: str) -> None:
    for script in ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions():
        assert f"import {word}" not in (source := Path(script.path).read_text())
        assert f"from {word}" not in source

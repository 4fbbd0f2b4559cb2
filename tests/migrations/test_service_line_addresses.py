"""The version that gives addresses to service lines which are there already."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, table, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import column

from caseapp.models import ClinicianServiceLine, ServiceLine, migrate
from caseapp.models.engine import make_engine
from tests import builders

LINE = table("service_line", *map(column, ("id", "code", "name", "version", "recorded_at")))


def version_before() -> str:
    """The version on which the one under test is built."""
    scripts = ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions()
    (found,) = [script for script in scripts if Path(script.path).stem.endswith("service_line_addresses")]
    return str(found.down_revision)


def test_service_lines_keep_their_rows_and_what_points_at_them_and_get_addresses(blank_url: str) -> None:
    engine = make_engine(blank_url)
    with engine.begin() as connection:
        config = migrate.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, version_before())
        kept = {"version": 3, "recorded_at": datetime(2025, 2, 3, 4, 5, 6, 789, tzinfo=UTC)}
        if connection.dialect.name == "sqlite":
            kept["recorded_at"] = "2025-02-03 04:05:06.000789"
        for row_id, code in ((4, "ABA"), (9, "ST")):
            values = {"id": row_id, "code": code, "name": f"All of {code}", **kept}
            connection.execute(insert(LINE).values(values))
    with Session(engine) as session:
        clinician = builders.a_clinician(session, [])
        session.execute(insert(ClinicianServiceLine).values(clinician_id=clinician.id, service_line_id=9))
        session.commit()

    migrate.upgrade(engine)

    with Session(engine) as session:
        lines = session.scalars(select(ServiceLine).order_by(ServiceLine.id)).all()
        assert [(line.id, line.code, line.name, line.version) for line in lines] == [
            (4, "ABA", "All of ABA", 3),
            (9, "ST", "All of ST", 3),
        ]
        assert {line.recorded_at for line in lines} == {datetime(2025, 2, 3, 4, 5, 6, 789, tzinfo=UTC)}
        assert len({line.public_id for line in lines}) == 2
        assert all(len(line.public_id) == 20 and line.public_id.isalnum() for line in lines)
        assert session.scalars(select(ClinicianServiceLine.service_line_id)).all() == [9]
        if engine.dialect.name == "sqlite":
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()

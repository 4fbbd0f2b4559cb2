"""No day has two case managers of a client's service line, or two primary funding sources of a client.

Triggers on SQLite, exclusion constraints on PostgreSQL; both raise an integrity error.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        sqlite_triggers()
    else:
        postgresql_exclusions()


def sqlite_triggers() -> None:
    """After the insert: there the new row has its id, and an upsert is not mistaken for a second row."""
    case_manager = """WHEN NEW.removed_at IS NULL AND EXISTS (
  SELECT 1 FROM case_manager AS other
  WHERE other.client_id = NEW.client_id AND other.service_line_id = NEW.service_line_id
    AND other.removed_at IS NULL AND other.id <> NEW.id
    AND other.start_date <= coalesce(NEW.end_date, '9999-12-31')
    AND (other.end_date IS NULL OR other.end_date >= NEW.start_date))
BEGIN SELECT RAISE(ABORT, 'case_manager_overlap'); END"""
    primary = """WHEN NEW.priority = 'primary' AND EXISTS (
  SELECT 1 FROM funding_source AS other
  WHERE other.client_id = NEW.client_id
    AND other.priority = 'primary' AND other.id <> NEW.id
    AND other.start_date <= coalesce(NEW.end_date, '9999-12-31')
    AND (other.end_date IS NULL OR other.end_date >= NEW.start_date))
BEGIN SELECT RAISE(ABORT, 'primary_overlap'); END"""
    op.execute(f"CREATE TRIGGER case_manager_overlap_insert AFTER INSERT ON case_manager\n{case_manager}")
    op.execute(
        "CREATE TRIGGER case_manager_overlap_update AFTER UPDATE OF "
        f"client_id, service_line_id, start_date, end_date, removed_at ON case_manager\n{case_manager}"
    )
    op.execute(f"CREATE TRIGGER primary_overlap_insert AFTER INSERT ON funding_source\n{primary}")
    op.execute(
        "CREATE TRIGGER primary_overlap_update AFTER UPDATE OF "
        f"client_id, priority, start_date, end_date ON funding_source\n{primary}"
    )


def postgresql_exclusions() -> None:
    """Ranges of one number, because plain equality under GiST would need an extension."""
    op.execute("""
        ALTER TABLE case_manager ADD CONSTRAINT case_manager_overlap EXCLUDE USING gist (
            int8range(client_id, client_id, '[]') WITH =,
            int8range(service_line_id, service_line_id, '[]') WITH =,
            daterange(start_date, end_date, '[]') WITH &&
        ) WHERE (removed_at IS NULL)
    """)
    op.execute("""
        ALTER TABLE funding_source ADD CONSTRAINT primary_overlap EXCLUDE USING gist (
            int8range(client_id, client_id, '[]') WITH =,
            daterange(start_date, end_date, '[]') WITH &&
        ) WHERE (priority = 'primary')
    """)

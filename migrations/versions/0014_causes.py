"""What one cause hits is told from its index alone: the code that the index is about is in it as well."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TABLE = "coverage_finding"
KEPT = {
    "ix_coverage_finding_leaving": (
        ["clinician", "client_id", "sessions"],
        "code IN ('clinician_leaves', 'clinician_inactive')",
    ),
    "ix_coverage_finding_enrollment": (
        ["clinician", "payor", "client_id", "sessions"],
        "code IN ('enrollment_ends', 'payor_changes', 'not_enrolled')",
    ),
}


def upgrade() -> None:
    for name, (columns, where) in KEPT.items():
        _replace(name, [*columns, "code"], where)


def downgrade() -> None:
    for name, (columns, where) in KEPT.items():
        _replace(name, columns, where)


def _replace(name: str, columns: list[str], where: str) -> None:
    op.drop_index(name, TABLE)
    op.create_index(name, TABLE, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))

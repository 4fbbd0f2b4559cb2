"""A week of appointments is read in order, of all, of one service line or of one clinician."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for columns in (["starts_at", "id"], ["service_line_id", "starts_at"], ["clinician_id", "starts_at"]):
        op.create_index(None, "appointment", columns)

"""The next appointment and the payor of each client of a list, told from indexes alone.

The fifty clients of a page lie scattered over a large file: each look at a row would read another page of it.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index(None, "appointment", ["client_id", "starts_at", "status"])
    op.drop_index("ix_appointment_client_id_starts_at", "appointment")
    op.create_index(None, "funding_source", ["client_id", "priority", "start_date", "end_date", "payor_id"])

"""Find the clients and clinicians of a payor without reading everybody's."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index(None, "funding_source", ["payor_id", "priority", "start_date", "end_date", "client_id"])
    op.create_index(None, "enrollment", ["payor_id", "clinician_id"])

"""Count and list a clinician's clients from one index."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index(
        "ix_case_manager_caseload",
        "case_manager",
        ["clinician_id", "client_id", "removed_at", "start_date", "end_date"],
    )
    op.drop_index("ix_case_manager_clinician_id_client_id", "case_manager")

"""Drafts of a hand-over, with what was typed for each line."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    public_id = sa.String(20).with_variant(sa.String(20, collation="C"), "postgresql")
    op.create_table(
        "hand_over_draft",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", public_id, nullable=False, unique=True),
        sa.Column("clinician_id", sa.Integer, sa.ForeignKey("clinician.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("last_day", sa.Text, nullable=False),
        sa.Column("first_away", sa.Text, nullable=False),
        sa.Column("last_away", sa.Text, nullable=False),
        sa.Column("set_last_day", sa.Boolean, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "hand_over_draft", ["clinician_id"])
    op.create_table(
        "hand_over_draft_line",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("hand_over_draft.id"), nullable=False),
        sa.Column("case_manager_id", sa.Integer, sa.ForeignKey("case_manager.id"), nullable=False),
        sa.Column("case_manager_version", sa.Integer, nullable=False),
        sa.Column("successor", sa.Text, nullable=False),
        sa.Column("start_date", sa.Text, nullable=False),
        sa.Column("leave_out", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("draft_id", "case_manager_id"),
    )
    op.create_index(None, "hand_over_draft_line", ["case_manager_id"])

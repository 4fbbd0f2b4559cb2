"""Keep of each coverage finding where it stands in the list and what mends it; and what a message told last.

The findings are derived: they are made anew before they are next read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.drop_table("coverage_finding")
    op.create_table(
        "coverage_finding",
        sa.Column("client_id", sa.Integer, sa.ForeignKey("client.id"), primary_key=True),
        sa.Column("service_line_id", sa.Integer, sa.ForeignKey("service_line.id"), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("mend_by", sa.Date),
        sa.Column("at_risk", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("place", binary(200), nullable=False),
        sa.Column("clinician", binary(20)),
        sa.Column("payor", binary(100)),
        sa.Column("case_manager", binary(20)),
        sa.Column("begins", sa.Date),
        sa.Column("first_session", sa.DateTime(timezone=True)),
        sa.Column("alone", sa.Integer, nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.CheckConstraint("severity IN ('error', 'warning', 'information')", name="severity_known"),
    )
    for columns in (
        ["place", "severity", "alone"],
        ["code", "place"],
        ["service_line_id", "place"],
        ["clinician", "place"],
        ["payor", "place"],
    ):
        op.create_index(None, "coverage_finding", columns)
    for name, columns, codes in (
        ("leaving", ["clinician"], "'clinician_leaves', 'clinician_inactive'"),
        ("enrollment", ["clinician", "payor"], "'enrollment_ends', 'payor_changes', 'not_enrolled'"),
    ):
        of_cause = sa.text(f"code IN ({codes})")
        op.create_index(
            f"ix_coverage_finding_{name}",
            "coverage_finding",
            [*columns, "client_id", "sessions"],
            sqlite_where=of_cause,
            postgresql_where=of_cause,
        )
    op.execute("UPDATE coverage_turn SET next_turn = asked_on")
    op.create_table(
        "coverage_told",
        sa.Column("client_id", sa.Integer, sa.ForeignKey("client.id"), primary_key=True),
        sa.Column("service_line_id", sa.Integer, sa.ForeignKey("service_line.id"), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
    )
    op.create_table(
        "coverage_digest",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gaps", sa.Integer, nullable=False),
    )


def binary(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")

"""What the caseloads and the start page ask, told from indexes: hours of a week, interims, first sessions.

The kept turn of a line also says when the line begins with its first session; it is judged anew before it is
read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index(
        "ix_appointment_delivered", "appointment", ["clinician_id", "starts_at", "status", "minutes"]
    )
    op.drop_index("ix_appointment_clinician_id_starts_at", "appointment")
    interim = sa.text("for_clinician_id IS NOT NULL")
    for name, columns in (
        ("ix_case_manager_stands_in", ["clinician_id", "for_clinician_id"]),
        ("ix_case_manager_stood_for", ["for_clinician_id", "clinician_id"]),
    ):
        op.create_index(name, "case_manager", columns, sqlite_where=interim, postgresql_where=interim)
    keep_first_sessions()


def keep_first_sessions() -> None:
    """A column of an older table would stand otherwise than in a new one, so the table is made anew."""
    op.execute("CREATE TABLE turn_before AS SELECT client_id, service_line_id, asked_on FROM coverage_turn")
    op.drop_table("coverage_turn")
    op.create_table(
        "coverage_turn",
        sa.Column("client_id", sa.Integer, sa.ForeignKey("client.id"), primary_key=True),
        sa.Column("service_line_id", sa.Integer, sa.ForeignKey("service_line.id"), primary_key=True),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("next_turn", sa.Date),
        sa.Column("first_session", sa.DateTime(timezone=True)),
    )
    op.execute(
        "INSERT INTO coverage_turn (client_id, service_line_id, asked_on, next_turn) "
        "SELECT client_id, service_line_id, asked_on, asked_on FROM turn_before"
    )
    op.execute("DROP TABLE turn_before")
    op.create_index(None, "coverage_turn", ["next_turn"])
    coming = sa.text("first_session IS NOT NULL")
    op.create_index(None, "coverage_turn", ["first_session"], sqlite_where=coming, postgresql_where=coming)

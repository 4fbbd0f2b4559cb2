"""Taxonomy codes to choose from.

The codes are public facts of the NUCC set for these disciplines; a practice may import the whole set.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

STARTING_CODES = (
    ("103K00000X", "Behavior analyst"),
    ("106E00000X", "Assistant behavior analyst"),
    ("106S00000X", "Behavior technician"),
    ("235Z00000X", "Speech-language pathologist"),
    ("2355S0801X", "Speech-language assistant"),
    ("225X00000X", "Occupational therapist"),
    ("224Z00000X", "Occupational therapy assistant"),
    ("225100000X", "Physical therapist"),
    ("225200000X", "Physical therapy assistant"),
    ("1041C0700X", "Clinical social worker"),
    ("106H00000X", "Marriage and family therapist"),
    ("101YM0800X", "Mental health counselor"),
    ("101YP2500X", "Professional counselor"),
    ("103T00000X", "Psychologist"),
    ("103TC0700X", "Clinical psychologist"),
)


def upgrade() -> None:
    code = sa.String(20).with_variant(sa.String(20, collation="C"), "postgresql")
    table = op.create_table(
        "taxonomy_code",
        sa.Column("code", code, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.bulk_insert(table, [{"code": code, "name": name} for code, name in STARTING_CODES])

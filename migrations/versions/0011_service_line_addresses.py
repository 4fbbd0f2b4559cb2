"""Service lines get addresses: a public ID each, as every other record with a page has one.

SQLite adds no column that must be filled and be unique, so there the table is made anew and its rows
keep their ids. Nothing that points at it is lost: foreign keys are off while versions run.
"""

import secrets
import string

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def binary(length: int) -> sa.String:
    """Text compared by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def random_id() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(20))


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        table_anew()
    else:
        column_added()


def table_anew() -> None:
    columns = ("id", "code", "name", "version", "recorded_at")
    before = sa.table("service_line", *map(sa.column, columns))
    rows = [row._asdict() for row in op.get_bind().execute(sa.select(before))]
    op.drop_table("service_line")
    op.create_table(
        "service_line",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", binary(20), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", binary(20), nullable=False, unique=True),
    )
    # Without types, so that each value goes back as it came.
    after = sa.table("service_line", *map(sa.column, (*columns, "public_id")))
    op.bulk_insert(after, [row | {"public_id": random_id()} for row in rows])


def column_added() -> None:
    op.add_column("service_line", sa.Column("public_id", binary(20)))
    line = sa.table("service_line", sa.column("id"), sa.column("public_id"))
    for row_id in op.get_bind().execute(sa.select(line.c.id)).scalars().all():
        op.execute(sa.update(line).where(line.c.id == row_id).values(public_id=random_id()))
    op.alter_column("service_line", "public_id", nullable=False)
    op.create_unique_constraint(None, "service_line", ["public_id"])

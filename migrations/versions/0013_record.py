"""The record: access events, seals over all events, archives, and the triggers that keep them."""

from string import Template

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KINDS = (
    "signed_in",
    "signed_out",
    "sign_in_failed",
    "sign_in_throttled",
    "second_factor_failed",
    "viewed",
    "searched",
    "exported",
    "denied",
)
ARCHIVED = {"audit_event": "audit_event", "access_event": "access_event", "audit_seal": "seal"}


def binary(length: int) -> sa.String:
    """Text compared by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=False)


def known(column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def upgrade() -> None:
    op.create_table(
        "access_event",
        sa.Column("id", sa.Integer, primary_key=True),
        instant("at"),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id")),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("client_id", sa.Integer, sa.ForeignKey("client.id")),
        sa.Column("detail", sa.Text),
        sa.Column("once", binary(32), unique=True),
        known("kind", *KINDS),
    )
    for columns in (["at"], ["client_id", "at"], ["actor", "at"], ["kind", "at"]):
        op.create_index(None, "access_event", columns)
    for columns in (["at"], ["actor", "at"]):
        op.create_index(None, "audit_event", columns)
    in_batch = sa.text("batch_id IS NOT NULL")
    op.create_index(None, "audit_event", ["batch_id"], sqlite_where=in_batch, postgresql_where=in_batch)
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stream", sa.String(20), nullable=False),
        number("after_id"),
        number("last_id"),
        number("count"),
        instant("last_at"),
        sa.Column("digests", sa.LargeBinary, nullable=False),
        sa.Column("hash", binary(64), nullable=False),
        instant("at"),
        known("stream", "audit_event", "access_event"),
    )
    op.create_index(None, "audit_seal", ["stream", "id"])
    op.create_table(
        "audit_archive",
        sa.Column("id", sa.Integer, primary_key=True),
        instant("at"),
        number("last_seal"),
        sa.Column("hash", binary(64), nullable=False),
        number("last_audit_event"),
        number("last_access_event"),
    )
    keep = sqlite_triggers if op.get_context().dialect.name == "sqlite" else postgresql_triggers
    for table in ("audit_event", "access_event", "audit_seal", "audit_archive"):
        keep(table, ARCHIVED.get(table))


def archived(column: str) -> str:
    return Template("EXISTS (SELECT 1 FROM audit_archive WHERE last_$column >= OLD.id)").substitute(
        column=column
    )


def sqlite_triggers(table: str, column: str | None) -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'append_only'); END"
    unless = f"WHEN NOT {archived(column)} " if column else ""
    op.execute(f"CREATE TRIGGER {table}_kept_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON {table} {unless}{refuse}")


def postgresql_triggers(table: str, column: str | None) -> None:
    op.execute("""CREATE OR REPLACE FUNCTION caseapp_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append_only' USING ERRCODE = '23001'; END $$""")
    always = delete = "EXECUTE FUNCTION caseapp_append_only()"
    if column:
        delete = f"EXECUTE FUNCTION caseapp_{table}_archived()"
        op.execute(
            f"CREATE OR REPLACE FUNCTION caseapp_{table}_archived() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF NOT {archived(column)} THEN RAISE EXCEPTION 'append_only' USING ERRCODE = '23001'; "
            "END IF; RETURN OLD; END $$"
        )
    op.execute(f"CREATE TRIGGER {table}_kept_update BEFORE UPDATE ON {table} FOR EACH ROW {always}")
    op.execute(f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON {table} FOR EACH ROW {delete}")
    op.execute(f"CREATE TRIGGER {table}_kept_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {always}")

"""Accounts: who signs in, what is kept of signing in, and whose clients a clinician sees."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def binary(length: int) -> sa.String:
    """Text compared by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def needed(name: str, kind: Any, *arguments: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *arguments, nullable=False, **options)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def points(name: str, table: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A foreign key."""
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def known(column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def public() -> list[sa.Column[Any]]:
    return [sa.Column("id", sa.Integer, primary_key=True), needed("public_id", binary(20), unique=True)]


def recorded() -> list[sa.Column[Any]]:
    return [needed("version", sa.Integer), instant("recorded_at")]


def upgrade() -> None:
    accounts()
    signing_in()
    beside()
    op.drop_index("ix_appointment_delivered", "appointment")
    op.create_index(
        "ix_appointment_delivered",
        "appointment",
        ["clinician_id", "starts_at", "status", "minutes", "client_id"],
    )


def accounts() -> None:
    op.create_table(
        "user_account",
        *public(),
        needed("username", sa.Text),
        needed("username_key", binary(100), unique=True),
        needed("name", sa.Text),
        needed("role", sa.String(20)),
        points("clinician_id", "clinician", nullable=True),
        needed("active", sa.Boolean),
        sa.Column("password", sa.Text),
        sa.Column("subject", binary(500), unique=True),
        needed("second_factor_required", sa.Boolean),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_counter", sa.Integer),
        sa.Column("recovery_codes", sa.JSON),
        instant("last_signed_in_at", nullable=True),
        *recorded(),
        known("role", "administrator", "office", "billing", "clinician"),
    )
    op.create_index(None, "user_account", ["clinician_id"])
    op.create_table(
        "one_time_link",
        sa.Column("digest", binary(64), primary_key=True),
        points("user_id", "user_account"),
        needed("kind", sa.String(20)),
        instant("expires_at"),
        known("kind", "invitation", "password"),
    )
    op.create_index(None, "one_time_link", ["user_id"])


def signing_in() -> None:
    op.create_table(
        "user_session",
        sa.Column("digest", binary(64), primary_key=True),
        points("user_id", "user_account"),
        needed("stage", sa.String(20)),
        needed("data", sa.JSON),
        instant("began_at"),
        instant("seen_at"),
        known("stage", "second_factor", "set_up", "signed_in"),
    )
    op.create_index(None, "user_session", ["user_id"])
    op.create_index(None, "user_session", ["seen_at"])
    op.create_table(
        "sign_in_throttle",
        sa.Column("scope", sa.String(20), primary_key=True),
        sa.Column("digest", binary(64), primary_key=True),
        needed("failures", sa.Integer),
        instant("last_at"),
        known("scope", "account", "address"),
    )
    op.create_index(None, "sign_in_throttle", ["last_at"])
    op.create_table(
        "kept_form",
        sa.Column("digest", binary(64), primary_key=True),
        points("user_id", "user_account"),
        needed("path", sa.Text),
        needed("fields", sa.LargeBinary),
        instant("kept_at"),
    )
    op.create_index(None, "kept_form", ["user_id"])
    op.create_index(None, "kept_form", ["kept_at"])


def beside() -> None:
    op.create_table(
        "api_token",
        *public(),
        needed("name", sa.Text),
        needed("digest", binary(64), unique=True),
        points("user_id", "user_account", nullable=True),
        needed("scopes", sa.JSON),
        instant("expires_at"),
        instant("revoked_at", nullable=True),
        *recorded(),
    )
    op.create_index(None, "api_token", ["user_id"])
    op.create_table(
        "emergency_access",
        *public(),
        points("user_id", "user_account"),
        needed("reason", sa.Text),
        instant("ends_at"),
        *recorded(),
    )
    op.create_index(None, "emergency_access", ["user_id", "ends_at"])

"""The tables.

A version is a record of what was done: it repeats what the models say today and never imports them.
Constraints and indexes without a name get it from the naming convention in caseapp/extensions.py.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def binary(length: int) -> sa.String:
    """Text compared by code point on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def recorded(*columns: sa.Column[Any], public: bool = True) -> list[sa.Column[Any]]:
    """The columns of a recorded thing around its own."""
    first: list[sa.Column[Any]] = [sa.Column("id", sa.Integer, primary_key=True)]
    if public:
        first += [sa.Column("public_id", binary(20), nullable=False, unique=True)]
    last: list[sa.Column[Any]] = [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    ]
    return [*first, *columns, *last]


def needed(name: str, kind: Any, *arguments: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *arguments, nullable=False, **options)


def points(name: str, table: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[Any]:
    """A foreign key."""
    return sa.Column(
        name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable, primary_key=primary_key
    )


def known(column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def ordered(start: str = "start_date", end: str = "end_date") -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{end} >= {start}", name=f"{end}_not_before_start")


def upgrade() -> None:
    practice()
    people()
    clients()
    care()
    derived()


def practice() -> None:
    op.create_table(
        "service_line",
        *recorded(needed("code", binary(20), unique=True), needed("name", sa.Text), public=False),
    )
    op.create_table(
        "payor",
        *recorded(
            needed("code", binary(100), unique=True),
            needed("name", sa.Text),
            needed("type", sa.String(20)),
            needed("requires_enrollment", sa.Boolean),
        ),
        known("type", "insurance", "regional_center", "school_district", "private_pay"),
    )


def people() -> None:
    op.create_table(
        "clinician",
        *recorded(
            needed("number", binary(100), unique=True),
            needed("last_name", sa.Text),
            needed("first_name", sa.Text),
            needed("credential", sa.Text),
            sa.Column("npi", binary(100), unique=True),
            sa.Column("taxonomy_code", sa.Text),
            needed("may_be_case_manager", sa.Boolean),
            sa.Column("active_from", sa.Date),
            sa.Column("active_to", sa.Date),
            sa.Column("caseload_limit", sa.Integer),
            sa.Column("email", sa.Text),
        ),
        ordered("active_from", "active_to"),
    )
    op.create_table(
        "clinician_service_line",
        points("clinician_id", "clinician", primary_key=True),
        points("service_line_id", "service_line", primary_key=True),
    )
    op.create_table(
        "enrollment",
        *recorded(
            points("clinician_id", "clinician"),
            points("payor_id", "payor"),
            needed("status", sa.String(20)),
            sa.Column("applied_on", sa.Date),
            sa.Column("start_date", sa.Date),
            sa.Column("end_date", sa.Date),
            sa.Column("learned_on", sa.Date),
        ),
        known("status", "not_started", "in_process", "approved", "denied", "terminated"),
        ordered(),
        sa.CheckConstraint(
            "status <> 'terminated' OR (start_date IS NOT NULL AND end_date IS NOT NULL)",
            name="terminated_has_dates",
        ),
        sa.UniqueConstraint("clinician_id", "payor_id", "start_date"),
    )
    undated = sa.text("start_date IS NULL")
    op.create_index(
        "uq_enrollment_undated",
        "enrollment",
        ["clinician_id", "payor_id"],
        unique=True,
        sqlite_where=undated,
        postgresql_where=undated,
    )
    op.create_table(
        "leave",
        *recorded(
            points("clinician_id", "clinician"),
            needed("start_date", sa.Date),
            sa.Column("end_date", sa.Date),
            sa.Column("note", sa.Text),
        ),
        ordered(),
        sa.UniqueConstraint("clinician_id", "start_date"),
    )


def clients() -> None:
    op.create_table(
        "client",
        *recorded(
            needed("number", binary(100), unique=True),
            needed("last_name", sa.Text),
            needed("first_name", sa.Text),
            sa.Column("preferred_name", sa.Text),
            sa.Column("date_of_birth", sa.Date),
            needed("status", sa.String(20)),
            sa.Column("external_id", binary(100), unique=True),
            needed("sort_key", binary(200)),
        ),
        known("status", "active", "on_hold", "discharged"),
    )
    op.create_index(None, "client", ["status", "sort_key", "id"])
    op.create_index(None, "client", ["sort_key", "id"])
    op.create_table(
        "client_term",
        sa.Column("term", binary(100), primary_key=True),
        sa.Column("sort_key", binary(200), primary_key=True),
        points("client_id", "client", primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index(None, "client_term", ["client_id"])
    op.create_table(
        "client_service_line",
        *recorded(
            points("client_id", "client"),
            points("service_line_id", "service_line"),
            needed("start_date", sa.Date),
            sa.Column("end_date", sa.Date),
        ),
        ordered(),
        sa.UniqueConstraint("client_id", "service_line_id", "start_date"),
    )
    op.create_index(
        "ix_client_service_line_cover",
        "client_service_line",
        ["client_id", "service_line_id", "start_date", "end_date"],
    )
    op.create_table(
        "funding_source",
        *recorded(
            points("client_id", "client"),
            points("payor_id", "payor"),
            needed("priority", sa.String(20)),
            needed("start_date", sa.Date),
            sa.Column("end_date", sa.Date),
            sa.Column("member_id", sa.Text),
        ),
        known("priority", "primary", "secondary", "tertiary", "inactive"),
        ordered(),
        sa.UniqueConstraint("client_id", "payor_id", "priority", "start_date"),
    )


def care() -> None:
    op.create_table(
        "case_manager",
        *recorded(
            points("client_id", "client"),
            points("service_line_id", "service_line"),
            points("clinician_id", "clinician"),
            needed("start_date", sa.Date),
            sa.Column("end_date", sa.Date),
            points("for_clinician_id", "clinician", nullable=True),
            sa.Column("uncovered_left_at", sa.DateTime(timezone=True)),
            sa.Column("uncovered_left_reason", sa.Text),
            sa.Column("removed_at", sa.DateTime(timezone=True)),
            sa.Column("removed_by", sa.Text),
            sa.Column("removed_reason", sa.Text),
        ),
        ordered(),
    )
    op.create_index(
        "ix_case_manager_cover",
        "case_manager",
        ["client_id", "service_line_id", "start_date", "end_date", "clinician_id", "removed_at"],
    )
    op.create_index(None, "case_manager", ["clinician_id", "client_id"])
    op.create_table(
        "appointment",
        *recorded(
            needed("number", binary(100), unique=True),
            points("client_id", "client"),
            points("service_line_id", "service_line"),
            points("clinician_id", "clinician", nullable=True),
            needed("starts_at", sa.DateTime(timezone=True)),
            needed("minutes", sa.Integer),
            needed("status", sa.String(20)),
            needed("billable", sa.Boolean),
        ),
        known("status", "scheduled", "completed", "no_show", "cancelled"),
        sa.CheckConstraint("minutes > 0", name="minutes_positive"),
    )
    op.create_index(None, "appointment", ["client_id", "service_line_id", "starts_at"])
    op.create_index(None, "appointment", ["client_id", "starts_at"])


def derived() -> None:
    """What is computed from the rest, and the history."""
    op.create_table(
        "coverage_turn",
        points("client_id", "client", primary_key=True),
        points("service_line_id", "service_line", primary_key=True),
        needed("asked_on", sa.Date),
        sa.Column("next_turn", sa.Date),
    )
    op.create_index(None, "coverage_turn", ["next_turn"])
    op.create_table(
        "coverage_finding",
        points("client_id", "client", primary_key=True),
        points("service_line_id", "service_line", primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        needed("severity", sa.String(20)),
        sa.Column("mend_by", sa.Date),
        needed("at_risk", sa.Integer),
        needed("message", sa.Text),
        known("severity", "error", "warning", "information"),
    )
    op.create_index(None, "coverage_finding", ["severity", "mend_by"])
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer, primary_key=True),
        needed("at", sa.DateTime(timezone=True)),
        needed("actor", sa.Text),
        needed("action", sa.String(40)),
        needed("entity", sa.String(40)),
        sa.Column("entity_id", binary(20)),
        points("client_id", "client", nullable=True),
        sa.Column("subject_id", binary(20)),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.Column("reason", sa.Text),
        sa.Column("form_token", binary(100), unique=True),
        points("batch_id", "audit_event", nullable=True),
    )
    op.create_index(None, "audit_event", ["client_id", "id"])
    op.create_index(None, "audit_event", ["entity", "entity_id"])
    op.create_index(None, "audit_event", ["subject_id", "id"])

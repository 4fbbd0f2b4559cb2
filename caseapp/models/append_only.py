"""Tables of which no row is changed, and none taken away but what an archive covers: triggers see to it.

They hold for the program's own database role, also where it owns the tables. Both databases raise
IntegrityError with APPEND_ONLY in its words. On SQLite a row that is replaced counts as taken away only while
`recursive_triggers` is on, as models/engine.py has it.
"""

from string import Template
from typing import Any

from sqlalchemy import Connection, FromClause, Table, event

APPEND_ONLY = "append_only"

# 23001 is restrict_violation, which drivers count among the integrity errors.
POSTGRESQL_FUNCTION = f"""CREATE OR REPLACE FUNCTION caseapp_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = '23001'; END $$"""


_ARCHIVED = Template("EXISTS (SELECT 1 FROM audit_archive WHERE $column >= OLD.id)")
_ARCHIVE_COLUMNS = {
    "audit_seal": "last_seal",
    "audit_event": "last_audit_event",
    "access_event": "last_access_event",
}


def archived(table: str) -> str:
    """The condition, over the row OLD, that an archive covers it."""
    return _ARCHIVED.substitute(column=_ARCHIVE_COLUMNS[table])


def append_only(table: FromClause, *, archives: bool = True) -> None:
    """Guard a table when it is made; `archives` lets rows go that an archive covers."""
    assert isinstance(table, Table)

    def create_triggers(made: Table, connection: Connection, **_options: Any) -> None:
        for statement in triggers(made.name, connection.dialect.name, archives=archives):
            connection.exec_driver_sql(statement)

    event.listen(table, "after_create", create_triggers)


def triggers(table: str, dialect: str, *, archives: bool = True) -> list[str]:
    """The statements that guard a table. On PostgreSQL a condition cannot look into another table."""
    if dialect == "sqlite":
        unless = f"WHEN NOT {archived(table)} " if archives else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        return [
            f"CREATE TRIGGER {table}_kept_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON {table} {unless}{refuse}",
        ]
    always = "EXECUTE FUNCTION caseapp_append_only()"
    unless_archived = f"EXECUTE FUNCTION caseapp_{table}_archived()" if archives else always
    made = [POSTGRESQL_FUNCTION]
    if archives:
        made.append(
            f"CREATE OR REPLACE FUNCTION caseapp_{table}_archived() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF NOT {archived(table)} THEN RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = '23001'; "
            "END IF; RETURN OLD; END $$"
        )
    return [
        *made,
        f"CREATE TRIGGER {table}_kept_update BEFORE UPDATE ON {table} FOR EACH ROW {always}",
        f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON {table} FOR EACH ROW {unless_archived}",
        f"CREATE TRIGGER {table}_kept_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {always}",
    ]

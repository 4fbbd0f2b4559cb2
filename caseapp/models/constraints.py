"""What the database itself guarantees beyond keys, and which of its guarantees an error speaks of.

No day may have two case managers of a client's service line, nor two primary funding sources of a client. A
check before the insert does not hold when two people save at once, so SQLite has triggers and PostgreSQL an
exclusion constraint. Both raise IntegrityError.
"""

from string import Template
from typing import Any

from sqlalchemy import Connection, Table, event, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import IntegrityError

CASE_MANAGER_OVERLAP = "case_manager_overlap"
PRIMARY_OVERLAP = "primary_overlap"
UNIQUE = "unique"
FOREIGN_KEY = "foreign_key"

_POSTGRESQL_STATES = {"23505": UNIQUE, "23503": FOREIGN_KEY}
_TRIGGER = Template("""WHEN $new_counts AND EXISTS (
  SELECT 1 FROM $table AS other
  WHERE $equal
    AND $other_counts AND other.id <> NEW.id
    AND other.start_date <= coalesce(NEW.end_date, '9999-12-31')
    AND (other.end_date IS NULL OR other.end_date >= NEW.start_date))
BEGIN SELECT RAISE(ABORT, '$name'); END""")
_SQLITE_NAMES = {
    "SQLITE_CONSTRAINT_UNIQUE": UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": FOREIGN_KEY,
}


def broken_constraint(error: IntegrityError) -> str | None:
    """Which guarantee the statement broke.

    Returns 'case_manager_overlap', 'primary_overlap', 'unique' (any unique key), 'foreign_key' (what a row
    points at is not there, or is still pointed at), or None for another.
    """
    cause = error.orig
    diagnostics = getattr(cause, "diag", None)
    if diagnostics is not None:
        if diagnostics.constraint_name in (CASE_MANAGER_OVERLAP, PRIMARY_OVERLAP):
            return str(diagnostics.constraint_name)
        return _POSTGRESQL_STATES.get(diagnostics.sqlstate or "")
    words = str(cause)
    if words in (CASE_MANAGER_OVERLAP, PRIMARY_OVERLAP):
        return words
    return _SQLITE_NAMES.get(getattr(cause, "sqlite_errorname", ""))


def no_overlap(
    table: Table, name: str, *, same: tuple[str, ...], counts: str, watched: tuple[str, ...]
) -> None:
    """Forbid two rows of `table` that agree in the `same` columns and share a day (both ends included).

    `counts` is the condition, with `{row}` before each column, under which a row counts at all; `watched` are
    the columns whose change can break the rule.
    """
    table.append_constraint(
        ExcludeConstraint(
            # Ranges of one number, because plain equality under GiST would need an extension.
            *((func.int8range(table.c[column], table.c[column], text("'[]'")), "=") for column in same),
            (func.daterange(table.c.start_date, table.c.end_date, text("'[]'")), "&&"),
            name=name,
            where=text(counts.format(row="")),
        ).ddl_if(dialect="postgresql")
    )
    triggers = overlap_triggers(table.name, name, same=same, counts=counts, watched=watched)

    def create_triggers(_table: Table, connection: Connection, **_options: Any) -> None:
        if connection.dialect.name == "sqlite":
            for trigger in triggers:
                connection.exec_driver_sql(trigger)

    event.listen(table, "after_create", create_triggers)


def overlap_triggers(
    table: str, name: str, *, same: tuple[str, ...], counts: str, watched: tuple[str, ...]
) -> tuple[str, str]:
    """The two SQLite triggers of `no_overlap`, for insert and for update.

    After and not before the insert: there the new row has its id, and an upsert that turns into an update is
    not mistaken for a second row. An empty end becomes a far date, so that the index bounds the search.
    """
    trigger = _TRIGGER.substitute(
        table=table,
        name=name,
        equal=" AND ".join(f"other.{column} = NEW.{column}" for column in same),
        new_counts=counts.format(row="NEW."),
        other_counts=counts.format(row="other."),
    )
    return (
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table}\n{trigger}",
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF {', '.join(watched)} ON {table}\n{trigger}",
    )

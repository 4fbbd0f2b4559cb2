"""Many rows into a table, a column at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.types import TypeEngine


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows that are given as columns of equal length; values as the table's types take them.

    On SQLite past SQLAlchemy's own way of many rows, which costs more there than the database itself.
    """
    if connection.dialect.name != "sqlite":
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        connection.execute(insert(table), rows)
        return
    statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    assert statement.positiontup is not None
    bound = [_bound(table.c[name].type, columns[name], connection.dialect) for name in statement.positiontup]
    connection.exec_driver_sql(str(statement), list(zip(*bound, strict=True)))


def _bound(kind: TypeEngine[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """The values as the driver wants them; each different one is converted once."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]

"""Many rows into a table, a column at a time."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Connection, Dialect, Insert, String, Table, bindparam, func, insert, select
from sqlalchemy.types import TypeEngine


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; none is fine."""
    if rows:
        insert_columns(connection, table, {name: [row[name] for row in rows] for name in rows[0]})


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows that are given as columns of equal length; values as the table's types take them.

    Past SQLAlchemy's own ways of many rows, which cost more than the databases themselves.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(_of_arrays(table, tuple(columns)), dict(columns))
        return
    statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
    assert statement.positiontup is not None
    bound = [_bound(table.c[name].type, columns[name], connection.dialect) for name in statement.positiontup]
    connection.exec_driver_sql(str(statement), list(zip(*bound, strict=True)))


@cache
def _of_arrays(table: Table, names: tuple[str, ...]) -> Insert:
    """One statement with an array for each column, where the driver would send one statement for each row."""
    arrays = [bindparam(name, type_=ARRAY(_plain(table.c[name].type))) for name in names]
    rows = select("*").select_from(func.unnest(*arrays).table_valued(*names))
    return insert(table).from_select(names, rows, include_defaults=False)


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type without the length and order of a text: the column has them."""
    return String() if isinstance(kind, String) else kind


def _bound(kind: TypeEngine[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """The values as the driver wants them; each different one is converted once."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]

"""Put off the indexes of an empty table until its rows are in: sorted once, not each row at places all over.

Source: docs/performance.md, Import. Only on SQLite, where it is part of the import's transaction as rows are.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, exists, literal, select, table, text

_INDEXES = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
)


@contextmanager
def indexes_put_off(connection: Connection, name: str) -> Iterator[None]:
    """Within, the table has only the indexes of its keys, where it was empty before. `name` is ours."""
    any_row = select(exists(select(literal(1)).select_from(table(name))))
    puts_off = connection.dialect.name == "sqlite" and not connection.execute(any_row).scalar_one()
    indexes = connection.execute(_INDEXES, {"name": name}).all() if puts_off else []
    for index, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index}")
    yield
    for _, sql in indexes:
        connection.exec_driver_sql(sql)

"""A column among many ids that are told when the statement is sent, all in one parameter."""

import json
from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Integer, String, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Iterable[int]]):
    """An array, and on SQLite, which has none, the text of one in JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(Integer))

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else ids


class Among(GenericFunction[bool]):
    """`Among(column, "ids")` is a condition; the ids are given as the parameter of that name.

    With a parameter for each, drivers take a statement with hundreds of them apart at each sending, which
    costs as much as fetching what it finds.
    """

    type = Boolean()
    name = "among"
    inherit_cache = True

    def __init__(self, column: ColumnElement[int], ids: str) -> None:
        super().__init__(column, bindparam(ids, type_=_Ids))

    def self_group(self, against: OperatorType | None = None) -> Self:
        """As it is: SQLite is told to compare functions with a true value, and then no index serves."""
        return self


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    return compiler.process(column.in_(select(func.json_each(ids).table_valued("value").c.value)), **options)


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    return compiler.process(column == func.any(ids), **options)

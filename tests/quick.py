"""What makes the tests quick without changing what they prove: nothing is compiled for each test anew.

Every test makes an app and an engine of its own. Each would compile its hundred and more addresses, its
templates and its statements again, and wait at each commit for the disk: two thirds of the time of a test.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from caseapp.models import engine as engines

Builder = Callable[..., tuple[str, str]]
MOST_STATEMENTS = 3_000
DURABLE = engines._SQLITE_PRAGMAS  # for the tests of durability itself


class InMemory(BytecodeCache):
    """Jinja's cache of compiled templates; a changed template has another checksum, and so is compiled."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@contextmanager
def quick() -> Iterator[None]:
    """In this block. The functions for addresses depend on the rule and its defaults alone."""
    builders: dict[Any, Builder] = {}
    compile_builder, install = Rule._compile_builder, engines.install
    statements: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)

    def compiled_once(rule: Rule, append_unknown: bool = True) -> Builder:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    def with_shared_statements(engine: Engine) -> Engine:
        engine.update_execution_options(compiled_cache=statements)
        return install(engine)

    # A statement is kept with its dialect; those of one kind compile alike.
    alike: dict[str, Any] = {
        "__eq__": lambda one, other: type(one) is type(other),
        "__hash__": lambda one: hash(type(one)),
    }
    in_haste = tuple(line.replace("synchronous = FULL", "synchronous = OFF") for line in DURABLE)
    with ExitStack() as stack:
        stack.enter_context(patch.object(Rule, "_compile_builder", compiled_once))
        stack.enter_context(patch.object(Flask, "jinja_options", {"bytecode_cache": InMemory()}))
        stack.enter_context(patch.object(engines, "install", with_shared_statements))
        stack.enter_context(patch.multiple(DefaultDialect, **alike))
        stack.enter_context(patch.object(engines, "_SQLITE_PRAGMAS", in_haste))
        yield

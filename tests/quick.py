"""What makes the tests quick without changing what they prove: nothing is made for each test anew.

Every test makes an app and an engine of its own. Each would compile its hundred and more addresses, its
templates and its statements again, connect to the server again, and wait at each commit for the disk: most of
the time of a test.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType
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
from caseapp.web import account_kit
from tests.kept_connections import kept_connections

MOST_STATEMENTS = 3_000
DURABLE = engines._SQLITE_PRAGMAS  # for the tests of durability itself
COSTLY = account_kit._ARGON2  # as passwords are kept
_CHEAP = {"argon2__memory_cost": 64, "argon2__rounds": 1, "argon2__parallelism": 1}


class InMemory(BytecodeCache):
    """Jinja's cache of compiled templates; a changed template has another checksum, and so is compiled."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._compiled[bucket.key, bucket.checksum] = bucket.code


@contextmanager
def addresses_compiled_once() -> Iterator[None]:
    """What a rule compiles to depends on its words, its defaults and the converters of its map alone."""
    known: dict[Any, dict[str, Any]] = {}
    compile_rule = Rule.compile
    of_the_rule = ("_build", "_build_unknown")  # bound to it

    def compiled_once(rule: Rule) -> None:
        assert rule.map is not None
        words = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        key = (*words, rule.map.host_matching, frozenset(rule.map.converters.items()))
        if key not in known:
            compile_rule(rule)
            made = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            known[key] = made | {name: getattr(rule, name).__func__ for name in of_the_rule}
            return
        for name, value in known[key].items():
            setattr(rule, name, value.__get__(rule, None) if name in of_the_rule else value.copy())

    with patch.object(Rule, "compile", compiled_once):
        yield


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    install = engines.install
    statements: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)

    def with_shared_statements(engine: Engine) -> Engine:
        engine.update_execution_options(compiled_cache=statements)
        return install(engine)

    # A statement is kept with its dialect; those of one kind compile alike.
    alike: dict[str, Any] = {
        "__eq__": lambda one, other: type(one) is type(other),
        "__hash__": lambda one: hash(type(one)),
    }
    with (
        patch.object(engines, "install", with_shared_statements),
        patch.multiple(DefaultDialect, **alike),
    ):
        yield


@contextmanager
def quick() -> Iterator[None]:
    """In this block."""
    in_haste = tuple(line.replace("synchronous = FULL", "synchronous = OFF") for line in DURABLE)
    with ExitStack() as stack:
        stack.enter_context(addresses_compiled_once())
        stack.enter_context(statements_compiled_once())
        stack.enter_context(kept_connections())
        stack.enter_context(patch.object(Flask, "jinja_options", {"bytecode_cache": InMemory()}))
        stack.enter_context(patch.object(engines, "_SQLITE_PRAGMAS", in_haste))
        stack.enter_context(patch.object(account_kit, "_ARGON2", _CHEAP))
        yield

"""How templates become Python: the same words, put together with fewer steps.

As Jinja compiles them, each piece of a part passes through the generators of all the templates around it, and
each text is made an object that knows it is escaped, only to be joined with others. Both cost more than the
words themselves.
"""

from collections.abc import Callable, Hashable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, request
from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr, Template
from jinja2.runtime import Context
from markupsafe import Markup, escape

MOST_KEPT = 200


def init_app(app: Flask) -> None:
    """Compile the templates of `app` so, before the first one is; let them keep what is always the same."""
    app.jinja_env.code_generator_class = WholePieces
    app.jinja_env.context_class = SharedGlobals

    @lru_cache(maxsize=MOST_KEPT)
    def kept(_root: str, template: str, values: tuple[tuple[str, Hashable], ...]) -> Markup:
        part = app.jinja_env.get_template(template)
        return Markup(part.render(dict(values)))  # noqa: S704  # drawn by a template

    def drawn_once(template: str, **values: Hashable) -> Markup:
        """A part of the frame that depends on nothing else; addresses in it begin with the script root."""
        return kept(request.script_root, template, tuple(values.items()))

    app.jinja_env.globals["drawn_once"] = drawn_once


def escaped(value: Any) -> str:
    """What Jinja writes for a value in HTML; a text in which nothing is to be escaped stays as it is."""
    if type(value) is Markup:
        return value
    if type(value) is str and not (
        "&" in value or "<" in value or ">" in value or "'" in value or '"' in value
    ):
        return value
    return escape(value)


class WholePieces(CodeGenerator):
    """A template or block collects its pieces and hands out one; `escaped` stands where `escape` stood."""

    def visit_Template(self, node: Template, frame: Frame | None = None) -> None:  # noqa: N802  # as Jinja says
        self.writeline(f"from {__name__} import escaped")
        super().visit_Template(node, frame)

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        if _is_whole(frame):
            self.buffer(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        super().leave_frame(frame, with_python_scope)
        if _is_whole(frame):
            self.writeline(f"yield concat({frame.buffer})")

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("escaped(")


class SharedGlobals(Context):
    """No template has globals of its own, so no import needs to look for such, which it did at each row."""

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # as Jinja calls it
    ) -> None:
        super().__init__(environment, parent, name, blocks)


def _is_whole(frame: Frame) -> bool:
    """The frame of a template or of a block, and not of something within."""
    return frame.rootlevel or frame.block_frame

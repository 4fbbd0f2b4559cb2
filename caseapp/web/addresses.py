"""Addresses in templates, each different one put together once."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for

MOST_KEPT = 2_000


def init_app(app: Flask) -> None:
    """Let the templates' `url_for` remember: a page asks for the same few dozen addresses again and again."""

    @lru_cache(maxsize=MOST_KEPT)
    def kept(_root: str, endpoint: str, values: tuple[tuple[str, Hashable], ...]) -> str:
        return url_for(endpoint, **dict(values))  # type: ignore[arg-type]  # no option begins with _ here

    def remembering_url_for(endpoint: str, **values: Any) -> str:
        # What depends on the request at hand is put together anew.
        if endpoint.startswith(".") or any(name.startswith("_") for name in values):
            return url_for(endpoint, **values)
        return kept(request.script_root, endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = remembering_url_for

"""Addresses in templates, each different kind put together once."""

import secrets
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for

MOST_KEPT = 2_000
ID_LENGTH = 20
# What no record is called; as an ID it stands where those of the records go.
_STAND_INS = tuple(secrets.token_hex(ID_LENGTH // 2) for _ in range(4))


def init_app(app: Flask) -> None:
    """Let the templates' `url_for` remember: a page asks for the same few dozen addresses again and again.

    Of those that differ by the IDs of their records alone, one is kept, without the IDs.
    """

    @lru_cache(maxsize=MOST_KEPT)
    def kept(_root: str, endpoint: str, values: tuple[tuple[str, Hashable], ...]) -> str:
        return url_for(endpoint, **dict(values))  # type: ignore[arg-type]  # no option begins with _ here

    def remembering_url_for(endpoint: str, **values: Any) -> str:
        ids: list[str] = []
        asked: list[tuple[str, Hashable]] = []
        for name, value in values.items():
            if isinstance(value, str) and len(value) == ID_LENGTH and value.isalnum() and value.isascii():
                # It reads the same in an address.
                asked.append((name, _STAND_INS[len(ids) % len(_STAND_INS)]))
                ids.append(value)
            else:
                asked.append((name, value))
            if name.startswith("_") or len(ids) > len(_STAND_INS):
                return url_for(endpoint, **values)
        # What depends on the request at hand is put together anew.
        if endpoint.startswith("."):
            return url_for(endpoint, **values)
        address = kept(request.script_root, endpoint, tuple(asked))
        for stand_in, own in zip(_STAND_INS, ids, strict=False):
            address = address.replace(stand_in, own)
        return address

    app.jinja_env.globals["url_for"] = app.extensions["caseapp"]["url_for"] = remembering_url_for


def address_of(endpoint: str, **values: Any) -> str:
    """What a template's `url_for` says, for addresses that are made row by row."""
    address: str = current_app.extensions["caseapp"]["url_for"](endpoint, **values)
    return address

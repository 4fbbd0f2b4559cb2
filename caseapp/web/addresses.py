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
        # What depends on the request at hand is put together anew.
        if endpoint.startswith(".") or any(name.startswith("_") for name in values):
            return url_for(endpoint, **values)
        ids = [value for value in values.values() if _is_id(value)]
        if not ids or len(ids) > len(_STAND_INS):
            return kept(request.script_root, endpoint, tuple(values.items()))
        stand_ins = iter(_STAND_INS)
        asked = [(name, next(stand_ins) if _is_id(value) else value) for name, value in values.items()]
        address = kept(request.script_root, endpoint, tuple(asked))
        for stand_in, own in zip(_STAND_INS, ids, strict=False):
            address = address.replace(stand_in, own)
        return address

    app.jinja_env.globals["url_for"] = app.extensions["caseapp"]["url_for"] = remembering_url_for


def address_of(endpoint: str, **values: Any) -> str:
    """What a template's `url_for` says, for addresses that are made row by row."""
    address: str = current_app.extensions["caseapp"]["url_for"](endpoint, **values)
    return address


def _is_id(value: Any) -> bool:
    """It reads the same in an address, and could be the ID of a record."""
    return isinstance(value, str) and len(value) == ID_LENGTH and value.isalnum() and value.isascii()

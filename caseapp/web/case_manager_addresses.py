"""Where the pages of case managers are: below a client's own pages, or below those that stand in a frame."""

from typing import Any

from flask import Flask, current_app, request

FRAMED = "framed_case_managers"
FRAMES = "/embed/"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(case_managers_at=case_managers_at, is_framed=is_framed)


def is_framed() -> bool:
    """Whether this request is for a page that stands in another one, without menu and tabs."""
    return request.path.startswith(FRAMES)


def case_managers_at(page: str, **values: Any) -> str:
    """The address of a page of theirs; from within a frame, of the one that stands in it as well."""
    blueprint = FRAMED if is_framed() else "case_managers"
    address: str = current_app.extensions["caseapp"]["url_for"](f"{blueprint}.{page}", **values)
    return address

"""Refuse forms whose bytes are no UTF-8, instead of keeping something that nobody typed."""

from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

from caseapp.web.security import URLENCODED


def init_app(app: Flask) -> None:
    app.before_request(refuse_broken_text)


def refuse_broken_text() -> None:
    """400. In forms sent in parts Werkzeug puts U+FFFD for such bytes, which each form refuses by itself."""
    if request.mimetype != URLENCODED:
        return
    try:
        unquote_to_bytes(request.get_data()).decode()
    except UnicodeDecodeError:
        abort(400)

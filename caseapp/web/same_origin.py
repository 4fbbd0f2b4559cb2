"""No page of another site changes anything here, whatever token it may have got hold of.

Browsers name the page that a form or script stands on in `Origin`; programs send none, and have their tokens.
"""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import Forbidden

_READING = frozenset(("GET", "HEAD", "OPTIONS"))


class FromAnotherSite(Forbidden):
    """Sent by a page of another site, or of one that hides where it is."""


def init_app(app: Flask) -> None:
    app.before_request(refuse_other_sites)


def refuse_other_sites() -> None:
    """403 for a change that a page of another origin sends.

    The scheme is left out: where a proxy ends TLS and says nothing of it, it is known to the browser alone.
    """
    origin = request.headers.get("Origin")
    if request.method in _READING or origin is None:
        return
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:
        raise FromAnotherSite from None
    if not netloc or netloc.casefold() != request.host.casefold():
        raise FromAnotherSite

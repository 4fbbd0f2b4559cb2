"""What the log says of a request: its number, and where it went, never what it held.

The number also stands in the answer's header `X-Request-ID`, so that what somebody saw can be found.
"""

import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-ID"
_log = logging.getLogger(__name__)


class Application(Flask):
    """Flask, but that it writes no address into the log: one may hold the secret of a one-time link."""

    def log_exception(self, exc_info: Any) -> None:
        _log.error("A request failed.", exc_info=exc_info)


def init_app(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    if _log.isEnabledFor(logging.INFO):
        g.begun_at = time.perf_counter()


def end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    begun = g.pop("begun_at", None)
    if begun is not None:
        spent = round((time.perf_counter() - begun) * 1000, 1)
        fields = {"status": response.status_code, "milliseconds": spent}
        _log.info("A request was answered.", extra={"fields": fields})
    return response


def request_id() -> str:
    """The number of this request: 64 random bits."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    number: str = g.request_id
    return number


def about_request() -> Mapping[str, Any]:
    """For each line of the log: the number, the method, and the address without what stands in its places."""
    if not has_request_context():
        return {}
    rule = str(request.url_rule) if request.url_rule is not None else None
    return {"request": request_id(), "method": request.method, "address": rule}

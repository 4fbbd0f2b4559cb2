"""The security headers of every answer, and who is let in while nobody has to sign in."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from caseapp.config import Settings, is_loopback

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
)
ONE_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask, settings: Settings) -> None:
    if not settings.signs_in:
        app.before_request(refuse_others)
    add_headers_to_answers(app, settings)


def refuse_others() -> None:
    """Without sign-in: this computer alone, and only under a name of its own.

    Another site may point a name of its own at 127.0.0.1, and would then count as this one.
    """
    if request.remote_addr and not is_loopback(request.remote_addr):
        abort(403)
    if not _is_own_name(request.host):
        abort(421)


@lru_cache(maxsize=100)
def _is_own_name(host: str) -> bool:
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def add_headers_to_answers(app: Flask, settings: Settings) -> None:
    headers = {
        "Content-Security-Policy": POLICY.format(frame_ancestors=settings.frame_ancestors),
        "X-Content-Type-Options": "nosniff",
        # Over HTTPS the form token is checked against the Referer, so it must reach our own pages.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.frame_ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"
    static_version = app.extensions["caseapp"]["static_version"]

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        if request.endpoint == "static" and response.status_code in {200, 206, 304}:
            kept = request.args.get("v") == static_version
            response.headers["Cache-Control"] = (
                f"public, max-age={ONE_YEAR}, immutable" if kept else "no-cache"
            )
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

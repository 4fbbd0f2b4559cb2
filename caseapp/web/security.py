"""The security headers of every answer, the names Caseapp answers to, and how much one request may hold."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.wrappers import Response as AnyResponse

from caseapp.config import Settings, is_loopback

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
)
NOBODY = "'none'"
ONE_YEAR = 365 * 24 * 60 * 60
MOST_FIELDS = 1000
URLENCODED = "application/x-www-form-urlencoded"
NEVER_KEPT = {"Cache-Control": "no-store"}
# Watchdogs ask by whatever address the server has, and are told nothing about anybody.
WATCHED = ("health.alive", "health.ready")


def init_app(app: Flask, settings: Settings) -> None:
    if not settings.signs_in:
        app.before_request(refuse_other_computers)

    @lru_cache(maxsize=100)
    def is_own(host: str) -> bool:
        return is_own_name(host, settings)

    @app.before_request
    def refuse_other_names() -> None:
        """Another site may point a name of its own at this server, and would then count as this one."""
        if request.endpoint not in WATCHED and not is_own(request.host):
            abort(421)

    app.before_request(refuse_too_many_fields)
    add_headers_to_answers(app, settings)


def refuse_other_computers() -> None:
    """Without sign-in this computer alone is let in."""
    if request.remote_addr and not is_loopback(request.remote_addr):
        abort(403)


def is_own_name(host: str, settings: Settings) -> bool:
    """Whether a Host header is one of ours: this computer's own names, and those of CASEAPP_HOSTS.

    Where that is not set but people sign in, plain addresses too: no other site can take those over.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if is_loopback(name) or name in settings.hosts:
        return True
    return settings.signs_in and not settings.hosts and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def refuse_too_many_fields() -> None:
    """413. Forms sent in parts are counted by Werkzeug."""
    sent = request.get_data() if request.mimetype == URLENCODED else b""
    if max(sent.count(b"&"), request.query_string.count(b"&")) >= MOST_FIELDS:
        abort(413)


def headers_of(frame_ancestors: str) -> dict[str, str]:
    """What every answer bears, whatever it is; `frame_ancestors` are who may frame it."""
    headers = {
        "Content-Security-Policy": POLICY.format(frame_ancestors=frame_ancestors),
        "X-Content-Type-Options": "nosniff",
        # Over HTTPS the form token is checked against the Referer, so it must reach our own pages.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if frame_ancestors == NOBODY:
        headers["X-Frame-Options"] = "DENY"
    return headers


def bare_answer(settings: Settings, status: int, words: str) -> AnyResponse:
    """What is answered before a request has reached the application."""
    return AnyResponse(
        f"{words}\n", status, headers_of(settings.frame_ancestors) | NEVER_KEPT, mimetype="text/plain"
    )


def add_headers_to_answers(app: Flask, settings: Settings) -> None:
    headers = headers_of(settings.frame_ancestors)
    static_version = app.extensions["caseapp"]["static_version"]

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        if request.endpoint == "static" and response.status_code in {200, 206, 304}:
            kept = request.args.get("v") == static_version
            response.headers["Cache-Control"] = (
                f"public, max-age={ONE_YEAR}, immutable" if kept else "no-cache"
            )
        else:
            response.headers.update(NEVER_KEPT)
        if g.get("ended_sign_in"):
            # Not "cookies": that would sign people out of the practice's other sites as well.
            alone = not request.script_root
            response.headers["Clear-Site-Data"] = '"cache", "storage"' if alone else '"cache"'
        return response

"""The security headers of every answer: pages, fragments, errors and static files alike."""

from flask import Flask, Response, request

from caseapp.config import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
)
ONE_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask, settings: Settings) -> None:
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

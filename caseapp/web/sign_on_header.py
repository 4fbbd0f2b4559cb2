"""A sign-on proxy before Caseapp: who it says has signed in, and the forwarding headers that it sets.

The outermost layer, since it must see the address that really connected. From a trusted proxy the name in
CASEAPP_AUTH_HEADER is believed where it comes once, beside the shared secret; then the forwarding headers are
applied. From anybody else none of these headers is passed on at all.

Servers turn `X-Remote-User` and `X_Remote_User` into one variable. Waitress and gunicorn drop names with an
underscore by themselves; where another server joins doubled headers the comma gives them away.
"""

import hmac
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

from caseapp.config import Settings
from caseapp.web.security import bare_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECRET_HEADER = "X-Caseapp-Proxy-Secret"  # noqa: S105  # the name of a header
SIGNED_ON = "caseapp.signed_on"
LONGEST = 200
_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
)


class TrustedProxies:
    """Believes what trusted proxies say, and nobody else."""

    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        self._plain = app
        self._forwarded = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=0)
        self._refusal = bare_answer(settings, 400, "This request was not from the sign-on proxy.")
        self._trusted = settings.trusted_proxies
        self._secret = settings.auth_header_secret if settings.auth == "header" else ""
        self._header = settings.auth_header if settings.auth == "header" else ""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ.pop(SIGNED_ON, None)
        trusted = self._is_trusted(str(environ.get("REMOTE_ADDR", "")))
        if self._header:
            names, secrets = environ.pop(_key(self._header), None), environ.pop(_key(SECRET_HEADER), None)
            if trusted and not self._believe(environ, names, secrets):
                return self._refusal(environ, start_response)
        if trusted:
            return self._forwarded(environ, start_response)
        for key in _FORWARDED:
            environ.pop(key, None)
        return self._plain(environ, start_response)

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._trusted)

    def _believe(self, environ: "WSGIEnvironment", name: Any, secret: Any) -> bool:
        """Note who has signed on; False where that is ambiguous, or the secret is not the shared one."""
        if name is None and secret is None:
            return True  # nobody is named: a watchdog behind the proxy, or a page without sign-on
        hops = {part.strip().casefold() for part in str(environ.get("HTTP_CONNECTION", "")).split(",")}
        if hops & {self._header.casefold(), SECRET_HEADER.casefold()}:
            return False
        if secret is None or not hmac.compare_digest(str(secret).encode(), self._secret.encode()):
            return False
        if name is None:
            return True
        text = _text(str(name))
        if text is None or not text.strip() or "," in text or len(text) > LONGEST or not text.isprintable():
            return False
        environ[SIGNED_ON] = text.strip()
        return True


def username() -> str:
    """Who has signed on at the proxy, empty for nobody."""
    return cast(str, request.environ.get(SIGNED_ON, ""))


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _text(value: str) -> str | None:
    """WSGI gives the bytes of a header as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None

"""The way to sign in for a request that needs it, which loses nothing typed.

What a form sends after its sign-in has run out is kept on the server, encrypted and for the same user alone.
After signing in it is sent to its page once more, without a token: the page answers as it does to a stale
one, with the filled form, and stores nothing.
"""

import json
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app, make_response, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response as AnyResponse

from caseapp import clock
from caseapp.config import current_settings
from caseapp.extensions import db
from caseapp.usecases import kept_form
from caseapp.usecases.account_kit import token_digest
from caseapp.usecases.known_user import not_let_in
from caseapp.web import hx, sessions, sign_on_header
from caseapp.web.account_kit import account_kit

KEPT = "kept_forms"
_MOST_KEPT = 5
_KEPT_PAGE = "sign_in.kept"
THEME = "theme"
CARRIED_ON = (KEPT, THEME)
"""What a sign-in takes over from the session before it."""
FILES = frozenset(("coverage.csv", "coverage.calendar", "enrollments.effect_csv", "embed.style"))
"""A browser that is sent to one of these after signing in goes on showing the form that signs in."""
_LEFT_OUT = {"csrf_token", "old_password", "password", "present_password"}
"""Passwords are kept as their hashes alone; they are typed anew."""


class NotSignedOn(Unauthorized):
    """The sign-on proxy names nobody, or somebody who has no account here."""


def ask_to_sign_in() -> AnyResponse:
    """303 to the page that signs in; for htmx 401 with the order to go there."""
    if current_settings().auth == "header":
        username = sign_on_header.username()
        if username:
            not_let_in(db.session(), username, clock.now())
        raise NotSignedOn
    wanted = wanted_page()
    if mark := _keep_what_was_sent():
        wanted = _path_of_kept(mark, wanted)
    sign_in = sessions.current_sign_in()
    if sign_in is not None:  # half way
        if mark:
            session["next"] = wanted
        page = "second_factor.ask" if sign_in.stage == "second_factor" else "second_factor.set_up"
        return _go(url_for(page))
    _keep_theme()
    return _go(url_for("sign_in.show", next=wanted) if wanted else url_for("sign_in.show"))


def _go(address: str) -> AnyResponse:
    if not hx.wants_fragment():
        return hx.see_other(address)
    response = make_response("Please sign in again. What you typed is kept.", 401)
    response.mimetype = "text/plain"
    response.headers["Vary"] = hx.VARY
    response.headers["HX-Redirect"] = address
    return response


def wanted_page() -> str:
    """The own page to go on to: the one asked for; for a fragment, form or file the one it stands on."""
    if request.method in ("GET", "HEAD") and not hx.wants_fragment():
        asked = own_path(request.full_path.rstrip("?"))
        if asked or request.endpoint not in FILES:
            return asked
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(page[:2000])
    except ValueError:  # a header that no browser sends
        return ""
    if parts.netloc != request.host:
        return ""
    path = parts.path.removeprefix(request.script_root)
    return own_path(f"{path}?{parts.query}" if parts.query else path)


def own_path(text: str) -> str:
    """A path below this application that a page answers to; empty for anything else."""
    if len(text) > 2000 or not text.startswith("/") or text[1:2] in ("/", "\\") or not text.isprintable():
        return ""
    if "\\" in text or urlsplit(text).netloc:
        return ""
    try:
        endpoint, _ = _match(urlsplit(text).path, "GET")
    except HTTPException:
        return ""
    if endpoint != _KEPT_PAGE and (
        endpoint in FILES or endpoint.startswith(("sign_in", "second_factor", "static", "health"))
    ):
        return ""
    return text


def is_kept_form(wanted: str) -> bool:
    """Whether an own path brings a form back."""
    return bool(wanted) and _match(urlsplit(wanted).path, "GET")[0] == _KEPT_PAGE


def _match(path: str, method: str) -> tuple[str, dict[str, Any]]:
    adapter = current_app.url_map.bind("")
    return cast("tuple[str, dict[str, Any]]", adapter.match(path, method=method))


def _keep_what_was_sent() -> str:
    """Keep a form that its page would have taken a moment ago: its mark, empty where nothing is kept.

    No other site can have sent it: the token. Each window of the browser has one of its own.
    """
    over = sessions.ran_out()
    if request.method != "POST" or over is None or over.stage != "signed_in" or not request.form:
        return ""
    secret_key = current_app.config["SECRET_KEY"]
    if not sessions.is_form_of(over, request.form.get("csrf_token", ""), secret_key):
        return ""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in _LEFT_OUT]
    encrypted = account_kit().encrypt(json.dumps(fields).encode())
    token = kept_form.keep(db.session(), clock.now(), over.user_id, request.path, encrypted)
    if token is None:
        return ""
    session[KEPT] = [*_kept_forms(), token][-_MOST_KEPT:]
    return _mark(token)


def _kept_forms() -> list[str]:
    """The tokens of the forms that are kept in this browser, the latest last."""
    kept = session.get(KEPT)
    return [token for token in kept if isinstance(token, str)] if isinstance(kept, list) else []


def _mark(token: str) -> str:
    """What says in an address which form it is, and opens nothing."""
    return token_digest(token)[:12]


def _path_of_kept(mark: str, wanted: str) -> str:
    """The own path that brings a form back; where it is there no more, `wanted`."""
    address = url_for(_KEPT_PAGE, form=mark, next=wanted or None)
    return address.removeprefix(request.script_root)


def _keep_theme() -> None:
    """In a frame the page that signs in, and what follows it, go on looking like the host."""
    over = sessions.ran_out()
    if over is not None and THEME in over.data:
        session[THEME] = over.data[THEME]


def filled_again(user_id: int, mark: str = "") -> AnyResponse | None:
    """The page of the form that was kept, filled as it was sent; None where nothing is kept for this user.

    `mark` says which one, empty for the latest.
    """
    token = next((token for token in reversed(_kept_forms()) if mark in ("", _mark(token))), None)
    kept = kept_form.read(db.session(), user_id, token) if token else None
    data = account_kit().decrypt(kept.fields) if kept else None
    if kept is None or data is None:
        return None
    environ = EnvironBuilder(
        path=kept.path,
        base_url=request.root_url,
        method="POST",
        data=MultiDict([(str(name), str(value)) for name, value in json.loads(data)]),
        environ_base={name: request.environ[name] for name in _CARRIED if name in request.environ},
    ).get_environ()
    with current_app.request_context(environ):
        return cast(AnyResponse, current_app.full_dispatch_request())


_CARRIED = ("REMOTE_ADDR", "HTTP_COOKIE", "wsgi.url_scheme", "HTTP_USER_AGENT")

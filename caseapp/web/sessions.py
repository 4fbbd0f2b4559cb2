"""Flask's session: of who has signed in it lies on the server, else in a signed cookie, as Flask does.

The cookie of a sign-in holds 256 random bits and nothing else. A sign-in always gets a new one, so that no
value known before opens anything; ending it removes the row, and a copy of the cookie is worth nothing.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, cast

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeTimedSerializer

from caseapp import clock
from caseapp.config import Settings
from caseapp.domain.sign_in import is_worth_noting
from caseapp.extensions import db
from caseapp.usecases import user_session
from caseapp.usecases.account_kit import token_digest
from caseapp.usecases.user_session import Limits, SignIn
from caseapp.web import carried_messages
from caseapp.web.carried_messages import MESSAGES
from caseapp.web.cookie_cipher import CookieCipher

RAN_OUT = "ran_out"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
WITHOUT = ("/static/", "/healthz", "/readyz")


class KeptSession(SecureCookieSession):
    """The session of a sign-in: its data lies on the server, the messages for the next page beside it."""

    def __init__(self, sign_in: SignIn, messages: list[Any]) -> None:
        super().__init__(deepcopy(dict(sign_in.data)) | ({MESSAGES: messages} if messages else {}))
        self.sign_in = sign_in
        self.messages_before = tuple(messages)

    @property
    def messages(self) -> tuple[Any, ...]:
        return tuple(self.get(MESSAGES, ()))

    def changed_data(self) -> dict[str, Any] | None:
        """What is to lie on the server from now on, None where it does already."""
        if not self.modified:
            return None
        data = {name: value for name, value in self.items() if name != MESSAGES}
        return data if data != self.sign_in.data else None


class OpenSession(SecureCookieSession):
    """The session of somebody who is not signed in; `ran_out` is the sign-in that was over by itself.

    Where something is kept in its cookie, that takes the place of the sign-in's. It then says which one it
    was, so that a form in another window of the browser is known as one of it, and is not lost.
    """

    ran_out: SignIn | None = None


class SignedSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, which browsers send to where this application is mounted, and nowhere else.

    Over TLS its name binds them to that: `__Host-` to this host and all of it, `__Secure-` below a path.
    In frames of other sites it is kept apart for each of these sites.
    """

    def __init__(self, *, in_frames: bool) -> None:
        self._in_frames = in_frames

    def get_cookie_name(self, app: Flask) -> str:
        bound = "" if not request.is_secure else "__Secure-" if request.script_root else "__Host-"
        return f"{bound}{app.config['SESSION_COOKIE_NAME']}"

    def get_cookie_path(self, app: Flask) -> str:
        return request.script_root or "/"

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def get_signing_serializer(self, app: Flask) -> Any:
        signer = super().get_signing_serializer(app)
        return CookieCipher(signer, app.config["SECRET_KEY"]) if signer else None

    def get_cookie_samesite(self, app: Flask) -> str:
        return "None" if self.get_cookie_partitioned(app) else "Lax"

    def get_cookie_partitioned(self, app: Flask) -> bool:
        return self._in_frames and request.is_secure


class Sessions(SignedSessions):
    """The sessions of who signs in here, on the server."""

    session_class = OpenSession

    def __init__(self, limits: Limits, *, in_frames: bool) -> None:
        super().__init__(in_frames=in_frames)
        self._limits = limits

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(WITHOUT):
            return OpenSession()
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not _TOKEN.fullmatch(token):
            return self._with_what_ran_out(super().open_session(app, request))
        found = user_session.find(db.session(), token_digest(token), clock.now(), self._limits)
        if found is not None and not found.run_out:
            told = request.cookies.get(self._messages_cookie(app), "")
            return KeptSession(found, carried_messages.read(app, told, found.digest))
        opened = OpenSession()
        opened.ran_out = found
        return opened

    def _with_what_ran_out(self, opened: SecureCookieSession | None) -> SecureCookieSession | None:
        digest = opened.get(RAN_OUT) if opened else None
        if isinstance(opened, OpenSession) and isinstance(digest, str):
            opened.ran_out = self.find_ran_out(digest)
        return opened

    def find_ran_out(self, digest: str) -> SignIn | None:
        """The sign-in of this digest where it is over by itself."""
        found = user_session.find(db.session(), digest, clock.now(), self._limits)
        return found if found and found.run_out else None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        begun = g.pop("begun_sign_in", None)
        if begun is not None:
            self._set_cookie(app, response, self.get_cookie_name(app), begun)
        elif g.pop("ended_sign_in", False):
            self._delete_cookie(app, response, self.get_cookie_name(app))
        elif isinstance(session, KeptSession):
            response.vary.add("Cookie")
            now = clock.now()
            self._carry_messages(app, session, response)
            data = session.changed_data()
            if data is not None or is_worth_noting(session.sign_in.seen_at, now, self._limits.idle):
                user_session.note(db.session(), session.sign_in.digest, now, data)
        else:
            if isinstance(session, OpenSession) and session.ran_out and session.modified:
                session[RAN_OUT] = session.ran_out.digest
            super().save_session(app, session, response)

    def _messages_cookie(self, app: Flask) -> str:
        return f"{self.get_cookie_name(app)}_messages"

    def _carry_messages(self, app: Flask, session: KeptSession, response: Response) -> None:
        if session.messages == session.messages_before:
            return
        name = self._messages_cookie(app)
        if session.messages:
            told = carried_messages.write(app, list(session.messages), session.sign_in.digest)
            self._set_cookie(app, response, name, told)
        else:
            self._delete_cookie(app, response, name)

    def _set_cookie(self, app: Flask, response: Response, name: str, value: str) -> None:
        response.vary.add("Cookie")
        response.set_cookie(
            name,
            value,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite=self.get_cookie_samesite(app),
            partitioned=self.get_cookie_partitioned(app),
        )

    def _delete_cookie(self, app: Flask, response: Response, name: str) -> None:
        response.delete_cookie(
            name,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite=self.get_cookie_samesite(app),
            partitioned=self.get_cookie_partitioned(app),
        )


def init_app(app: Flask, settings: Settings) -> None:
    """Where people sign in here their sessions lie on the server."""
    in_frames = settings.framed_elsewhere
    if settings.auth in ("local", "oidc"):
        limits = Limits(idle=settings.idle, length=settings.session_length)
        app.session_interface = Sessions(limits, in_frames=in_frames)
    else:
        app.session_interface = SignedSessions(in_frames=in_frames)


def current_sign_in() -> SignIn | None:
    """The sign-in of this request, however far it has come."""
    kept = cast(Any, session)._get_current_object()
    return kept.sign_in if isinstance(kept, KeptSession) else None


def ran_out() -> SignIn | None:
    """The sign-in of this request that is over because it was not used, or has lasted its time.

    Who has come half way to another has left one behind as well.
    """
    opened = cast(Any, session)._get_current_object()
    if isinstance(opened, OpenSession):
        return opened.ran_out
    digest = opened.get(RAN_OUT) if isinstance(opened, KeptSession) else None
    interface = current_app.session_interface
    if not isinstance(digest, str) or not isinstance(interface, Sessions):
        return None
    return interface.find_ran_out(digest)


def begin(user_id: int, stage: str, now: datetime, keep: Mapping[str, Any]) -> None:
    """Begin a sign-in in this browser, with a new token for forms."""
    old = current_sign_in()
    data = {"csrf_token": secrets.token_hex(20), **keep}
    g.begun_sign_in = user_session.begin(
        db.session(), user_id, stage, data, now, instead_of=old.digest if old else ""
    )


def forget() -> None:
    """Take the cookie away with this answer."""
    session.clear()
    g.ended_sign_in = True


def is_form_of(sign_in: SignIn, posted: str, secret_key: str) -> bool:
    """Whether a form token was made for this sign-in, as flask_wtf makes them."""
    kept = sign_in.data.get("csrf_token")
    try:
        sent = URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token").loads(posted)
    except BadData:
        return False
    return isinstance(kept, str) and isinstance(sent, str) and hmac.compare_digest(kept, sent)

"""Passwords, authenticator codes and encryption, of Flask-Security and cryptography.

Flask-Security hashes with argon2id and knows the authenticator apps; its own pages are not registered, since
they keep the sign-in in the browser's cookie (docs/adr/0008-accounts.md). It is imported when it is first
asked for, and slows no start without accounts.
"""

import base64
import hashlib
import hmac
from typing import Any, cast

from flask import Flask, current_app

from caseapp import clock

EXTENSION = "caseapp_account_kit"
RECOVERY_CODES = 10
_ISSUER = "Caseapp"
# The second of the settings that OWASP recommends: 19 MiB, two passes.
_ARGON2 = {"argon2__memory_cost": 19_456, "argon2__rounds": 2, "argon2__parallelism": 1}


class FlaskSecurityKit:
    """An AccountKit for one secret key.

    Flask-Security is set up on an app of its own, which serves nothing: on ours it would look a user up for
    every page, in the cookie.
    """

    def __init__(self, secret_key: str) -> None:
        from flask_security import Security, UserDatastore
        from flask_security.totp import Totp

        self._key = hashlib.sha256(f"caseapp accounts {secret_key}".encode()).digest()
        self._vault = Flask("caseapp.accounts", static_folder=None)
        self._vault.config.update(
            SECRET_KEY=secret_key,
            SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # names, not secrets
            SECURITY_PASSWORD_SCHEMES=["argon2"],
            SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
            SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=_ARGON2,
            SECURITY_PASSWORD_SALT="not used by argon2",  # noqa: S106  # it salts by itself
        )
        no_model: Any = _NoModel
        Security(self._vault, UserDatastore(no_model, no_model), register_blueprint=False)
        secret = base64.b64encode(self._derived("totp")).decode()
        self._codes = Totp({"1": secret}, _ISSUER)
        self._totp = self._codes._totp  # the wrapper tells no time step, by which no code is used twice
        self._nobodys = self.hash("nobody's password")

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self._key, purpose.encode(), "sha256")

    def hash(self, password: str) -> str:
        from flask_security import hash_password

        with self._vault.app_context():
            hashed: str = hash_password(password)
        return hashed

    def verify(self, password: str, stored: str | None) -> bool:
        from flask_security import verify_password

        try:
            with self._vault.app_context():
                right = bool(verify_password(password, stored or self._nobodys))
        except (ValueError, TypeError):  # a hash of another kind, or a character that no hash takes
            return False
        return right and stored is not None

    def new_secret(self) -> str:
        return cast(str, self._totp.new().to_json(encrypt=True))

    def step_of(self, code: str, secret: str, last: int | None) -> int | None:
        from passlib.exc import TokenError

        try:
            match = self._totp.verify(code, secret, window=30, last_counter=last, time=_seconds())
        except (TokenError, ValueError):
            return None
        return cast(int, match.counter)

    def code_now(self, secret: str) -> str:
        """The code that an app with this secret shows."""
        return cast(str, self._totp.from_source(secret).generate(time=_seconds()).token)

    def shown(self, secret: str, username: str) -> tuple[str, str]:
        """The address that an app reads as a picture, and the key to type instead."""
        source = self._totp.from_source(secret)
        return source.to_uri(username), source.pretty_key()

    def new_recovery_codes(self) -> list[str]:
        codes: list[str] = self._codes.generate_recovery_codes(RECOVERY_CODES)
        return codes

    def digest(self, text: str) -> str:
        return hmac.new(self._derived("digest"), text.encode("utf-8", "replace"), "sha256").hexdigest()

    def encrypt(self, data: bytes) -> bytes:
        return cast(bytes, self._fernet().encrypt(data))

    def decrypt(self, data: bytes) -> bytes | None:
        """None where the key is no longer the one of then."""
        from cryptography.fernet import InvalidToken

        try:
            return cast(bytes, self._fernet().decrypt(data))
        except InvalidToken:
            return None

    def _fernet(self) -> Any:
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self._derived("forms")))


class _NoModel:
    """Stands where Flask-Security wants a table of its own: users are kept by our use-cases."""

    fs_uniquifier = ""


def _seconds() -> int:
    return int(clock.now().timestamp())


def account_kit() -> FlaskSecurityKit:
    """The kit of this app, made when it is first asked for."""
    kit = current_app.extensions.get(EXTENSION)
    if kit is None:
        kit = current_app.extensions[EXTENSION] = FlaskSecurityKit(current_app.config["SECRET_KEY"])
    return cast(FlaskSecurityKit, kit)

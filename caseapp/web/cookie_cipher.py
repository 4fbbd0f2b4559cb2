"""Encrypts the cookie of a session that lies in the browser, wherever it holds more than numbers.

A message for the next page names people: signed alone, it could be read by whoever looks into the cookies.
"""

import base64
import hmac
import json
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

_PLAIN = {"csrf_token", "whose"}
_SEALED = "sealed"


class CookieCipher:
    """Stands where Flask wants the serializer of its cookie."""

    def __init__(self, signer: URLSafeTimedSerializer, secret_key: str) -> None:
        self._signer = signer
        self._secret_key = secret_key

    def dumps(self, values: dict[str, Any]) -> str:
        if not values.keys() <= _PLAIN:
            values = {_SEALED: self._fernet().encrypt(json.dumps(values).encode()).decode()}
        return str(self._signer.dumps(values))

    def loads(self, cookie: str, max_age: int | None = None) -> dict[str, Any]:
        """Raises BadSignature where it is not ours, or of another key."""
        values: dict[str, Any] = self._signer.loads(cookie, max_age=max_age)
        if _SEALED not in values:
            return values
        from cryptography.fernet import InvalidToken

        try:
            opened: dict[str, Any] = json.loads(self._fernet().decrypt(values[_SEALED]))
        except (InvalidToken, TypeError, ValueError) as error:
            raise BadSignature("of another key") from error
        return opened

    def _fernet(self) -> Any:
        # Loaded when it is first needed: it takes a while.
        from cryptography.fernet import Fernet

        key = hmac.digest(self._secret_key.encode(), b"caseapp cookie", "sha256")
        return Fernet(base64.urlsafe_b64encode(key))

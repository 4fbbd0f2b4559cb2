"""What the next page of somebody signed in is to tell, kept in a cookie of its own, encrypted.

Their session lies on the server. A message lasts from one page to the next, and writing it there would cost
each save a second write, and the page after it a third.
"""

from typing import Any

from flask import Flask
from itsdangerous import BadData, URLSafeTimedSerializer

from caseapp.web.cookie_cipher import CookieCipher

MESSAGES = "_flashes"
"""Where Flask keeps them in a session."""
_OF = "of"


def read(app: Flask, cookie: str, digest: str) -> list[Any]:
    """The messages for the sign-in of this digest; none where the cookie is another's, or not ours."""
    if not cookie:
        return []
    try:
        kept = _cipher(app).loads(cookie)
    except BadData:
        return []
    messages = kept.get(MESSAGES)
    # Flask tells a category from a message by taking a pair apart.
    return [tuple(one) for one in messages] if kept.get(_OF) == digest and messages else []


def write(app: Flask, messages: list[Any], digest: str) -> str:
    """The cookie."""
    return _cipher(app).dumps({_OF: digest, MESSAGES: messages})


def _cipher(app: Flask) -> CookieCipher:
    key = str(app.secret_key)
    return CookieCipher(URLSafeTimedSerializer(key, salt="caseapp messages"), key)

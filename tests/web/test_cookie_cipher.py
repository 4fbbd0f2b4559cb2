"""What lies in a browser's cookie names nobody, also where nobody signs in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import BadSignature, URLSafeTimedSerializer

from caseapp.web.cookie_cipher import CookieCipher
from tests.databases import ONE_DATABASE

KEY = "a key for tests, which keeps no secret"


def cipher(key: str = KEY, signed_with: str = KEY) -> CookieCipher:
    return CookieCipher(URLSafeTimedSerializer(signed_with), key)


def test_what_names_somebody_is_encrypted_and_comes_back() -> None:
    values = {"csrf_token": "abc", "_flashes": [["message", {"text": "Zzyzx was added."}]]}
    cookie = cipher().dumps(values)
    assert cipher().loads(cookie, max_age=60) == values
    inside = URLSafeTimedSerializer(KEY).loads(cookie)
    assert list(inside) == ["sealed"]
    assert "Zzyzx" not in inside["sealed"]


def test_a_mere_token_is_signed_alone() -> None:
    values = {"csrf_token": "abc", "whose": 7}
    cookie = cipher().dumps(values)
    assert URLSafeTimedSerializer(KEY).loads(cookie) == values
    assert cipher().loads(cookie) == values


@pytest.mark.parametrize("sealed", ["broken", 7, "é"])
def test_what_is_not_ours_is_no_session(sealed: object) -> None:
    with pytest.raises(BadSignature):
        cipher().loads(URLSafeTimedSerializer(KEY).dumps({"sealed": sealed}))
    with pytest.raises(BadSignature):
        cipher(key="another").loads(cipher().dumps({"_flashes": []}))


@ONE_DATABASE
def test_a_message_survives_until_the_next_page(app: Flask, client: FlaskClient) -> None:
    from caseapp.web import hx

    with client.session_transaction() as session:
        session["csrf_token"] = "abc"
    with app.test_request_context():
        said = hx.said("Zzyzx was added.")
    with client.session_transaction() as session:
        session["_flashes"] = [("message", said)]
    kept = client.get_cookie("caseapp_session")
    assert kept is not None
    assert "Zzyzx was added." in client.get("/clients").text

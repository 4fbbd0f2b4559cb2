"""The sign-on header through the real server: what it makes of underscores and doubled headers."""

import socket
from ipaddress import ip_network

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.databases import ONE_DATABASE
from tests.e2e.conftest import served
from tests.web.accounts import a_user

SECRET = "a secret that only the proxy knows, too"

pytestmark = [
    pytest.mark.settings(
        auth="header",
        auth_header="X-Remote-User",
        auth_header_secret=SECRET,
        trusted_proxies=(ip_network("127.0.0.1"),),
    ),
    ONE_DATABASE,
]


def status(address: str, *headers: str) -> int:
    """Ask with these header lines exactly as they stand."""
    host, _, port = address.removeprefix("http://").partition(":")
    request = ["GET /payors HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall("\r\n".join(request).encode("latin-1"))
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return int(answer.split()[1])


def test_the_server_and_the_gate_let_no_spelling_of_the_header_pass(app: Flask, session: Session) -> None:
    a_user(app, session, "office", username="dana")
    a_user(app, session, "administrator", username="boss")
    good, secret = "X-Remote-User: dana", f"X-Caseapp-Proxy-Secret: {SECRET}"
    with served(app, app.extensions["caseapp"]["settings"]) as server:
        assert status(server.address, good, secret) == 200
        assert status(server.address, "X_Remote_User: dana", secret) == 401
        assert status(server.address, "X-Remote_User: dana", secret) == 401
        assert status(server.address, "X_Remote_User: boss", good, secret) == 200  # dropped: it is dana
        assert status(server.address, "X-Remote-User: boss", good, secret) == 400
        assert status(server.address, good, secret, secret) == 400
        assert status(server.address, good, "X_Caseapp_Proxy_Secret: " + SECRET) == 400
        assert status(server.address, "X-Remote-User : dana", secret) == 400
        assert status(server.address, good) == 400

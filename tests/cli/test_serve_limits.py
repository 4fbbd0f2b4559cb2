"""What the server cuts off by itself, before the application is asked."""

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from caseapp import BODY_LIMIT
from caseapp.cli.serve import MOST_BYTES, MOST_HEADER_BYTES, OPTIONS
from caseapp.config import Settings
from tests.e2e.conftest import served

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def status(address: str, *headers: str) -> int:
    host, _, port = address.removeprefix("http://").partition(":")
    request = ["POST /clients HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall("\r\n".join(request).encode())
        answer = connection.makefile("rb").readline()
    return int(answer.split()[1])


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"Content-Length: {MOST_BYTES + 1}", 413),
        (f"X-Much: {'x' * MOST_HEADER_BYTES}", 431),
        ("Content-Length: 0", 200),
        (f"X-Some: {'x' * 8000}", 200),
    ],
)
def test_what_no_form_needs_is_cut_off_unread(tmp_path: Path, header: str, expected: int) -> None:
    asked = []

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return []

    with served(app, Settings.from_env({}, data_dir=tmp_path)) as server:
        assert status(server.address, header) == expected
    assert bool(asked) == (expected == 200)


def test_a_form_that_is_a_little_too_large_gets_the_page_that_says_so() -> None:
    assert BODY_LIMIT < MOST_BYTES
    assert OPTIONS["channel_timeout"] == 60

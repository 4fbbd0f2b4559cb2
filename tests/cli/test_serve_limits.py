"""What the server cuts off by itself, before the application is asked."""

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from caseapp import BODY_LIMIT
from caseapp.cli.serve_limits import MOST_BYTES, MOST_HEADER_BYTES, OPTIONS, REQUEST_SECONDS, TimedChannel
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
    assert REQUEST_SECONDS == 60


def dripped(address: str, drops: list[bytes]) -> bytes:
    """Send the drops one after another, at once a tenth of a second or so apart: what is answered."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=0.1) as connection:
        for drop in drops:
            try:
                connection.sendall(drop)
                return connection.recv(100)  # an answer, or nothing where the server hangs up
            except TimeoutError:
                continue
            except ConnectionError:
                return b""
    return b"still open"


def app(_: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"whole"]


HEAD = b"POST /clients HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n"


@pytest.mark.parametrize(
    "drops",
    [[HEAD + b"X: "] + [b"x"] * 200, [HEAD + b"\r\n"] + [b"x"] * 200],
    ids=["headers", "body"],
)
def test_a_request_that_drips_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drops: list[bytes]
) -> None:
    monkeypatch.setattr(TimedChannel, "request_seconds", 0.2)
    with served(app, Settings.from_env({}, data_dir=tmp_path)) as server:
        assert dripped(server.address, drops) == b""


def test_a_request_that_comes_in_parts_within_its_time_is_answered(tmp_path: Path) -> None:
    parts = [HEAD[:30], HEAD[30:], b"\r\n", b"x" * 400, b"x" * 500]
    with served(app, Settings.from_env({}, data_dir=tmp_path)) as server:
        assert dripped(server.address, parts).startswith(b"HTTP/1.1 200 OK")


def test_the_time_begins_anew_with_each_request_of_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TimedChannel, "request_seconds", 0.5)
    whole = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with served(app, Settings.from_env({}, data_dir=tmp_path)) as server:
        host, _, port = server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            for half in (10, 20, 30):
                connection.sendall(whole[:half])
                connection.sendall(whole[half:])
                assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_blank_lines_between_requests_are_no_sign_of_life() -> None:
    class Sent(TimedChannel):
        def __init__(self) -> None:
            self.request, self._lively, self.last_activity = None, 100.0, 200.0

    channel = Sent()
    assert channel.received(b"\r\n\r\n")
    assert channel.last_activity == 100.0

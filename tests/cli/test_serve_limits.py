"""What the server cuts off by itself, before the application is asked."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from caseapp import BODY_LIMIT
from caseapp.cli import serve_limits
from caseapp.cli.serve_limits import MOST_BYTES, MOST_HEADER_BYTES, OPTIONS, REQUEST_SECONDS, TimedChannel
from caseapp.config import Settings
from caseapp.web.security import NEVER_KEPT, NOBODY, headers_of
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


@pytest.mark.parametrize("header", [f"Content-Length: {MOST_BYTES + 1}", "Content-Length: none"])
def test_what_is_cut_off_bears_the_headers_of_every_answer(address: str, header: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode())
        answer = connection.makefile("rb").read().decode()

    assert answer.startswith("HTTP/1.1 4")
    for name, value in (headers_of(NOBODY) | NEVER_KEPT).items():
        assert f"\r\n{name}: {value}\r\n" in answer


def test_a_form_that_is_a_little_too_large_gets_the_page_that_says_so() -> None:
    assert BODY_LIMIT < MOST_BYTES
    assert OPTIONS["channel_timeout"] == 60
    assert REQUEST_SECONDS == 60


class Clock:
    """Stands where the limits ask the time."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(serve_limits, "time", found)
    return found


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    def app(_: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "5")])
        return [b"whole"]

    with served(app, Settings.from_env({}, data_dir=tmp_path)) as server:
        yield server.address


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=0.1) as connection:
        yield connection


def dripped(connection: socket.socket, drops: Iterable[bytes], clock: Clock, seconds: int) -> bytes:
    """Send the drops, so many seconds apart: what is answered, nothing where the server hangs up."""
    answer = b""
    for drop in drops:
        try:
            connection.sendall(drop)
            while not answer.endswith(b"whole"):
                part = connection.recv(100)
                answer += part
                if not part:
                    return b""
            return answer
        except TimeoutError:
            clock.now += seconds
        except ConnectionError:
            return b""
    return b"still open"


HEAD = b"POST /clients HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n"


@pytest.mark.parametrize("begun", [HEAD + b"X: ", HEAD + b"\r\n"], ids=["headers", "body"])
def test_a_request_that_drips_is_cut_off(address: str, clock: Clock, begun: bytes) -> None:
    with connected(address) as connection:
        assert dripped(connection, [begun, *[b"x"] * 200], clock, 25) == b""


def test_the_time_begins_anew_with_each_request_of_a_connection(address: str, clock: Clock) -> None:
    parts = [HEAD[:30], HEAD[30:], b"\r\n", b"x" * 400, b"x" * 500]
    with connected(address) as connection:
        for _ in range(3):
            assert dripped(connection, parts, clock, 10).startswith(b"HTTP/1.1 200 OK")
        assert dripped(connection, [HEAD, *[b"x"] * 200], clock, 25) == b""


def test_blank_lines_between_requests_are_no_sign_of_life() -> None:
    class Sent(TimedChannel):
        def __init__(self) -> None:
            self.request, self._lively, self.last_activity = None, 100.0, 200.0

    channel = Sent()
    assert channel.received(b"\r\n\r\n")
    assert channel.last_activity == 100.0

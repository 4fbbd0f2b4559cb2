"""Runs `caseapp serve` over a practice, and speaks to it over the loopback as a browser does."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.browser import TOKEN
from benchmarks.making import SECRET_KEY
from benchmarks.practice import NOW, ZONE

_ADDRESS = re.compile(r"http://([0-9.]+):([0-9]+)")


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    pid: int

    def resident_mb(self) -> float:
        """The memory that the process holds, in megabytes of 10^6 bytes."""
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True
        )
        return int(told.stdout) * 1024 / 1e6


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server over the practice in `folder`, stopped at the end of the block."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CASEAPP_")}
    environ |= {
        "CASEAPP_NOW": NOW.isoformat(),
        "CASEAPP_TIMEZONE": ZONE.key,
        "CASEAPP_SECRET_KEY": SECRET_KEY,
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "caseapp", "serve", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = _ADDRESS.search(process.stdout.readline())
        if not found:
            raise RuntimeError("the server did not start")
        yield Server(found[1], int(found[2]), process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


class RemoteBrowser:
    """One browser with scripts: one kept connection, its cookies, its newest form token."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(server.host, server.port, timeout=60)
        self._cookie = ""
        self.token = ""

    def get(self, address: str) -> tuple[int, str, float]:
        """Status, text, and seconds until the last byte was here."""
        return self._send("GET", address, None)

    def post(self, address: str, form: Mapping[str, str]) -> tuple[int, str, float]:
        return self._send("POST", address, urlencode({"csrf_token": self.token, **form}))

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, address: str, body: str | None) -> tuple[int, str, float]:
        headers = {"HX-Request": "true"} if method == "POST" or "case-managers" in address else {}
        if self._cookie:
            headers["Cookie"] = self._cookie
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode("utf-8")
        seconds = time.perf_counter() - begun
        if sent := answer.getheader("Set-Cookie"):
            self._cookie = sent.partition(";")[0]
        if found := TOKEN.search(text):
            self.token = found[1]
        return answer.status, text, seconds

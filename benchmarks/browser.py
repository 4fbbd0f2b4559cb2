"""Calls a WSGI application as the server would, and tells the CPU time that each answer cost."""

import io
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """`cpu` is in seconds, of this process: from the first byte of the request to the last of the answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cpu: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Browser:
    """Keeps cookies and the newest form token; with `scripts` it asks for fragments, as htmx does."""

    def __init__(self, app: "WSGIApplication", before: Callable[[], None] = lambda: None) -> None:
        """`before` is called as each request begins."""
        self._app = app
        self._before = before
        self._cookies: dict[str, str] = {}
        self.token = ""

    def get(self, address: str, *, scripts: bool = False) -> Answer:
        return self._send("GET", address, None, scripts)

    def post(self, address: str, form: Mapping[str, str], *, scripts: bool = False) -> Answer:
        body = urlencode({"csrf_token": self.token, **form}).encode()
        return self._send("POST", address, body, scripts)

    def _send(self, method: str, address: str, body: bytes | None, scripts: bool) -> Answer:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_ACCEPT": "text/html",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body or b""),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if self._cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if scripts:
            environ["HTTP_HX_REQUEST"] = "true"
        if body is not None:
            environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
            environ["CONTENT_LENGTH"] = str(len(body))
        answer = self._timed(environ)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self._cookies[cookie] = kept
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def _timed(self, environ: dict[str, Any]) -> Answer:
        status = ""
        headers: tuple[tuple[str, str], ...] = ()
        chunks: list[bytes] = []

        def start_response(told: str, sent: Iterable[tuple[str, str]], _error: object = None) -> Any:
            nonlocal status, headers
            status, headers = told, tuple(sent)
            return chunks.append

        self._before()
        begun = time.process_time()
        answer = self._app(environ, start_response)
        try:
            chunks += answer
        finally:
            if close := getattr(answer, "close", None):
                close()
        cpu = time.process_time() - begun
        return Answer(int(status[:3]), headers, b"".join(chunks), cpu)

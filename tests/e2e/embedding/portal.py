"""A portal of another site, strict about what it lets in, that frames one page."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Portal</title>
<link rel="stylesheet" href="/portal.css">
<h1>Portal</h1>
{frame}
<script src="/portal.js"></script>
</html>
"""
STYLE = "iframe { width: 100%; height: 640px; border: 0; } iframe[name=grows] { height: 200px; }"


class Portal:
    """A WSGI application: `frame` makes the markup to paste, given the query of the portal's own address."""

    def __init__(self, policy: str, script: str, frame: Callable[[str], str]) -> None:
        self._policy, self._script, self._frame = policy, script, frame

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        answers = {
            "/": (PAGE.format(frame=self._frame(request.query_string.decode())), "text/html"),
            "/portal.css": (STYLE, "text/css"),
            "/portal.js": (self._script, "text/javascript"),
        }
        if request.path not in answers:
            return Response(status=204)(environ, start_response)
        body, kind = answers[request.path]
        answer = Response(body, mimetype=kind, headers={"Content-Security-Policy": self._policy})
        return answer(environ, start_response)

"""A portal of another site, strict about what it lets in, with what docs/embedding.md says to paste."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from tests.e2e.embedding.pasted import CASEAPP, pasted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Portal</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/portal.css">
<h1>Portal</h1>
{pasted}
<p id="below">What follows the frame</p>
</html>
"""
STYLE = """
iframe { width: 100%; height: 40rem; border: 0; }
#case-managers { width: 100%; height: 30rem; border: 0; }
"""


class Portal:
    """A WSGI application: `/` frames Caseapp, `/client` one client's case managers.

    `caseapp` is its address, `external_id` that of the client.
    """

    caseapp = ""
    external_id = ""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        page = self._answer(Request(environ).path)
        if page is None:
            return Response(status=204)(environ, start_response)
        body, kind = page
        policy = f"default-src 'none'; script-src 'self'; style-src 'self'; frame-src {self.caseapp}"
        answer = Response(body, mimetype=kind, headers={"Content-Security-Policy": policy})
        return answer(environ, start_response)

    def _answer(self, path: str) -> tuple[str, str] | None:
        if path == "/":
            return self._page('name="caseapp"', {}), "text/html"
        if path == "/client":
            return self._page('id="case-managers"', {"MRN-77": self.external_id}), "text/html"
        if path == "/portal.css":
            return STYLE, "text/css"
        if path == "/case-managers.js":
            return pasted("js", "caseapp-height", {CASEAPP: self.caseapp}), "text/javascript"
        return None

    def _page(self, holding: str, changes: dict[str, str]) -> str:
        return PAGE.format(pasted=pasted("html", holding, {CASEAPP: self.caseapp} | changes))

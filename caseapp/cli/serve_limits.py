"""How much, and for how long, somebody may send to the server before they are cut off."""

import time
from typing import TYPE_CHECKING, Any

import waitress
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from caseapp import BODY_LIMIT
from caseapp.web.security import NEVER_KEPT, NOBODY, headers_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Who sends nothing for so long is cut off, and so is who sends more than any form may hold.
SILENT_SECONDS = 60
MOST_BYTES = 4 * BODY_LIMIT
MOST_HEADER_BYTES = 64 * 1024
# A request has to arrive as a whole in this time, however busily its sender drips.
REQUEST_SECONDS = 60
OPTIONS = {
    "ident": None,
    "channel_timeout": SILENT_SECONDS,
    "max_request_body_size": MOST_BYTES,
    "max_request_header_size": MOST_HEADER_BYTES,
    # The application itself drops what no trusted proxy has set; waitress would drop all.
    "clear_untrusted_proxy_headers": False,
}


class CutOff(ErrorTask):  # type: ignore[misc]  # waitress comes without types
    """What waitress answers by itself, with the headers of every other answer."""

    def execute(self) -> None:
        self.response_headers.extend((headers_of(NOBODY) | NEVER_KEPT).items())
        super().execute()


class TimedChannel(HTTPChannel):  # type: ignore[misc]  # waitress comes without types
    """A connection that is closed where a request is not whole `request_seconds` after its first byte."""

    error_task_class = CutOff
    request_seconds: float = REQUEST_SECONDS
    _begun: float | None = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._lively = self.creation_time

    def received(self, data: bytes) -> bool:
        """Take what came. Blank lines between requests are no sign of life."""
        if self.request is None and not data.strip():
            self.last_activity = self._lively
            return True
        self._lively = time.time()
        if self.request is None:
            self._begun = self._lively
        taken: bool = super().received(data)
        if self.request is None:
            self._begun = None
        return taken

    def readable(self) -> bool:
        """Whether more is wanted. Asked in each turn of the server's loop, at least once a second."""
        # While an earlier request is answered nothing is read, so that time is not the sender's.
        if self._begun is not None and self.requests:
            self._begun = time.time()
        elif self._begun is not None and time.time() - self._begun > self.request_seconds:
            self.will_close = True
        return bool(super().readable())


def limited_server(app: "WSGIApplication", **where: Any) -> Any:
    """Waitress with these limits; `where` says on what it listens, and with how many threads."""
    server = waitress.create_server(app, **where, **OPTIONS)
    server.channel_class = TimedChannel
    return server

"""Puts on record who looks, searches, takes out and is refused, once the answer is made.

In a short write transaction of its own, which never keeps a page from being answered: what cannot be written
at once, since another writer holds the database, waits in memory for the next request or for the sealing
(caseapp/sealing.py).
"""

import logging
import threading
from collections import OrderedDict, deque
from functools import lru_cache

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.domain.actor import Actor
from caseapp.domain.entry_reader import askable
from caseapp.extensions import db
from caseapp.usecases.access_event import Access, write_all, write_soon
from caseapp.web import access
from caseapp.web.actor import known_actor

MOST_KNOWN = 10_000
MOST_WAITING = 1_000
EMERGENCY = "emergency access"
_OF_CLIENTS = "clients."
_log = logging.getLogger(__name__)


class Recorder:
    """What of a running server waits to be written, and what is known to be there already."""

    def __init__(self) -> None:
        self._waiting: deque[Access] = deque()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, event: Access) -> None:
        """Have it written with the next `flush`, unless it is kept once and is there."""
        if event.once is None or event.once not in self._known:
            self._waiting.append(event)

    def flush(self, session: Session) -> None:
        """Write what waits, where another writer lets us. Ends a read that is under way."""
        if not self._waiting:
            return
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            if len(taken) >= MOST_WAITING:
                write_all(session, taken)
            elif not write_soon(session, taken):
                self._waiting.extendleft(reversed(taken))
                return
        except OperationalError:
            session.rollback()
            self._waiting.extendleft(reversed(taken))
            _log.warning("The record of who looked at what cannot be written just now; it is kept for later.")
        except SQLAlchemyError:
            session.rollback()
            _log.exception("%d events of the record could not be written and are lost.", len(taken))
        else:
            self._remember(taken)

    def _remember(self, written: list[Access]) -> None:
        with self._lock:
            for event in written:
                if event.once is not None:
                    self._known[event.once] = None
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)


def init_app(app: Flask) -> None:
    app.extensions["caseapp"]["access_events"] = Recorder()
    app.after_request(put_on_record)


def recorder(app: Flask) -> Recorder:
    found: Recorder = app.extensions["caseapp"]["access_events"]
    return found


def shows_client(public_id: str) -> None:
    """Say that this request shows a client's record, where its address does not name them by our ID."""
    g.shown_client = public_id


def finds_no_client(external_id: str) -> None:
    """Say that the actor may not see a client of this ID of another system, or that there is none."""
    g.called_client = askable(external_id)


def put_on_record(response: Response) -> Response:
    actor = known_actor()
    if actor is None or request.endpoint is None:
        return response
    kept = recorder(current_app)
    for event in _events(actor, response):
        kept.note(event)
    kept.flush(db.session())
    return response


def _events(actor: Actor, response: Response) -> list[Access]:
    now, status = clock.now(), response.status_code
    client = _client()
    found = []
    if g.pop("signed_on", False):
        found.append(Access(actor=actor, at=now, kind="signed_in", detail="by the sign-on proxy"))
    if status == 403 and not access.role_may(actor.role, request.endpoint or ""):
        return [*found, Access(actor=actor, at=now, kind="denied", client=client, detail=_address())]
    if status == 404 and "called_client" in g and actor.sight is not None:
        # Written whether there is such a client or not: its time would tell.
        refused = Access(actor=actor, at=now, kind="denied", called=g.called_client, detail=_address())
        return [*found, refused]
    if status == 404 and client and actor.sight is not None:
        refused = Access(actor=actor, at=now, kind="denied", client=client, foreign=True, detail=_address())
        return [*found, refused]
    if status >= 400 and status != 422:
        return found
    if client and (status != 303 or request.method == "POST"):  # a mere redirection shows nothing
        during = EMERGENCY if actor.emergency_ends else ""
        found.append(Access(actor=actor, at=now, kind="viewed", client=client, detail=during))
    if request.endpoint == "clients.search" and status == 200 and request.form.get("q", "").strip():
        found.append(Access(actor=actor, at=now, kind="searched"))
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        found.append(Access(actor=actor, at=now, kind="exported", detail=_address()))
    return found


def _client() -> str:
    """The public ID of the client whose record the request is about, empty for none."""
    shown: str = g.get("shown_client", "")
    arguments = request.view_args or {}
    of_clients = (request.endpoint or "").startswith(_OF_CLIENTS)
    return shown or str(arguments.get("client_id") or (of_clients and arguments.get("public_id")) or "")


def _address() -> str:
    """The address without its IDs, beside what was done with it."""
    return f"{request.method} {_without_ids(str(request.url_rule))}"


@lru_cache
def _without_ids(rule: str) -> str:
    """/clients/…/edit for /clients/<public_id:client_id>/edit."""
    return "/".join("…" if part.startswith("<") else part.partition("<")[0] for part in rule.split("/"))

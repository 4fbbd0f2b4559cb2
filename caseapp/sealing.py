"""Seals what is on record while the server runs: at its start, and every few minutes."""

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from caseapp import clock
from caseapp.extensions import db
from caseapp.usecases.seal import seal_new
from caseapp.web.access_events import recorder

EVERY = 300.0
PATIENCE = 5.0
"""Seconds: between two, and for one under way when the server stops."""

_log = logging.getLogger(__name__)


class Sealing:
    """A thread of the server. `served` says which application is served now: a practice may be begun."""

    def __init__(self, served: Callable[[], Flask], *, every: float = EVERY) -> None:
        self._served = served
        self._every = every
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and write what still waits to be on record."""
        self._ends.set()
        self._thread.join(PATIENCE)
        app = self._served()
        with app.app_context(), Session(db.engine) as session:
            recorder(app).flush(session)

    def _run(self) -> None:
        while True:
            seal(self._served())
            if self._ends.wait(self._every):
                return


def seal(app: Flask) -> None:
    """Seal what is new in the practice of an application. What fails is tried again the next time."""
    with app.app_context(), Session(db.engine) as session:
        try:
            recorder(app).flush(session)
            done = seal_new(session, clock.now(), time.sleep)
        except SQLAlchemyError as error:
            _log.warning("The record could not be sealed now (%s); it is tried again.", type(error).__name__)
        else:
            if done.seals:
                # Whoever keeps the log elsewhere can tell from it whether the whole chain was made anew.
                _log.info("Sealed %d events; seal %d is %s.", done.events, done.end.number, done.end.hash)

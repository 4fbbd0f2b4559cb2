"""Opens practices: makes or migrates their database, and passes from the demonstration to the own one."""

import gc
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from caseapp import clock, create_app
from caseapp.config import DATABASE_NAME, Settings, sqlite_url
from caseapp.data_folder import PracticeUnavailable, make_private_folder
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.practice import Practice
from caseapp.models import migrate
from caseapp.models.engine import make_engine
from caseapp.usecases import user_account
from caseapp.usecases.coverage_settings import follow_settings
from caseapp.usecases.demo import load_demo
from caseapp.usecases.service_line_start import begin_with_usual_lines

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DEMO_NAME = "Demonstration practice"


@contextmanager
def opened(settings: Settings) -> Iterator[Session]:
    """A session of the practice that `settings` name, migrated to this version.

    Raises PracticeUnavailable where the folder cannot be used, the database is from a newer version, or it
    cannot be opened.
    """
    path = settings.database_file
    if path is not None:
        make_private_folder(path.parent)
    engine = make_engine(settings.database_url, hide_parameters=True)
    try:
        try:
            if path is not None and not path.exists():
                path.touch(mode=0o600)
            if not migrate.is_current(engine):
                migrate.upgrade(engine)
        except migrate.NewerDatabaseError as error:
            raise PracticeUnavailable(
                f"The database {_place(path)} is from a newer version of Caseapp: update Caseapp first."
            ) from error
        except (OSError, DatabaseError) as error:
            reason = " ".join(str(getattr(error, "orig", error)).split()).rstrip(".")
            raise PracticeUnavailable(f"The database {_place(path)} cannot be opened: {reason}.") from error
        with Session(engine) as session:
            rules = Practice(settings.zone, settings.notice)
            follow_settings(session, clock.now(settings), rules)
            yield session
    finally:
        engine.dispose()


def open_app(settings: Settings) -> Flask:
    """The app to be served over its database, which is made or migrated first. Raises as `opened` does.

    A practice in which nothing was ever done begins with the usual service lines.
    """
    with opened(settings) as session:
        begin_with_usual_lines(session, LOCAL_USER, clock.now(settings))
        return create_app(settings)


@contextmanager
def new_database(settings: Settings, path: Path, *, keep: bool = True) -> Iterator[Settings]:
    """Settings of an unfinished database, which stands at `path` once the block has ended without an error.

    So a practice is there whole or not at all; where `keep` is false, not at all.
    """
    make_private_folder(path.parent)
    unfinished = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        yield replace(settings, database_url=sqlite_url(unfinished))
        if keep and not path.exists():
            unfinished.rename(path)
    finally:
        for left in path.parent.glob(f"{unfinished.name}*"):
            left.unlink(missing_ok=True)


def open_demo(settings: Settings) -> Flask:
    """The app over the demonstration practice in `DIR/demo`, which is made where it is missing."""
    make_private_folder(settings.data_dir)
    path = settings.data_dir / "demo" / DATABASE_NAME
    settings = replace(settings, database_url=sqlite_url(path), demo=True, practice_name=DEMO_NAME)
    if not path.exists():
        with new_database(settings, path) as unfinished, opened(unfinished) as session:
            rules = Practice(settings.zone, settings.notice)
            load_demo(session, clock.today(settings), rules, clock.now(settings))
    return open_app(settings)


class PracticeSwitch:
    """A WSGI application that serves the demonstration, and the own practice once that is started.

    It is started by the button of the demonstration's banner, or, unless `keep_demo`, by anything that makes
    its database, such as `caseapp import` beside the running server.
    """

    def __init__(self, settings: Settings, *, keep_demo: bool = False) -> None:
        self._settings = settings
        self._waits_for_file = None if keep_demo else settings.database_file
        self._lock = threading.Lock()
        self._own: Flask | None = None
        self._demo = open_demo(settings)
        self._demo.extensions["caseapp"]["start_own_practice"] = self.start_own_practice

    def start_own_practice(self) -> str | None:
        """Serve the own practice from the next request on; make it, empty, where it is missing.

        Returns what stands in the one-time link of its first administrator, where people sign in by password.
        """
        with self._lock:
            path = self._settings.database_file
            if path is not None and not path.exists():
                with new_database(self._settings, path) as unfinished, opened(unfinished):
                    pass
            self._own = self._own or open_app(self._settings)
            return first_link(self._own)

    @property
    def served(self) -> Flask:
        """The application that answers the next request."""
        return self._own or self._demo

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._own is None and self._waits_for_file is not None and self._waits_for_file.exists():
            self.start_own_practice()
        return self.served(environ, start_response)


def open_for_serving(settings: Settings, *, demo: bool, empty: bool) -> "Flask | PracticeSwitch":
    """What to serve: the own practice where there is one or `empty` is said, else the demonstration."""
    own = settings.database_file
    app: Flask | PracticeSwitch
    if demo or not (empty or own is None or own.exists()):
        app = PracticeSwitch(settings, keep_demo=demo)
    else:
        app = open_app(settings)
    settle_memory()
    return app


def first_link(app: "Flask | PracticeSwitch") -> str | None:
    """What stands in the one-time link of the first administrator; None where nobody needs one."""
    served = served_by(app)
    if served.extensions["caseapp"]["settings"].auth != "local":
        return None
    settings = served.extensions["caseapp"]["settings"]
    with opened(settings) as session:
        return user_account.first_link(session, clock.now(settings))


def knows_nobody(app: "Flask | PracticeSwitch") -> bool:
    """People sign in elsewhere, and nobody who does would be let in: the first administrator is missing."""
    settings = served_by(app).extensions["caseapp"]["settings"]
    if settings.keeps_passwords or settings.oidc_new_users:
        return False
    with opened(settings) as session:
        return not user_account.is_anybody_there(session)


def served_by(app: "Flask | PracticeSwitch") -> Flask:
    """The application that answers the next request."""
    return app if isinstance(app, Flask) else app.served


def settle_memory() -> None:
    """What is loaded by now stays loaded: spare the garbage collector to look through it again and again."""
    gc.collect()
    gc.freeze()


def _place(path: Path | None) -> str:
    return "of CASEAPP_DATABASE_URL" if path is None else str(path)

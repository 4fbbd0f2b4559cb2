"""Closes the databases of the apps that a test made without keeping them."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from flask import Flask

from caseapp.extensions import db


@contextmanager
def closing_apps() -> Iterator[None]:
    """Afterwards no app made in this block has an open connection."""
    made: list[Flask] = []
    init_app = db.init_app

    def remember(app: Flask) -> None:
        made.append(app)
        init_app(app)

    with patch.object(db, "init_app", remember):
        yield
    for app in made:
        with app.app_context():
            db.engine.dispose()

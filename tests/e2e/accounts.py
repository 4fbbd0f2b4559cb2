"""The demonstration with people who sign in to it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.config import DATABASE_NAME, Settings
from caseapp.domain.actor import LOCAL_USER
from caseapp.domain.user_entry import UserEntry
from caseapp.models import Clinician
from caseapp.models.engine import make_engine
from caseapp.practices import open_app
from caseapp.usecases.user_account import UserSaved, add_user
from caseapp.web.account_kit import account_kit
from tests.closing_apps import closing_apps
from tests.e2e.conftest import NOW, Server
from tests.e2e.desk import Place
from tests.web.accounts import PASSWORD


@contextmanager
def opened_accounts(settings: Settings, demo_database: Path) -> Iterator[Flask]:
    """The application over a copy of the demonstration, with administrator `ann`, office `dana` and
    clinician `priya`."""
    settings.data_dir.mkdir()
    shutil.copyfile(demo_database, settings.data_dir / DATABASE_NAME)
    with closing_apps():
        app = open_app(settings)
        with app.app_context():
            hashed = account_kit().hash(PASSWORD)
        engine = make_engine(settings.database_url)
        with Session(engine) as session:
            number = session.execute(
                select(Clinician.number).where(Clinician.first_name == "Priya")
            ).scalar_one()
            for username, role in (("ann", "administrator"), ("dana", "office"), ("priya", "clinician")):
                entry = UserEntry(username, username.title(), role, number if role == "clinician" else "")
                assert isinstance(add_user(session, LOCAL_USER, NOW, entry, password_hash=hashed), UserSaved)
        engine.dispose()
        yield app


@dataclass(frozen=True)
class Accounts:
    """A server that people sign in to."""

    server: Server
    app: Flask

    def later(self, minutes: int) -> None:
        settings = self.app.extensions["caseapp"]["settings"]
        self.app.extensions["caseapp"]["settings"] = replace(
            settings, now=settings.now + timedelta(minutes=minutes)
        )


def sign_in(page: Place, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

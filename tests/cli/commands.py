"""Runs the command as a person would, in this process."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.cli import main
from caseapp.config import DATABASE_NAME
from caseapp.models import AccessEvent
from caseapp.models.engine import make_engine

NOON = "2026-11-23T17:00:00Z"


class Commands:
    """`caseapp` over one data folder; the clock stands at noon of 23 November 2026 in New York."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
        self.monkeypatch = monkeypatch
        self.data = data
        self.set(NOW=NOON)

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.monkeypatch.setenv(f"CASEAPP_{name}", value)

    def __call__(self, *arguments: Any) -> Result:
        result = CliRunner().invoke(main, [*map(str, arguments), "--data", str(self.data)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def exported(self) -> list[tuple[str, str]]:
        """Who took out what, oldest first, as the record says; it must not be about a client."""
        engine = make_engine(f"sqlite:///{self.data / DATABASE_NAME}")
        with Session(engine) as session:
            wanted = select(AccessEvent.actor, AccessEvent.detail).where(
                AccessEvent.kind == "exported", AccessEvent.client_id.is_(None)
            )
            found = [
                (actor, str(detail)) for actor, detail in session.execute(wanted.order_by(AccessEvent.id))
            ]
        engine.dispose()
        return found


BEHIND_SIGN_ON = {
    "CASEAPP_AUTH": "header",
    "CASEAPP_AUTH_HEADER": "X-Remote-User",
    "CASEAPP_AUTH_HEADER_SECRET": "a secret that only the proxy knows, too",
    "CASEAPP_TRUSTED_PROXIES": "127.0.0.1",
}
"""The settings of a practice behind a sign-on proxy on the same computer."""

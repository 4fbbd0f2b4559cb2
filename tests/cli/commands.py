"""Runs the command as a person would, in this process."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from caseapp.cli import main

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

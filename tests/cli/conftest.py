from pathlib import Path

import pytest

from tests.cli.commands import Commands


@pytest.fixture
def caseapp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Commands:
    """The command over a data folder of its own that is not there yet, on SQLite."""
    monkeypatch.delenv("CASEAPP_DATABASE_URL", raising=False)
    return Commands(monkeypatch, tmp_path / "data")

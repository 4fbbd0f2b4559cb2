"""What the tests of several use-cases begin with."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.practice_files import SMALL, write_files
from tests.usecases.importing import bring_in


@pytest.fixture
def small(session: Session, tmp_path: Path) -> Session:
    """A session of a practice that holds SMALL."""
    assert bring_in(session, write_files(tmp_path / "small", SMALL)).stored
    return session

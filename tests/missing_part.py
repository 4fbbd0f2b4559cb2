"""What a test does where a part that it needs is not on this machine."""

import os
from typing import NoReturn

import pytest


def missing_part(reason: str) -> NoReturn:
    """Skip the test and say why. In CI, where every part has to be there, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} With CI=true no test may be skipped for a missing part.", pytrace=False)
    pytest.skip(reason)

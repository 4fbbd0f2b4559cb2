"""On which databases a test runs: on all, unless it is marked."""

import pytest

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""Of what does not depend on the database, or is told of SQLite alone."""

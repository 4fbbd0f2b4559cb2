"""Fixtures of all tests. A test that takes `session`, `app` or `client` runs on SQLite and on PostgreSQL.

Rows are made by the functions of tests/builders.py. The clock stands at NOW unless the test is marked
`@pytest.mark.settings(now=…)`.
"""

import gc
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from caseapp import create_app
from caseapp.config import Settings
from caseapp.extensions import db
from caseapp.models import migrate
from caseapp.models.engine import make_engine
from tests.kept_connections import KEPT_DATABASE
from tests.openid.provider import OpenIdProvider, running_provider
from tests.postgresql_server import PostgresqlServer, running_server
from tests.quick import quick
from tests.usecases import edit_time

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)

# The property tests draw the same examples on every run, so that a red one is red for everybody.
hypothesis.settings.register_profile(
    "same-each-time", derandomize=True, deadline=None, database=None, max_examples=150
)
hypothesis.settings.load_profile("same-each-time")


def pytest_addoption(parser: pytest.Parser) -> None:
    edit_time.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "settings(**fields): fields of Settings that differ in this test")


# The last one, for others take tests out by what they are called.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    edit_time.count_sharing(config, items)


def pytest_collection_finish() -> None:
    """What is there now stays; each collection of garbage would look at all of it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def rounds(pytestconfig: pytest.Config) -> edit_time.Rounds:
    """How often a test of random edits begins anew: see --edits-minutes."""
    return edit_time.rounds_of(pytestconfig)


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with quick():
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def openid_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    """The tests of this process share it; each begins with nobody in it."""
    with running_provider(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: PostgresqlServer) -> str:
    """The URL of a migrated database, which the tests of this process share one after another."""
    postgresql_server.execute(f"CREATE DATABASE {KEPT_DATABASE}")
    url = postgresql_server.url(KEPT_DATABASE)
    _migrate(url)
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file; each test gets a copy."""
    path = tmp_path_factory.mktemp("migrated") / "caseapp.db"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    engine = make_engine(url)
    migrate.upgrade(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database: 'sqlite' or 'postgresql'. Parametrise it indirectly for one alone."""
    return str(request.param)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database without rows."""
    # Asked for only here, so that SQLite's tests do not start the other's server.
    if database == "postgresql":
        url: str = request.getfixturevalue("migrated_postgresql")
        request.getfixturevalue("postgresql_server").empty_tables(KEPT_DATABASE)
        return url
    path = tmp_path / "caseapp.db"
    shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def blank_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if database == "postgresql":
        with request.getfixturevalue("postgresql_server").new_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def settings(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    given: dict[str, object] = {
        "data_dir": tmp_path,
        "database_url": database_url,
        "secret_key": "a key for tests, which keeps no secret",
        "zone": ZONE,
        "now": NOW,
    }
    marker = request.node.get_closest_marker("settings")
    return Settings.from_env({}, **(given | (marker.kwargs if marker else {})))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    with app.app_context():
        left_open = getattr(db.engine.pool, "checkedout", int)()
        db.engine.dispose()
    assert not left_open, "a request left a connection to the database open"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()

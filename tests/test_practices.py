import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import Client as WsgiClient

from caseapp.config import Settings
from caseapp.data_folder import PracticeUnavailable
from caseapp.extensions import db
from caseapp.models import Client
from caseapp.practices import (
    PracticeSwitch,
    first_link,
    new_database,
    open_app,
    open_demo,
    open_for_serving,
    opened,
)
from tests.closing_apps import closing_apps
from tests.web.accounts import PASSWORD, token_on

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({}, data_dir=tmp_path / "data", now=NOW)


@pytest.fixture(autouse=True)
def _apps_closed() -> Iterator[None]:
    with closing_apps():
        yield


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_empty_practice_is_made_and_migrated(settings: Settings) -> None:
    app = open_app(settings)

    assert app.test_client().get("/readyz").json == {"status": "ready"}
    assert settings.database_file is not None
    assert settings.database_file.stat().st_mode & 0o777 == 0o600


def test_a_session_of_the_practice_reads_what_is_there(settings: Settings) -> None:
    with opened(settings) as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 0


def test_a_database_from_a_newer_version_is_told_and_left_alone(settings: Settings) -> None:
    with opened(settings) as session:
        session.execute(text("UPDATE caseapp_version SET version_num = '9999'"))
        session.commit()

    with pytest.raises(
        PracticeUnavailable, match=r"from a newer version of Caseapp: update Caseapp first\.$"
    ):
        open_app(settings)


def test_a_file_that_is_no_database_is_told_and_left_alone(settings: Settings) -> None:
    settings.data_dir.mkdir()
    path = settings.data_dir / "caseapp.db"
    path.write_bytes(b"These are not the rows you are looking for. " * 100)
    before = path.read_bytes()

    with pytest.raises(PracticeUnavailable, match=r"caseapp\.db cannot be opened: file is not a database\.$"):
        open_app(settings)
    assert path.read_bytes() == before


def test_a_folder_in_the_databases_place_is_told(settings: Settings) -> None:
    (settings.data_dir / "caseapp.db").mkdir(parents=True)

    with pytest.raises(PracticeUnavailable, match=r"cannot be opened: unable to open database file\.$"):
        open_app(settings)


def test_a_database_server_that_does_not_answer_is_told_without_its_address(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "CASEAPP_DATABASE_URL": "postgresql://somebody:hidden@127.0.0.1:1/practice",
            "CASEAPP_SECRET_KEY": "k" * 32,
            "CASEAPP_DATA_DIR": str(tmp_path),
        }
    )

    with pytest.raises(
        PracticeUnavailable, match="The database of CASEAPP_DATABASE_URL cannot be opened"
    ) as told:
        open_app(settings)
    assert "hidden" not in str(told.value)


def test_a_new_database_stands_there_when_its_making_has_ended(settings: Settings) -> None:
    path = settings.data_dir / "caseapp.db"

    with new_database(settings, path) as unfinished, opened(unfinished):
        assert not path.exists()

    assert names_in(settings.data_dir) == {"caseapp.db"}


def test_a_making_that_failed_leaves_nothing(settings: Settings) -> None:
    path = settings.data_dir / "caseapp.db"

    with (
        pytest.raises(ZeroDivisionError),
        new_database(settings, path) as unfinished,
        opened(unfinished),
    ):
        raise ZeroDivisionError

    assert names_in(settings.data_dir) == set()


def test_a_practice_made_meanwhile_is_not_overwritten(settings: Settings) -> None:
    path = settings.data_dir / "caseapp.db"

    with new_database(settings, path) as unfinished, opened(unfinished):
        path.write_text("made by somebody else")

    assert path.read_text() == "made by somebody else"


def test_the_demonstration_is_kept_apart_and_made_once(settings: Settings) -> None:
    open_demo(settings)
    path = settings.data_dir / "demo" / "caseapp.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE client SET first_name = 'Changed'")
    connection.close()

    app = open_demo(settings)

    assert not (settings.data_dir / "caseapp.db").exists()
    with app.app_context():
        assert db.session.scalars(select(Client.first_name).distinct()).all() == ["Changed"]


def test_without_a_practice_the_demonstration_is_served_and_with_one_that_one(settings: Settings) -> None:
    assert isinstance(open_for_serving(settings, demo=False, empty=False), PracticeSwitch)
    assert not (settings.data_dir / "caseapp.db").exists()

    assert isinstance(open_for_serving(settings, demo=False, empty=True), Flask)
    assert (settings.data_dir / "caseapp.db").exists()

    assert isinstance(open_for_serving(settings, demo=False, empty=False), Flask)
    assert isinstance(open_for_serving(settings, demo=True, empty=False), PracticeSwitch)


def shown(app: PracticeSwitch) -> str:
    page = WsgiClient(app).get("/clients").text
    return "demonstration" if "demo-banner" in page else "own"


def test_a_practice_that_is_brought_in_beside_the_server_takes_the_demonstrations_place(
    settings: Settings,
) -> None:
    app = PracticeSwitch(settings)
    assert shown(app) == "demonstration"

    with new_database(settings, settings.data_dir / "caseapp.db") as unfinished, opened(unfinished):
        pass

    assert shown(app) == "own"


def test_the_demonstration_that_was_asked_for_stays_until_the_own_practice_is_started(
    settings: Settings,
) -> None:
    with opened(settings):
        pass
    app = PracticeSwitch(settings, keep_demo=True)
    assert shown(app) == "demonstration"

    app.start_own_practice()

    assert shown(app) == "own"


def test_whoever_starts_the_own_practice_becomes_its_administrator(tmp_path: Path) -> None:
    settings = Settings.from_env({}, data_dir=tmp_path, auth="local", now=NOW)
    switch = PracticeSwitch(settings)
    link = first_link(switch)
    browser = WsgiClient(switch)

    def welcomed(address: str) -> None:
        fields = {"name": "Ann Berg", "password": PASSWORD}
        fields["csrf_token"] = token_on(browser.get(address).text)
        assert browser.post(address, data=fields).status_code == 303

    def sign_in() -> int:
        fields = {"username": "administrator", "password": PASSWORD}
        fields["csrf_token"] = token_on(browser.get("/sign-in").text)
        return browser.post("/sign-in", data=fields).status_code

    welcomed(f"/welcome/{link}")
    assert sign_in() == 303
    token = token_on(browser.get("/practice/start").text)
    answer = browser.post("/practice/start", data={"csrf_token": token})
    assert answer.headers["Location"].startswith("/welcome/")
    assert browser.get("/clients").status_code == 303  # the demonstration's sign-in is not the practice's
    welcomed(answer.headers["Location"])
    assert sign_in() == 303
    assert "No clients yet" in browser.get("/clients").text

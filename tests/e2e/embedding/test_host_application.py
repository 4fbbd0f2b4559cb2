"""Mounted inside the other Flask application that examples/ holds, with a database beside its."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from caseapp.config import DATABASE_NAME, Settings
from examples import host_application as host
from tests.e2e.accounts import Accounts, opened_accounts
from tests.e2e.conftest import OpenPage, Server, served
from tests.e2e.embedding.conftest import without_sign_in_notes
from tests.e2e.embedding.walk import walk


@pytest.fixture
def accounts(settings: Settings, demo_database: Path, tmp_path: Path) -> Iterator[Accounts]:
    settings = replace(settings, auth="local")
    with opened_accounts(settings, demo_database) as app:
        intranet = host.make_intranet(tmp_path, "a key of the intranet's own")
        with served(host.mount(intranet.wsgi_app, app.wsgi_app), settings) as server:
            yield Accounts(Server(server.address, settings), app)
        with intranet.app_context():
            host.db.engine.dispose()


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()


def test_mounted_inside_another_application_everything_works(
    accounts: Accounts, open_page: OpenPage, complaints: list[str], tmp_path: Path
) -> None:
    page = open_page(accounts.server)
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto("/")
    page.get_by_label("Notice").fill("Team meeting at nine")
    page.get_by_role("button", name="Post").click()
    page.get_by_role("link", name="Case managers").click()
    expect(page).to_have_url(f"{accounts.server.address}/caseapp/sign-in?next=/")
    walk(page, accounts)
    assert page.url.startswith(f"{accounts.server.address}/caseapp/clients/")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto("/")
    # What the intranet keeps is its own: its cookie, its rows, its tables.
    expect(page.get_by_text("You have been here 3 times.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_text("Team meeting at nine")
    assert tables(tmp_path / "intranet.db") == {"notice"}
    assert "notice" not in tables(accounts.server.settings.data_dir / DATABASE_NAME)
    without_sign_in_notes(complaints)


def test_the_two_keep_their_cookies_apart(accounts: Accounts, open_page: OpenPage) -> None:
    page = open_page(accounts.server)
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto("/")
    page.goto("/caseapp/sign-in")

    assert {(c["name"], c["path"]) for c in page.context.cookies()} == {
        ("session", "/"),
        ("caseapp_session", "/caseapp"),
    }

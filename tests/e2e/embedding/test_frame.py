"""In a frame of a portal on another site, where the browser lets no cookie of other sites through."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from caseapp.config import Settings
from tests.e2e.accounts import Accounts, opened_accounts, sign_in
from tests.e2e.conftest import Server
from tests.e2e.embedding.conftest import (
    Certificate,
    OpenSecurePage,
    served_tls,
    without,
    without_sign_in_notes,
)
from tests.e2e.embedding.portal import Portal
from tests.e2e.embedding.walk import walk


@dataclass(frozen=True)
class Framed:
    """Caseapp, the portal that may frame it, and a page that may not."""

    accounts: Accounts
    portal: Server
    stranger: Server


@pytest.fixture
def framed(settings: Settings, demo_database: Path, certificate: Certificate) -> Iterator[Framed]:
    with ExitStack() as stack:
        address = ""

        def frame(_query: str) -> str:
            return f'<iframe name="caseapp" title="Case managers" src="{address}/clients"></iframe>'

        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; frame-src https://caseapp.localhost:*"
        )
        portal = Portal(policy, "", frame)
        own = stack.enter_context(served_tls(portal, certificate, "portal.localhost"))
        other = stack.enter_context(served_tls(portal, certificate, "stranger.localhost"))
        settings = replace(settings, auth="local", frame_ancestors=own, hosts=("caseapp.localhost",))
        app = stack.enter_context(opened_accounts(settings, demo_database))
        address = stack.enter_context(served_tls(app, certificate, "caseapp.localhost"))
        yield Framed(Accounts(Server(address, settings), app), Server(own, settings), Server(other, settings))


def frame_of(page: Page, name: str = "caseapp") -> Frame:
    expect(page.locator(f"iframe[name={name}]")).to_be_visible()
    found = page.frame(name=name)
    assert found is not None
    return found


def test_in_a_frame_of_another_site_everything_works(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    page.goto("/")
    frame = frame_of(page)
    walk(frame, framed.accounts)

    (cookie,) = page.context.cookies()
    assert cookie["name"] == "__Host-caseapp_session"
    assert (cookie["path"], cookie["secure"], cookie["sameSite"]) == ("/", True, "None")
    assert cookie["partitionKey"] == "https://portal.localhost"
    frame.get_by_role("button", name="Sign out").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("You are signed out")
    without_sign_in_notes(complaints)
    without(complaints, framed.accounts.server.address)


def test_the_browser_of_these_tests_lets_no_cookie_of_another_site_into_a_frame(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    address = framed.accounts.server.address
    page.context.add_cookies(
        [{"name": "plain", "value": "1", "url": address, "secure": True, "sameSite": "None"}]
    )
    with page.expect_request(lambda request: request.url.startswith(address)) as asked:
        page.goto("/")
    expect(frame_of(page).get_by_role("heading", name="Sign in")).to_be_visible()
    assert "cookie" not in asked.value.all_headers()

    with page.expect_request(lambda request: request.url.startswith(address)) as asked:
        page.goto(f"{address}/sign-in")
    assert "plain=1" in asked.value.all_headers()["cookie"]
    without(complaints, address)


def test_a_sign_in_of_the_page_itself_is_not_one_of_the_frame(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    address = framed.accounts.server.address
    page.goto(f"{address}/sign-in")
    sign_in(page, "dana")
    expect(page.locator("#signed-in")).to_be_visible()

    page.goto("/")
    expect(frame_of(page).get_by_role("heading", name="Sign in")).to_be_visible()
    without(complaints, address)


def test_a_page_that_was_not_named_cannot_frame_it(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.stranger)
    page.goto("/")

    expect(page.locator("iframe")).to_be_visible()
    assert frame_of(page).get_by_role("heading").count() == 0
    assert any("frame-ancestors" in said for said in complaints)
    complaints.clear()

"""In a frame of a portal on another site, where the browser lets no cookie of other sites through."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from caseapp.config import Settings
from tests.e2e.accounts import sign_in
from tests.e2e.embedding.conftest import Certificate, OpenSecurePage, without, without_sign_in_notes
from tests.e2e.embedding.framed import Framed, frame_of, opened_frames
from tests.e2e.embedding.walk import walk


@pytest.fixture
def framed(settings: Settings, demo_database: Path, certificate: Certificate) -> Iterator[Framed]:
    with opened_frames(settings, demo_database, certificate) as framed:
        yield framed


def test_in_a_frame_of_another_site_everything_works(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    page.goto("/")
    frame = frame_of(page, "caseapp")
    walk(frame, framed.accounts)

    (cookie,) = page.context.cookies()
    assert cookie["name"] == "__Host-caseapp_session"
    assert (cookie["path"], cookie["secure"], cookie["sameSite"]) == ("/", True, "None")
    assert cookie["partitionKey"] == "https://portal.localhost"
    frame.get_by_role("button", name="Sign out").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("You are signed out")
    without_sign_in_notes(complaints)
    without(complaints, framed.address)


def test_the_browser_of_these_tests_lets_no_cookie_of_another_site_into_a_frame(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    address = framed.address
    page.context.add_cookies(
        [{"name": "plain", "value": "1", "url": address, "secure": True, "sameSite": "None"}]
    )
    with page.expect_request(lambda request: request.url.startswith(address)) as asked:
        page.goto("/")
    expect(frame_of(page, "caseapp").get_by_role("heading", name="Sign in")).to_be_visible()
    assert "cookie" not in asked.value.all_headers()

    with (
        page.expect_request(lambda request: "/static/mark.svg" in request.url),  # the last, and it comes late
        page.expect_request(lambda request: request.url.startswith(address)) as asked,
    ):
        page.goto(f"{address}/sign-in")
    assert "plain=1" in asked.value.all_headers()["cookie"]
    without(complaints, address)


def test_a_sign_in_of_the_page_itself_is_not_one_of_the_frame(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    address = framed.address
    page.goto(f"{address}/sign-in")
    sign_in(page, "dana")
    expect(page.locator("#signed-in")).to_be_visible()

    page.goto("/")
    expect(frame_of(page, "caseapp").get_by_role("heading", name="Sign in")).to_be_visible()
    without(complaints, address)


def test_a_page_that_was_not_named_cannot_frame_it(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.stranger)
    page.goto("/")

    expect(page.locator("iframe")).to_be_visible()
    assert frame_of(page, "caseapp").get_by_role("heading").count() == 0
    assert any("frame-ancestors" in said for said in complaints)
    complaints.clear()

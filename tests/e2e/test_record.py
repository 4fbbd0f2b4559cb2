"""What a browser keeps names nobody, and the record is read at every width."""

import base64
import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.desk import look_over

MARK = "Zzyzx"
STORED = """async () => [
  {...localStorage}, {...sessionStorage}, await indexedDB.databases(), await caches.keys(), history.state,
]"""


def kept_by_browser(page: Page) -> str:
    """Everything that the browser stores of the site, cookies opened as far as they can be without a key."""
    found: list[Any] = [page.evaluate(STORED)]
    for cookie in page.context.cookies():
        value = cookie["value"]
        found.append(value)
        for part in value.split("."):
            raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) if part else b""
            found.append(raw.decode("latin-1"))
            try:
                found.append(zlib.decompress(raw).decode("latin-1"))
            except zlib.error:
                continue
    return str(found)


def test_the_browser_keeps_no_name_that_was_typed(page: Page) -> None:
    page.goto("/clients/new")
    page.get_by_label("Last name").fill(MARK)
    page.get_by_label("First name").fill("Quagmire")
    page.get_by_role("button", name=re.compile("Save|Add client")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Quagmire {MARK}")
    assert MARK not in page.title()
    assert MARK not in page.url
    for path in ("/clients", "/audit"):
        page.goto(path)
        if path == "/clients":
            page.get_by_role("searchbox", name="Search clients").fill(MARK)
            expect(page.get_by_role("link", name=f"{MARK}, Quagmire")).to_be_visible()
        assert MARK not in kept_by_browser(page)
        assert MARK not in page.url


@pytest.mark.parametrize("width", [360, 400, 1280])
def test_the_record_is_read_at_every_width(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = open_page(demo_server, width=width)
    page.goto("/clients")
    page.locator("#client-results a.name").first.click()
    page.get_by_role("tab", name="History").click()
    page.get_by_role("link", name="Who saw this record").click()
    expect(page.get_by_role("cell", name="local user")).to_be_visible()
    look_over(page, axe_findings, "who saw it")
    page.get_by_role("button", name="Show each event").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit")
    look_over(page, axe_findings, "each event")
    page.get_by_label("Kind").select_option("Looked at a client's record")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#audit tbody tr").first).to_contain_text("Looked at a client's record")
    page.get_by_label("From").fill("2026-11-30")
    page.get_by_label("Until").fill("2026-11-20")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("Until")).to_have_value("2026-11-20")
    look_over(page, axe_findings, "refused")

"""Sessions of a client and the week of all, as somebody at the office keeps them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server


def open_tab(page: Page) -> None:
    page.goto("/clients?status=on_hold")
    page.locator("a.name").first.click()
    page.get_by_role("tab", name="Appointments").click()
    expect(page.get_by_role("tab", name="Appointments")).to_have_attribute("aria-selected", "true")


def add_weekly(page: Page) -> None:
    """Three sessions of an on-hold client, from Tue 1 Dec 2026 on."""
    page.get_by_role("link", name="Add", exact=True).click()
    form = page.locator("#appointment-form")
    form.get_by_label("Service line").select_option(index=1)
    form.get_by_label("Start date").fill("2026-12-01")
    form.get_by_label("Start time").fill("07:15")
    form.get_by_label("Repeat weekly until").fill("2026-12-20")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text(
        "sessions, weekly from Tue 1 Dec, 7:15 am, to Tue 15 Dec."
    )
    expect(page.get_by_role("status").locator("[data-code=client_on_hold]")).to_contain_text(
        "3 of 3 sessions"
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_series_is_added_moved_and_cancelled(
    demo_server: Server, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(demo_server, scripts=scripts)
    open_tab(page)
    add_weekly(page)

    dots = page.get_by_role("button", name=re.compile("^Actions for .*, Tue 8 Dec, 7:15 am$"))
    if scripts:
        expect(page.get_by_role("button", name=re.compile("Tue 1 Dec, 7:15 am$"))).to_be_focused()
    dots.click()
    page.get_by_role("menuitem", name="Edit").locator("visible=true").click()
    page.locator("#appointment-form").get_by_label("Start time").fill("07:45")
    page.locator("#appointment-form").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Tue 8 Dec, 7:45 am")

    moved = page.get_by_role("button", name=re.compile("^Actions for .*, Tue 8 Dec, 7:45 am$"))
    moved.click()
    page.get_by_role("menuitem", name="Cancel appointment").locator("visible=true").click()
    expect(page.get_by_role("status")).to_contain_text("Cancelled: ")
    row = page.get_by_role("row").filter(has=moved)
    expect(row).to_contain_text("cancelled")
    if scripts:
        expect(moved).to_be_focused()


def test_escape_and_cancel_lead_back(page: Page) -> None:
    open_tab(page)
    page.get_by_role("link", name="Add", exact=True).click()
    expect(page.locator("#appointment-form").get_by_label("Service line")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Add", exact=True)).to_be_focused()

    dots = page.get_by_role("button", name=re.compile("^Actions for ")).first
    dots.click()
    expect(page.get_by_role("menuitem", name="Edit").locator("visible=true")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#appointment-form")).to_be_visible()
    page.locator("#appointment-form").get_by_role("button", name="Cancel").click()
    expect(dots).to_be_focused()


def test_the_week_is_filtered_at_once_and_printed_without_its_menus(page: Page) -> None:
    page.goto("/appointments?week=2026-11-25")
    expect(page.locator("#week-heading")).to_have_text("23 Nov 2026 to 29 Nov 2026")

    page.get_by_label("Service line").select_option("ST")
    expect(page.locator("#week-heading")).to_contain_text("ST")
    lines = page.locator("td[data-label='Service line']")
    assert set(lines.all_text_contents()) == {"ST"}

    page.emulate_media(media="print")
    for hidden in ("nav[aria-label=Main]", "#week-filters", "nav[aria-label=Weeks] .actions"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#week-heading")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(
    demo_server: Server, open_page: OpenPage, axe_findings: Callable[[Page], list[str]], width: int
) -> None:
    page = open_page(demo_server, width=width)
    page.goto("/appointments")
    assert axe_findings(page) == []
    open_tab(page)
    assert axe_findings(page) == []
    page.get_by_role("link", name="Add", exact=True).click()
    page.locator("#appointment-form").get_by_label("Length in minutes").fill("0")
    page.locator("#appointment-form").get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

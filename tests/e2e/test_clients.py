"""The client list and the frame of all pages, as a person at a browser meets them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server


def names(page: Page) -> list[str]:
    return page.locator("#client-results a.name").all_inner_texts()


def test_typing_finds_a_client_and_leaves_what_was_typed_out_of_the_address(page: Page) -> None:
    page.goto("/clients")
    everybody = names(page)
    wanted = everybody[3]
    last, first = wanted.split(", ")

    box = page.get_by_role("searchbox", name="Search clients")
    box.press_sequentially(f"{first[:4].lower()} {last[:4].lower()}")

    expect(page.locator("#client-results a.name").first).to_have_text(wanted)
    expect(box).to_be_focused()
    assert len(names(page)) < len(everybody)
    assert page.url.endswith("/clients")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Clients").click()
    assert names(page) == everybody


def test_a_filter_narrows_at_once(page: Page) -> None:
    page.goto("/clients")

    page.get_by_label("Status").select_option("Discharged")

    expect(page.locator("#client-results .badge").first).to_have_text("Discharged")


def test_the_list_is_searched_without_scripts(scriptless_page: Page) -> None:
    page = scriptless_page
    page.goto("/clients")
    wanted = names(page)[3]

    page.get_by_role("searchbox", name="Search clients").fill(wanted)
    page.get_by_role("button", name="Search").click()

    assert wanted in names(page)
    assert page.url.endswith("/clients")
    page.get_by_role("link", name=wanted).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(" ".join(reversed(wanted.split(", "))))


def test_the_next_page_takes_the_focus_and_leads_back(page: Page) -> None:
    page.goto("/clients")
    page.get_by_label("Status").select_option("Any")
    next_button = page.get_by_role("button", name="Next")
    expect(next_button).to_be_enabled()
    first = names(page)

    next_button.click()
    expect(page.get_by_role("heading", name="Clients found")).to_be_focused()
    assert not set(names(page)) & set(first)

    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#client-results a.name").first).to_have_text(first[0])


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "light"), (400, "dark"), (800, "light"), (1280, "dark"), (1920, "light")]
)
def test_no_page_is_wider_than_the_window_and_axe_finds_nothing(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    width: int,
    theme: str,
) -> None:
    page = open_page(demo_server, width=width, color_scheme=theme)
    page.goto("/clients")
    page.locator("a.name").first.click()
    pages = ["/clients", *(tab.get_attribute("href") or "" for tab in page.get_by_role("tab").all())]

    for address in pages:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert axe_findings(page) == [], address


def test_the_row_menu_is_worked_with_the_keyboard(page: Page) -> None:
    page.goto("/clients")
    page.locator("tr", has=page.locator("a.name")).filter(has_not=page.locator(".badge")).locator(
        "a.name"
    ).first.click()
    page.get_by_role("tab", name="Clinical").click()
    button = page.get_by_role("button", name=re.compile("^Actions for ")).first

    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Edit").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Remove").first).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("menuitem", name="Edit").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_the_tabs_are_walked_with_the_arrows(page: Page) -> None:
    page.goto("/clients")
    page.locator("a.name").first.click()

    page.get_by_role("tab", name="Profile").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Clinical")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="History")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def test_a_search_that_gets_no_answer_says_so(page: Page, complaints: list[str]) -> None:
    page.goto("/clients")
    before = names(page)
    page.context.set_offline(True)

    page.get_by_role("searchbox", name="Search clients").press_sequentially("a")

    toast = page.locator("#toast")
    expect(toast).to_contain_text("No answer came from Caseapp")
    assert names(page) == before
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_be_hidden()
    complaints.clear()


def test_the_skip_link_leads_past_the_menu(page: Page) -> None:
    page.goto("/clients")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

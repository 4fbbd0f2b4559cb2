"""The start page and the caseloads in a browser, with scripts and without."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server


def test_the_start_page_leads_to_the_client_whose_gap_is_to_be_mended(page: Page) -> None:
    page.goto("/")

    card = page.get_by_role("region", name="To mend this week")
    card.get_by_role("link", name="Harper, Milo").click()

    expect(page).to_have_url(re.compile("/clinical$"))
    expect(page.get_by_role("link", name="Assign ST case manager")).to_be_visible()


def test_a_number_opens_its_list_and_the_focus_comes_back(page: Page) -> None:
    page.goto("/caseloads")
    number = page.get_by_role("link", name="Interim cases of Vidal, Tomás")

    number.click()
    dialog = page.get_by_role("dialog", name="Cases that Tomás Vidal holds as an interim")
    expect(dialog.get_by_text("for June Larkspur").first).to_be_visible()
    dialog.get_by_role("link", name="Close").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(number).to_be_focused()


def test_a_filter_changes_the_list_at_once(page: Page) -> None:
    page.goto("/caseloads")

    page.get_by_label("Service line").select_option("MH")

    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.get_by_label("Sort by").select_option("room")
    expect(page.get_by_role("rowheader").first).to_contain_text("Grey, Hollis")


def test_without_scripts_the_same_are_pages(scriptless_page: Page) -> None:
    page = scriptless_page
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Caseloads").click()
    page.get_by_label("Service line").select_option("MH")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("rowheader")).to_have_count(3)

    page.get_by_role("link", name="Clients of Fern, Odalys").click()

    expect(page.get_by_role("heading", name="Clients of Odalys Fern")).to_be_visible()


def test_on_paper_stand_the_bars_without_filters(demo_server: Server, open_page: OpenPage) -> None:
    page = open_page(demo_server)
    page.goto("/caseloads")

    page.emulate_media(media="print")

    expect(page.locator("svg.load").first).to_be_visible()
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    expect(page.locator("#caseload-filters")).to_be_hidden()

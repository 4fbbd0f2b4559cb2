"""Coverage gaps: from the menu to the form of a row, and back to a list without it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import desk
from tests.e2e.conftest import OpenPage, Server


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def walker(request: pytest.FixtureRequest, demo_server: Server, open_page: OpenPage) -> Page:
    page = open_page(demo_server, scripts=request.param)
    page.goto("/")
    return page


def errors(page: Page) -> int:
    """The number in the menu."""
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Coverage gaps")
    name = link.get_attribute("aria-label") or ""
    return int(re.sub(r"\D", "", name) or 0)


def open_gaps(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Coverage gaps").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Coverage gaps")


def test_a_gap_is_mended_from_its_row_and_the_number_goes_down(walker: Page) -> None:
    page = walker
    before = errors(page)
    assert before > 0
    open_gaps(page)
    mend = page.get_by_role("link", name="Assign: No case manager, ST, Harper, Milo")
    mend.click()
    expect(page.locator("#suggestion")).to_contain_text("Suggested: ")
    expect(desk.field(page, "Case manager")).not_to_have_value("")
    if not desk.field(page, "Start date").input_value():
        desk.field(page, "Start date").fill(desk.TODAY)

    desk.save(page)

    expect(page.get_by_role("status")).to_contain_text("is ST case manager")
    assert errors(page) == before - 1
    open_gaps(page)
    expect(mend).to_have_count(0)


def test_a_save_in_place_counts_anew(demo_server: Server, open_page: OpenPage) -> None:
    page = open_page(demo_server)
    page.goto("/")
    before = errors(page)
    desk.open_clinical(page, "Harper, Milo")
    page.get_by_role("link", name="Assign ST case manager").click()
    desk.field(page, "Start date").fill(desk.TODAY)
    desk.choose_first_who_could_be_saved(page)
    desk.save(page)
    expect(page.get_by_role("status")).to_contain_text("is ST case manager")
    assert errors(page) == before - 1


def test_a_filter_changes_the_list_in_place(demo_server: Server, open_page: OpenPage) -> None:
    page = open_page(demo_server)
    page.goto("/coverage")
    rows = page.locator("tr[data-code]")
    number = rows.count()

    page.get_by_label("Severity").select_option("warning")

    expect(page.locator("tr[data-code=no_case_manager]")).to_have_count(0)
    assert 0 < rows.count() < number
    page.get_by_role("textbox", name="As of").fill("2027-06-01")
    expect(page.locator("#coverage-heading")).to_contain_text("As of Tue 1 Jun")

"""The walk at the heart: find a client, add, edit and remove a case manager; with scripts and without."""

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


def test_a_case_manager_is_added_edited_and_removed(walker: Page) -> None:
    page = walker
    scripts = page.evaluate("typeof htmx") == "object"
    desk.open_clinical(page, "Harper, Milo")
    expect(page.get_by_role("link", name="Assign ST case manager")).to_be_visible()
    form = desk.open_form(page)
    expect(form.locator(".req").nth(1)).to_be_visible()
    assert form.locator("[required]").count() == 3

    if scripts:
        desk.choose_line(page, "ST")
        desk.field(page, "Start date").fill(desk.TODAY)
    else:
        desk.field(page, "Service line").select_option("ST")
        desk.field(page, "Start date").fill(desk.TODAY)
        page.get_by_role("button", name="Show who could be saved").click()
    name = desk.choose_first_who_could_be_saved(page)
    desk.save(page)

    status = page.get_by_role("status")
    expect(status).to_contain_text(f"Saved: {name} is ST case manager from 23 Nov 2026.")
    row = page.get_by_role("row", name=name)
    expect(row).to_contain_text("can be billed")
    expect(page.get_by_role("link", name="Assign ST case manager")).to_have_count(0)
    assert page.url.endswith("/clinical")
    if scripts:
        expect(desk.menu_of(page, name)).to_be_focused()
        expect(page.get_by_role("dialog")).to_have_count(0)

    desk.act(page, name, "Edit")
    expect(desk.field(page, "Start date")).to_have_value(desk.TODAY)
    desk.field(page, "End date").fill("2027-03-31")
    desk.save(page)
    expect(status).to_contain_text("to 31 Mar 2027")
    expect(page.get_by_role("row", name=name)).to_contain_text("31 Mar 2027")
    if scripts:
        expect(desk.menu_of(page, name)).to_be_focused()

    desk.act(page, name, "Remove")
    page.locator("#removal-form").get_by_role("button", name="Remove", exact=True).click()
    expect(status).to_contain_text(f"Removed: {name}")
    expect(desk.menu_of(page, name)).to_have_count(0)
    expect(page.get_by_role("link", name="Assign ST case manager")).to_be_visible()
    if scripts:
        expect(page.locator("#case-managers-heading")).to_be_focused()


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_field(walker: Page) -> None:
    page = walker
    scripts = page.evaluate("typeof htmx") == "object"
    desk.open_clinical(page, "Harper, Milo")
    desk.open_form(page)
    desk.field(page, "End date").fill("2027-03-31")

    desk.save(page)

    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("Three things keep this from being saved")
    expect(page.locator("#start_date-error [data-code=required]")).to_be_visible()
    expect(desk.field(page, "End date")).to_have_value("2027-03-31")
    if scripts:
        expect(summary).to_be_focused()
        expect(page.get_by_role("dialog")).to_be_visible()
        summary.get_by_role("link").last.click()
        expect(desk.field(page, "Start date")).to_be_focused()


def test_cancel_leaves_everything_as_it_was(walker: Page) -> None:
    page = walker
    scripts = page.evaluate("typeof htmx") == "object"
    desk.open_clinical(page, "Harper, Milo")
    before = page.locator("#case-manager-rows").inner_text()

    desk.open_form(page)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.locator("#case-manager-form")).to_have_count(0)
    if scripts:
        expect(page.get_by_role("link", name="Add", exact=True)).to_be_focused()
    for item in ("Edit", "Remove"):
        desk.act(page, "Priya Natarajan", item)
        expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
        page.get_by_role("button", name="Cancel", exact=True).click()
        expect(desk.menu_of(page, "Priya Natarajan")).to_be_visible()
        if scripts:
            expect(desk.menu_of(page, "Priya Natarajan")).to_be_focused()
    assert page.locator("#case-manager-rows").inner_text() == before


def test_a_removal_of_what_covered_sessions_asks_for_the_reason_or_ends_it_instead(walker: Page) -> None:
    page = walker
    desk.open_clinical(page, "Harper, Milo")
    desk.act(page, "Priya Natarajan", "Remove")
    form = page.locator("#removal-form")
    expect(form).to_contain_text(re.compile("This leaves without a case manager: .* past sessions"))

    form.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#reason-error [data-code=required]")).to_be_visible()
    page.get_by_role("link", name="end it instead").click()

    expect(desk.field(page, "End date")).not_to_have_value("")
    desk.save(page)
    expect(page.get_by_role("status")).to_contain_text("Saved: Priya Natarajan is ABA case manager")


def test_a_form_on_a_page_of_its_own_saves_and_returns_to_the_tab(
    demo_server: Server, open_page: OpenPage
) -> None:
    """Edit opened in a new tab, where scripts run."""
    page = open_page(demo_server)
    page.goto("/")
    desk.open_clinical(page, "Harper, Milo")
    tab = page.url
    desk.menu_of(page, "Priya Natarajan").click()
    address = page.get_by_role("menuitem", name="Edit", exact=True).get_attribute("href") or ""

    page.goto(address)
    desk.field(page, "End date").fill("2027-03-31")
    desk.save(page)

    expect(page).to_have_url(tab)
    expect(page.get_by_role("status")).to_contain_text("to 31 Mar 2027")

"""Clinicians in a real browser: find, edit by keyboard, a last day, a leave; with and without scripts."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.desk import look_over


def open_clinician(page: Page, name: str) -> None:
    page.goto("/clinicians")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_are_accessible_and_nothing_is_cut_off(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = open_page(demo_server, width=width)
    looked_over = partial(look_over, page, axe_findings)

    page.goto("/clinicians")
    looked_over("list")
    open_clinician(page, "Calloway, Inés")
    looked_over("page")
    page.get_by_role("link", name="Edit Inés Calloway").click()
    page.get_by_label("Individual NPI").fill("1234567890")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#npi-error")).to_be_visible()
    looked_over("refused form")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="Edit Inés Calloway")).to_be_focused()
    page.get_by_role("link", name="Add leave").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    looked_over("dialog")


def test_typing_narrows_the_list(page: Page) -> None:
    page.goto("/clinicians")

    page.get_by_label("Search clinicians").press_sequentially("reyes cas")

    expect(page.locator("a.name")).to_have_text(["Reyes-Holt, Caspian"])
    assert page.url.endswith("/clinicians")


def test_an_npi_is_checked_while_it_is_typed(page: Page) -> None:
    open_clinician(page, "Grey, Hollis")
    page.get_by_role("link", name="Edit Hollis Grey").click()
    npi, hint = page.get_by_label("Individual NPI"), page.locator("#npi-hint")

    npi.press_sequentially("12345")
    expect(hint).to_have_text("5 of 10 digits.")
    npi.press_sequentially("67890")
    expect(hint).to_contain_text("does not fit")
    npi.fill("1900001003")
    expect(hint).to_contain_text("Priya Natarajan (K-01)")
    npi.fill("1234567893")
    expect(hint).to_have_text("The NPI is valid.")
    expect(npi).to_be_focused()


def test_a_last_day_is_set_by_keyboard_and_leads_to_the_successor(page: Page) -> None:
    open_clinician(page, "Calloway, Inés")
    page.get_by_role("link", name="Edit Inés Calloway").press("Enter")
    expect(page.get_by_label("Number")).to_be_focused()
    page.get_by_label("Last day").fill("2026-12-15")
    page.get_by_label("E-mail").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Hand-over comes next")
    expect(page.get_by_role("link", name="Edit Inés Calloway")).to_be_focused()
    page.get_by_role("link", name="Name the PT successor for Bo Pinecone").press("Enter")

    expect(page.get_by_role("heading", name="Bo Pinecone")).to_be_visible()
    expect(page.get_by_label("Start date")).to_have_value("2026-12-16")
    expect(page.get_by_label("Service line")).to_have_value("PT")


def test_an_assistant_is_proposed_as_no_case_manager(page: Page) -> None:
    page.goto("/clinicians/new")
    expect(page.get_by_label("Number")).to_have_value("K-17")
    expect(page.get_by_label("May be case manager")).to_be_checked()

    page.get_by_label("Credential").fill("COTA")
    page.get_by_label("Credential").press("Tab")

    expect(page.get_by_label("May be case manager")).not_to_be_checked()
    expect(page.get_by_label("Individual NPI")).to_be_focused()


def test_a_leave_comes_changes_and_goes(page: Page) -> None:
    open_clinician(page, "Vidal, Tomás")
    page.get_by_role("link", name="Add leave").click()
    page.get_by_label("First day").fill("2027-03-01")
    page.get_by_label("Last day").fill("2027-03-05")
    page.get_by_role("button", name="Save").click()
    menu = page.get_by_role("button", name="Actions for the leave from 1 Mar 2027")
    expect(menu).to_be_focused()

    menu.press("Enter")
    page.get_by_role("menuitem", name="Edit").press("Enter")
    expect(page.get_by_label("First day")).to_be_focused()
    page.get_by_role("button", name="Cancel").click()
    expect(menu).to_be_focused()
    menu.press("Enter")
    page.get_by_role("menuitem", name="Remove").press("Enter")
    page.get_by_role("button", name="Remove").press("Enter")

    expect(page.get_by_role("heading", name="Leaves")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Removed: the leave")
    expect(menu).to_have_count(0)


def test_everything_works_without_scripts(scriptless_page: Page) -> None:
    page = scriptless_page
    page.goto("/clinicians/new")
    page.get_by_label("Last name").fill("Alder")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_contain_text("Enter the first name.")
    page.get_by_label("First name").fill("Robin")
    page.get_by_label("ST · Speech Therapy").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Robin Alder")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Saved: Robin Alder (K-17).")
    page.get_by_role("link", name="Add leave").click()
    page.get_by_label("First day").fill("2027-01-04")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("is on leave from 4 Jan")
    page.goto("/clinicians")
    page.get_by_label("Search clinicians").fill("alder")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("a.name")).to_have_text(["Alder, Robin"])

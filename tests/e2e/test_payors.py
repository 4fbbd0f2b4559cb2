"""Payors and enrollments in a real browser: keep them, read the grid, enter what a letter says."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.desk import look_over


def open_clinician(page: Page, name: str) -> None:
    page.goto("/clinicians")
    page.get_by_role("link", name=name).click()
    expect(page.locator("#enrollments")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_are_accessible_and_nothing_is_cut_off(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = open_page(demo_server, width=width)
    looked_over = partial(look_over, page, axe_findings)

    page.goto("/payors/enrollments")
    looked_over("grid")
    page.goto("/payors")
    looked_over("list")
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_be_focused()
    looked_over("refused form")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.get_by_role("link", name="Lantern Mutual").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lantern Mutual")
    looked_over("payor")
    open_clinician(page, "Okafor, Sam")
    page.get_by_role("button", name=re.compile("^Actions for Lantern Mutual")).click()
    page.get_by_role("menuitem", name="Remove").click()
    expect(page.locator("#removal-form")).to_be_visible()
    looked_over("removal")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("link", name="Show them, for the biller").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this means for past sessions")
    looked_over("effect")


def test_a_payor_is_kept_by_keyboard(page: Page) -> None:
    page.goto("/payors")
    page.get_by_role("link", name="Add", exact=True).press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Aspen Health")
    page.keyboard.press("Tab")
    page.keyboard.type("ASPEN")
    page.keyboard.press("Tab")
    page.keyboard.type("Insurance")
    page.get_by_label("Code").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Saved: Aspen Health (ASPEN).")
    expect(page.get_by_role("link", name="Aspen Health")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Edit", exact=True).press("Enter")
    page.get_by_label("Name").fill("Aspen Plan")
    page.get_by_label("Name").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Aspen Plan")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_focused()
    expect(page.locator("#history")).to_contain_text("Aspen Health → Aspen Plan")


def test_a_cell_of_the_grid_leads_to_the_form_of_its_enrollment(page: Page) -> None:
    page.goto("/payors/enrollments?service_line=ST")
    expect(page.locator("#single-points")).to_contain_text("Cedar State Plan · ST: only Mei Lindqvist")

    page.get_by_role("row", name="Birch, Jonah").get_by_role("link", name="denied").click()

    expect(page.get_by_label("Status")).to_have_value("denied")
    expect(page.get_by_label("Payor")).to_have_value("CEDARSTATE")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_letter_about_the_past_ends_in_a_list_for_the_biller(
    demo_server: Server, open_page: OpenPage, tmp_path: Path, scripts: bool
) -> None:
    page = open_page(demo_server, scripts=scripts)
    open_clinician(page, "Okafor, Sam")
    row = page.locator("#enrollments tr", has_text="Blue Meadow Health")
    row.get_by_role("button").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_label("Status").select_option("terminated")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#end_date-error")).to_have_text(
        "Enter the last day on which the terminated enrollment held."
    )
    page.get_by_label("End date").fill("2026-06-30")
    page.get_by_label("Learned on").fill("2026-11-20")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("status")).to_contain_text("no longer billable")
    if scripts:
        expect(row.get_by_role("button")).to_be_focused()
    expect(row).to_contain_text("learned on 20 Nov 2026")
    page.get_by_role("link", name="Show them, for the biller").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "client_number,service_line,date,appointment_number,minutes,payor,clinician,npi"
    assert len(lines) - 1 == page.locator("#lost tbody tr").count() > 0


def test_the_grid_is_printed_without_what_is_for_the_screen(page: Page) -> None:
    page.goto("/payors/enrollments")
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Filter")).to_be_hidden()
    expect(page.locator("table.grid")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()

"""A practice needs no file to work: from nothing to the first session, all of it on screen."""

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from caseapp.config import Settings
from caseapp.practices import open_for_serving
from tests.closing_apps import closing_apps
from tests.e2e.conftest import OpenPage, Server, served
from tests.e2e.desk import look_over


@pytest.fixture
def own_server(settings: Settings) -> Iterator[Server]:
    """What `--empty` serves over an empty folder."""
    with (
        closing_apps(),
        served(open_for_serving(settings, demo=False, empty=True), settings) as server,
    ):
        yield server


def step(page: Page, name: str) -> None:
    """The first steps stand on the empty list of clients."""
    page.goto("/clients")
    page.locator("#client-results").get_by_role("link", name=name).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_an_empty_practice_to_the_first_session(
    own_server: Server, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(own_server, scripts=scripts)
    step(page, "service lines")
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("Code").fill("MUS")
    page.get_by_label("Name").fill("Music Therapy")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: Music Therapy (MUS).")

    step(page, "payors")
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("Name").fill("Aspen Health")
    page.get_by_label("Code").fill("ASPEN")
    page.get_by_label("Type").select_option("insurance")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: Aspen Health (ASPEN).")

    step(page, "clinicians")
    page.get_by_role("main").get_by_role("link", name=re.compile("New clinician|Add")).click()
    page.locator("#number").fill("K-1")
    page.get_by_label("Last name").fill("Larkspur")
    page.get_by_label("First name").fill("June")
    page.get_by_label("Individual NPI").fill("1234567893")
    page.get_by_label("MUS · Music Therapy").check()
    page.get_by_label("May be case manager").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("June Larkspur")
    page.get_by_role("link", name="Add enrollment").click()
    page.get_by_label("Payor").select_option("ASPEN")
    page.get_by_label("Status").select_option("approved")
    page.get_by_label("Effective date").fill("2026-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#enrollments")).to_contain_text("Aspen Health")

    step(page, "Take in the first client")
    page.get_by_label("Last name").fill("Fernside")
    page.get_by_label("First name").fill("Bo")
    page.locator("#service_line_1").select_option("MUS")
    page.locator("#line_start_date_1").fill("2026-11-20")
    page.locator("#payor_1").select_option("ASPEN")
    page.locator("#start_date_1").fill("2026-11-01")
    page.get_by_role("main").get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("status")).to_contain_text("Next: MUS needs a case manager.")
    page.get_by_role("link", name="Assign MUS case manager").click()
    form = page.locator("#case-manager-form")
    form.locator("#clinician").select_option("K-1")
    form.get_by_label("Start date").fill("2026-11-23")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("is MUS case manager from")

    page.get_by_role("tab", name="Appointments").click()
    page.get_by_role("link", name="Add", exact=True).click()
    form = page.locator("#appointment-form")
    form.get_by_label("Service line").select_option("MUS")
    form.get_by_label("Start date").fill("2026-12-01")
    form.get_by_label("Start time").fill("09:00")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Tue 1 Dec, 9:00 am")
    expect(page.get_by_role("status").locator("[data-code]")).to_have_count(0)

    page.goto("/clients")
    expect(page.locator("#client-results")).to_contain_text("Aspen Health")
    expect(page.locator("#client-results .badge")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_service_lines_are_accessible_and_nothing_is_cut_off(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = open_page(demo_server, width=width)
    looked_over = partial(look_over, page, axe_findings)

    page.goto("/service-lines")
    looked_over("list")
    page.get_by_role("button", name="Actions for ABA").press("Enter")
    page.get_by_role("menuitem", name="Remove").locator("visible=true").press("Enter")
    expect(page.locator("#form-error")).to_contain_text("so it stays.")
    expect(page.locator("#error-summary")).to_be_focused()
    looked_over("in use")
    page.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_role("button", name="Actions for ABA")).to_be_focused()
    page.get_by_role("link", name="Add", exact=True).press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    looked_over("refused dialog")

"""In the browser: a client is taken in, gets a case manager, changes payor and leaves."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_from_intake_to_case_manager(page: Page, axe_findings: Callable[[Page], list[str]]) -> None:
    page.goto("/clients")
    page.get_by_role("link", name="+ New client").click()
    expect(page.get_by_role("heading", name="New client")).to_be_visible()
    assert axe_findings(page) == []
    page.get_by_label("Last name").fill("Doe")
    page.get_by_label("Date of birth").fill("2030-01-01")
    page.get_by_role("button", name="Another service line").click()
    expect(page.locator("#service_line_2")).to_be_focused()
    expect(page.get_by_label("Last name")).to_have_value("Doe")

    page.get_by_role("button", name="Save").click()

    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#date_of_birth-error")).to_contain_text("lies in the future")
    assert axe_findings(page) == []
    page.get_by_label("First name").fill("Bee")
    page.get_by_label("Date of birth").fill("2019-01-01")
    page.locator("#service_line_1").select_option("ST")
    page.locator("#line_start_date_1").fill("2026-11-20")
    page.locator("#payor_1").select_option(index=1)
    page.locator("#start_date_1").fill("2026-11-01")
    page.get_by_label("Last name").press("Enter")
    expect(page.get_by_role("heading", name="Bee Doe")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Next: ST needs a case manager.")
    assert axe_findings(page) == []

    page.get_by_role("link", name="Assign ST case manager").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Service line")).to_have_value("ST")
    dialog.locator("#clinician optgroup").first.locator("option").first.wait_for(state="attached")
    who = dialog.locator("#clinician optgroup[label='Could be saved'] option").first.get_attribute("value")
    dialog.get_by_label("Case manager").select_option(who)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("is ST case manager from")
    expect(dialog).to_have_count(0)


def test_the_tabs_profile_and_funding_by_keyboard_and_axe(
    page: Page, axe_findings: Callable[[Page], list[str]]
) -> None:
    page.goto("/clients")
    page.locator("a.name").nth(4).click()
    assert axe_findings(page) == []
    page.get_by_role("link", name="Edit", exact=True).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Client number")).to_be_focused()
    assert axe_findings(page) == []
    dialog.get_by_label("Preferred name").fill("Bumble")
    dialog.get_by_label("Preferred name").press("Enter")
    expect(page.locator("#client-line")).to_contain_text("called Bumble")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_focused()

    page.get_by_role("link", name="Discharge", exact=True).press("Enter")
    assert axe_findings(page) == []
    dialog.get_by_role("button", name="Discharge").press("Enter")
    expect(dialog.locator("#last_day-error")).to_contain_text("after this day")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    page.get_by_role("tab", name="Funding source").press("Enter")
    assert axe_findings(page) == []
    page.locator(".dots").first.press("Enter")
    page.get_by_role("menuitem", name="Edit").press("Enter")
    expect(page.locator("#record-form #payor")).to_be_focused()
    page.locator("#member_id").fill("W-77")
    page.locator("#member_id").press("Enter")
    expect(page.locator("#funding")).to_contain_text("W-77")
    page.get_by_role("link", name="Who must change?", exact=True).click()
    expect(page.get_by_role("heading", name="Who must change?")).to_be_visible()
    assert axe_findings(page) == []


def test_a_narrow_page_scrolls_in_one_direction_only(narrow_page: Page) -> None:
    for address in ("/clients/new", "/clients"):
        narrow_page.goto(address)
        assert not narrow_page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_intake_needs_no_scripts(scriptless_page: Page) -> None:
    page = scriptless_page
    page.goto("/clients/new")
    page.get_by_label("Last name").fill("Doe")
    page.get_by_role("button", name="Another funding source").click()
    expect(page.locator("#payor_2")).to_be_visible()
    page.get_by_label("First name").fill("Bee")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Add the service lines under Profile")

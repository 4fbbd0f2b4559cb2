"""The walk by keyboard alone: the focus is seen everywhere and never lost."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import desk


def press(page: Page, *keys: str) -> str:
    """Press keys; return what has the focus then, which must be something."""
    for key in keys:
        page.keyboard.press(key)
    at = desk.focused(page)
    assert at, f"nothing has the focus after {keys}"
    return at


def tab_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Go on with Tab until the element of that id or words has the focus."""
    for _ in range(60):
        if press(page, key) == wanted:
            return
    raise AssertionError(f"{key} does not lead to {wanted}")


def test_the_whole_walk_needs_no_mouse(page: Page) -> None:
    page.goto("/clients")
    assert press(page, "Tab") == "Skip to content"
    assert press(page, "Enter") == "main"
    tab_to(page, "q")
    page.keyboard.type("harper")
    expect(page.get_by_text("1 shown")).to_be_visible()
    assert desk.focused(page) == "q"
    tab_to(page, page.get_by_role("link", name="Harper, Milo").get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/clients/[a-z0-9]{20}$"))
    tab_to(page, "tab-profile")
    assert press(page, "ArrowRight") == "tab-clinical"
    assert press(page, "ArrowLeft") == "tab-profile"
    press(page, "ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/clinical$"))

    tab_to(page, "add-case-manager")
    page.keyboard.press("Enter")
    expect(page.locator("#service_line")).to_be_focused()
    with desk.refreshed(page):
        page.keyboard.type("ST")
        page.keyboard.press("Tab")
    expect(page.locator("#clinician")).to_be_focused()
    name = desk.choose_first_who_could_be_saved(page)
    tab_to(page, "start_date")
    page.keyboard.type("11232026")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(desk.menu_of(page, name)).to_be_focused()

    page.keyboard.press("Space")
    edit = page.get_by_role("menuitem", name="Edit", exact=True).locator("visible=true")
    expect(edit).to_be_focused()
    assert press(page, "ArrowDown") == "Remove"
    assert press(page, "ArrowDown") == "Edit"
    assert press(page, "ArrowUp") == "Remove"
    assert press(page, "Home") == "Edit"
    page.keyboard.press("Escape")
    expect(desk.menu_of(page, name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(edit).to_be_focused()
    assert press(page, "End") == "Remove"
    page.keyboard.press("Enter")
    remove = page.locator("#removal-form").get_by_role("button", name="Remove", exact=True)
    expect(remove).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#case-managers-heading")).to_be_focused()


def test_editing_in_the_row_begins_at_its_first_field_and_leaves_at_its_menu(page: Page) -> None:
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")
    name = "Priya Natarajan"
    desk.menu_of(page, name).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Edit", exact=True).locator("visible=true")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#case-manager-form #service_line")).to_be_focused()
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    cancel.focus()
    page.keyboard.press("Enter")
    expect(desk.menu_of(page, name)).to_be_focused()


def test_escape_closes_the_dialog_and_returns_to_where_it_was_opened(page: Page) -> None:
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")
    for opener in (
        page.get_by_role("link", name="Add", exact=True),
        page.get_by_role("link", name="Assign ST case manager"),
        page.get_by_role("link", name="Assign ST", exact=True),
    ):
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#service_line")).to_be_focused()
        # In a modal dialog Tab goes round, and never to the page behind it.
        for _ in range(12):
            page.keyboard.press("Tab")
            inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
            assert page.evaluate(inside)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        expect(opener).to_be_focused()


def test_enter_in_a_field_saves_and_a_refusal_takes_the_focus(page: Page) -> None:
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")
    desk.open_form(page)
    page.locator("#end_date").focus()

    page.keyboard.press("Enter")

    expect(page.locator("#error-summary")).to_be_focused()
    press(page, "Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#service_line")).to_be_focused()


def test_the_focus_is_seen_wherever_it_is(page: Page) -> None:
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")
    page.reload()
    seen = """() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    }"""
    for _ in range(16):
        at = press(page, "Tab")
        assert at == "Skip to content" or page.evaluate(seen), at

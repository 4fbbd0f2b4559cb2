"""What scripts add to the form: live choices and hints, one save however often, and words when it fails."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e import desk
from tests.e2e.conftest import OpenPage, Server


@pytest.fixture
def clinical(page: Page) -> Page:
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")
    return page


def test_the_service_line_refreshes_hint_and_choices_and_keeps_focus_and_text(clinical: Page) -> None:
    page = clinical
    desk.open_form(page)
    desk.field(page, "End date").fill("2027-03-31")
    hint = page.locator("#start_date-hint")
    expect(hint).to_have_text("Choose the service line to see the first appointment.")

    with desk.refreshed(page):
        desk.field(page, "Service line").focus()
        desk.field(page, "Service line").select_option("ST")

    expect(hint).to_have_text(
        re.compile(r"^First appointment \w{3} \d+ Nov, \d+:\d\d [ap]m: start by \w{3} \d+ Nov\.$")
    )
    first, others = page.locator("#clinician optgroup").all()
    assert all("–" not in text for text in first.locator("option").all_text_contents())
    assert all("–" in text for text in others.locator("option").all_text_contents())
    expect(desk.field(page, "Service line")).to_be_focused()
    expect(desk.field(page, "End date")).to_have_value("2027-03-31")


def test_the_start_date_refreshes_the_offer_to_end_the_current_one(clinical: Page) -> None:
    page = clinical
    desk.open_form(page)
    desk.choose_line(page, "ABA")
    expect(page.locator("#case-manager-offers input")).to_have_count(0)

    with desk.refreshed(page):
        desk.field(page, "Start date").fill("2026-12-21")
        desk.field(page, "Start date").press("Tab")

    offer = page.get_by_label("End Priya Natarajan on Sun 20 Dec and start this one")
    expect(offer).to_be_visible()
    assert desk.focused(page) != ""
    name = desk.choose_first_who_could_be_saved(page)
    offer.check()
    with desk.refreshed(page):
        desk.field(page, "End date").fill("2027-05-31")
        desk.field(page, "End date").press("Tab")
    expect(offer).to_be_checked()
    desk.save(page)
    expect(page.get_by_role("status")).to_contain_text("Priya Natarajan ends the day before.")
    expect(page.get_by_role("row", name="Priya Natarajan")).to_contain_text("20 Dec 2026")
    expect(page.get_by_role("row", name=name).filter(has_text="21 Dec 2026")).to_have_count(1)


def test_what_is_ticked_while_the_form_is_refreshed_stands(clinical: Page) -> None:
    page = clinical
    desk.open_form(page)
    desk.choose_line(page, "ABA")
    with desk.refreshed(page):
        desk.field(page, "Start date").fill("2026-12-21")
        desk.field(page, "Start date").press("Tab")
    offer = page.get_by_label("End Priya Natarajan on Sun 20 Dec and start this one")
    held: list[Route] = []
    page.route("**/case-managers/new*", lambda route: held.append(route))

    desk.field(page, "End date").fill("2027-05-31")
    desk.field(page, "End date").press("Tab")
    expect(page.locator(".htmx-request")).to_have_count(1)
    offer.check()
    with desk.refreshed(page):
        held[0].continue_()
    page.unroute("**/case-managers/new*")

    expect(offer).to_be_checked()


def test_three_quick_clicks_on_save_store_one(clinical: Page) -> None:
    page = clinical
    desk.open_form(page)
    desk.choose_line(page, "ST")
    name = desk.choose_first_who_could_be_saved(page)
    desk.field(page, "Start date").fill(desk.TODAY)

    with desk.requests(page, "POST") as sent:
        page.get_by_role("button", name="Save", exact=True).click(click_count=3)
        expect(page.get_by_role("status")).to_contain_text("Saved")
    page.reload()

    assert len(sent) == 1
    expect(desk.menu_of(page, name)).to_have_count(1)


def test_a_save_whose_answer_was_lost_can_be_pressed_again(clinical: Page, complaints: list[str]) -> None:
    page = clinical
    desk.open_form(page)
    desk.choose_line(page, "ST")
    name = desk.choose_first_who_could_be_saved(page)
    desk.field(page, "Start date").fill(desk.TODAY)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/case-managers", lose, times=1)
    desk.save(page)
    expect(page.get_by_role("alert")).to_contain_text("No answer came from Caseapp")
    complaints.clear()  # the browser itself logs the lost answer
    desk.save(page)

    expect(page.get_by_role("status")).to_contain_text(f"Saved: {name}")
    expect(desk.menu_of(page, name)).to_have_count(1)
    expect(desk.menu_of(page, name)).to_be_focused()
    expect(page.locator("dialog")).to_have_count(0)


def test_a_failed_request_says_so_and_keeps_what_was_typed(clinical: Page, complaints: list[str]) -> None:
    page = clinical
    desk.open_form(page)
    desk.field(page, "End date").fill("2027-03-31")
    page.route("**/case-managers", lambda route: route.fulfill(status=500, body="<h1>broken</h1>"), times=1)

    desk.save(page)

    expect(page.get_by_role("alert")).to_contain_text("That did not work (500).")
    expect(desk.field(page, "End date")).to_have_value("2027-03-31")
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.locator("#toast")).to_be_hidden()
    complaints.clear()  # the browser itself logs the 500


def test_two_windows_edit_at_once_and_neither_loses_anything(
    demo_server: Server, open_page: OpenPage
) -> None:
    first, second = open_page(demo_server), open_page(demo_server)
    for page in (first, second):
        page.goto("/clients")
        desk.open_clinical(page, "Harper, Milo")
        desk.act(page, "Priya Natarajan", "Edit")
    desk.field(first, "End date").fill("2026-12-31")
    desk.save(first)
    expect(first.get_by_role("status")).to_contain_text("to 31 Dec 2026")

    desk.field(second, "End date").fill("2027-01-15")
    desk.save(second)

    told = second.locator("#form-error [data-code=conflict]")
    expect(told).to_contain_text("end date from open to 31 Dec 2026")
    expect(desk.field(second, "End date")).to_have_value("2027-01-15")
    desk.save(second)
    expect(second.get_by_role("status")).to_contain_text("to 15 Jan 2027")


def test_a_row_that_another_window_added_does_not_hide_ones_own(
    demo_server: Server, open_page: OpenPage
) -> None:
    """The new row belongs before one that this window does not show yet."""
    first, second = open_page(demo_server), open_page(demo_server)
    for page, line, start in ((first, "ABA", "2027-02-01"), (second, "ST", "2026-11-25")):
        page.goto("/clients")
        desk.open_clinical(page, "Harper, Milo")
        desk.open_form(page)
        desk.choose_line(page, line)
        with desk.refreshed(page):
            desk.field(page, "Start date").fill(start)
            desk.field(page, "Start date").press("Tab")
    first.locator("#end_current").check()
    for page, starts in ((first, "1 Feb 2027"), (second, "25 Nov 2026")):
        desk.choose_first_who_could_be_saved(page)
        desk.save(page)
        expect(page.get_by_role("status")).to_contain_text("Saved")
        expect(page.locator("#case-manager-rows")).to_contain_text(starts)
        expect(page.locator("dialog")).to_have_count(0)


def test_back_and_forward_after_a_save_show_what_stands(clinical: Page) -> None:
    page = clinical
    desk.open_form(page)
    desk.choose_line(page, "ST")
    name = desk.choose_first_who_could_be_saved(page)
    desk.field(page, "Start date").fill(desk.TODAY)
    desk.save(page)
    expect(desk.menu_of(page, name)).to_be_visible()

    page.get_by_role("tab", name="Profile", exact=True).click()
    expect(page.get_by_role("heading", name="Person")).to_be_visible()
    page.go_back()

    expect(page.get_by_role("tab", name="Clinical", exact=True)).to_have_attribute("aria-selected", "true")
    expect(desk.menu_of(page, name)).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(desk.menu_of(page, name)).to_have_count(1)


def test_without_scripts_back_to_a_saved_form_does_not_save_again(
    scriptless_page: Page,
) -> None:
    page = scriptless_page
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")
    desk.open_form(page)
    desk.field(page, "Service line").select_option("ST")
    desk.field(page, "Start date").fill(desk.TODAY)
    page.get_by_role("button", name="Show who could be saved").click()
    name = desk.choose_first_who_could_be_saved(page)
    desk.save(page)
    expect(desk.menu_of(page, name)).to_have_count(1)

    page.reload()

    expect(desk.menu_of(page, name)).to_have_count(1)
    expect(page.locator("#messages")).to_have_text("")

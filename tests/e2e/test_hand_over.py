"""The hand-over in a real browser: from a last day to the undoing, with and without scripts."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.desk import focused, look_over


def save_last_day(page: Page, name: str, day: str) -> None:
    page.goto("/clinicians")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Edit ").click()
    page.get_by_label("Last day").fill(day)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Hand-over comes next")


def choose(page: Page, label: str, value: str) -> None:
    """Change a list of the plan; with scripts the row has come back when it is over."""
    field = page.get_by_label(label, exact=True)
    if page.evaluate("typeof htmx") == "object":
        with page.expect_response(lambda answer: "/hand-over/line" in answer.url):
            field.select_option(value)
        expect(page.locator(".htmx-request")).to_have_count(0)
    else:
        field.select_option(value)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_a_last_day_to_the_undoing(demo_server: Server, open_page: OpenPage, scripts: bool) -> None:
    page = open_page(demo_server, scripts=scripts)
    save_last_day(page, "Lindqvist, Mei", "2026-12-04")
    page.get_by_role("link", name="Hand over all at once").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand-over of Mei Lindqvist")
    apply = page.get_by_role("button", name="Hand over these")

    apply.click()
    expect(page.locator("#error-summary")).to_be_visible()
    bad = page.locator("#error-summary a").all_text_contents()
    assert all("leave this line out with a reason" in text for text in bad), bad
    for text in bad:
        who = text.split(", ST:")[0]
        box = page.get_by_label(f"Leave out {who}, ST", exact=True)
        box.check()
        expect(page.locator(".htmx-request")).to_have_count(0)
        expect(box).to_be_checked()
        page.get_by_label(f"Reason to leave out {who}, ST").fill("No successor yet")
    choose(page, "Successor for Ash, Beatriz, ST", "")
    if scripts:
        expect(page.locator("tr", has_text="Ash, Beatriz").locator(".errors")).to_have_text(
            "Choose the successor, or leave this line out with a reason."
        )
    choose(page, "Successor for Ash, Beatriz, ST", "K-07")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("status")).to_contain_text("Kept as a draft.")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Hand-over").click()
    page.get_by_role("link", name="Mei Lindqvist").click()
    expect(page.get_by_label(f"Reason to leave out {bad[0].split(', ST:')[0]}, ST")).to_have_value(
        "No successor yet"
    )
    apply.click()
    expect(page.get_by_role("status")).to_contain_text("Handed over: ")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Hand-over from Mei Lindqvist to Jonah Birch"
    )

    page.get_by_role("button", name="Undo this hand-over").click()
    expect(page.get_by_role("status")).to_contain_text("All is as it was before.")
    page.get_by_role("link", name="Ash, Beatriz").first.click()
    page.get_by_role("tab", name="History", exact=True).click()
    expect(page.locator("#history")).to_contain_text(
        "Part of the hand-over from Mei Lindqvist to Jonah Birch"
    )


@pytest.mark.parametrize("width", [360, 400, 1280])
def test_the_pages_are_accessible_and_nothing_is_cut_off(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    width: int,
) -> None:
    page = open_page(demo_server, width=width)
    looked_over = partial(look_over, page, axe_findings)

    page.goto("/hand-over")
    looked_over("choice")
    page.get_by_label("Clinician").select_option(label="Lindqvist, Mei")
    page.get_by_label("Is away for a while").check()
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#error-summary")).to_be_focused()
    looked_over("refused choice")
    page.get_by_label("First day away").fill("2026-12-01")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand-over of Mei Lindqvist")
    looked_over("plan")
    page.get_by_role("button", name="Hand over these").click()
    expect(page.locator("#error-summary")).to_be_focused()
    looked_over("refused plan")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("status")).to_contain_text("Kept as a draft.")
    page.goto("/hand-over")
    looked_over("drafts")


def test_a_line_is_changed_by_keyboard_alone(page: Page) -> None:
    page.goto("/hand-over")
    page.get_by_label("Clinician").select_option(label="Natarajan, Priya")
    page.get_by_label("Last day", exact=True).fill("2026-12-04")
    page.get_by_label("Last day", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand-over of Priya Natarajan")
    first = page.locator("select").first
    first.focus()
    with page.expect_response(lambda answer: "/hand-over/line" in answer.url):
        first.press("Home")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(first).to_have_value("")
    expect(first).to_be_focused()
    first.press("Tab")
    assert focused(page).startswith("start_date-")

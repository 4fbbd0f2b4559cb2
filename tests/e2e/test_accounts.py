"""Accounts in a real browser: signing in and out, and a form that outlives its sign-in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from caseapp.config import Settings
from tests.e2e.accounts import Accounts, opened_accounts, sign_in
from tests.e2e.conftest import OpenPage, served

AxeFindings = Callable[[Page], list[str]]


@pytest.fixture
def accounts(settings: Settings, demo_database: Path) -> Iterator[Accounts]:
    settings = replace(settings, auth="local")
    with opened_accounts(settings, demo_database) as app, served(app, settings) as server:
        yield Accounts(server, app)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_form_comes_back_filled_after_signing_in_again(
    accounts: Accounts, open_page: OpenPage, complaints: list[str], scripts: bool
) -> None:
    page = open_page(accounts.server, scripts=scripts)
    page.goto("/clients")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    sign_in(page, "dana")
    page.get_by_role("main").locator("td a.name").first.click()
    page.get_by_role("tab", name="Clinical").click()
    tab = page.url
    page.get_by_role("link", name="Add", exact=True).click()
    form = page.locator("#case-manager-form")
    if scripts:
        with page.expect_response("**/new?*"):  # the hints, asked for as it is typed
            form.get_by_label("Start date").fill("2027-01-04")
        page.wait_for_load_state("networkidle")
    else:
        form.get_by_label("Start date").fill("2027-01-04")
    accounts.later(20)
    form.get_by_role("button", name="Save", exact=True).click()

    expect(page).to_have_url(re.compile("/sign-in"))
    assert "2027-01-04" not in page.url
    expect(page.locator("#kept")).to_contain_text("What you typed is kept")
    sign_in(page, "dana")
    expect(page.locator("#case-manager-form").get_by_label("Start date")).to_have_value("2027-01-04")
    page.locator("#case-manager-form").get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(re.compile(re.escape(tab)))
    # The console notes the 401 that sends a script to the page that signs in.
    complaints[:] = [said for said in complaints if "status of 401" not in said]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_after_signing_out_back_forward_and_reload_show_nothing(
    accounts: Accounts, open_page: OpenPage, scripts: bool
) -> None:
    """After a list, a record and a form in it, of which a browser might keep each."""
    page = open_page(accounts.server, scripts=scripts)
    page.goto("/clients")
    sign_in(page, "dana")
    expect(page.locator("#signed-in")).to_contain_text("Signed in as Dana, office")
    first = page.get_by_role("main").locator("td a.name").first
    last_name = first.inner_text().split(",")[0]
    first.click()
    page.get_by_role("tab", name="Clinical").click()
    page.goto(str(page.get_by_role("link", name="Add", exact=True).get_attribute("href")))
    expect(page.locator("#case-manager-form")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(last_name)
    page.get_by_role("button", name="Sign out").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("You are signed out")

    for _ in range(4):
        page.go_back()
        expect(heading).to_have_text("Sign in")
        page.reload()
        expect(heading).to_have_text("Sign in")
        assert last_name not in page.content()
    page.go_forward()
    assert last_name not in page.content()


def test_a_clinician_sees_own_clients_and_no_button_that_writes(
    accounts: Accounts, open_page: OpenPage
) -> None:
    page = open_page(accounts.server)
    page.goto("/clients")
    sign_in(page, "priya")
    for line in page.locator("#client-results tbody tr").all():
        expect(line).to_contain_text("Priya")
    expect(page.get_by_role("link", name="+ New client")).to_have_count(0)
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.locator("td a.name").first.click()
    page.get_by_role("tab", name="Clinical").click()
    expect(page.get_by_role("button", name=re.compile("^Actions for"))).to_have_count(0)


@pytest.mark.parametrize("width", [360, 400, 1280])
def test_the_pages_of_accounts_are_fit_for_everybody(
    accounts: Accounts, open_page: OpenPage, axe_findings: AxeFindings, width: int
) -> None:
    page = open_page(accounts.server, width=width)
    page.goto("/sign-in")
    assert axe_findings(page) == []
    sign_in(page, "ann")
    for address in (
        "/users",
        "/users/new",
        "/users/tokens/new",
        "/account",
        "/sign-in/set-up",
        "/signed-out",
    ):
        page.goto(address)
        assert axe_findings(page) == [], address
        wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wider, address

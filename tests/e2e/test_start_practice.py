import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage, Server


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_demonstration_to_a_practice_of_ones_own(
    switched_server: Server, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(switched_server, scripts=scripts)
    page.goto("/clients")
    expect(page.locator("#demo-banner")).to_be_visible()

    page.get_by_role("button", name="Start my own practice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Start your own practice")
    page.get_by_role("main").locator("form[method=post]").get_by_role("button").click()

    expect(page).to_have_url(re.compile("/clients$"))
    expect(page.locator("#demo-banner")).to_have_count(0)

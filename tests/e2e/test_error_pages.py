from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.desk import look_over


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("path", ["/nowhere", "/practice/start"])
def test_the_page_is_accessible_and_nothing_is_cut_off(
    open_page: OpenPage,
    switched_server: Server,
    axe_findings: Callable[[Page], list[str]],
    complaints: list[str],
    path: str,
    width: int,
) -> None:
    page = open_page(switched_server, width=width)
    page.goto(path)

    look_over(page, axe_findings, path)
    # Chromium logs the status of a page that is not found.
    complaints[:] = [text for text in complaints if "status of 404" not in text]


def test_a_lost_visitor_finds_back_to_the_clients_by_keyboard(
    empty_server: Server, open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page(empty_server)
    page.goto("/nowhere")

    page.get_by_role("link", name="Go to Clients").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{empty_server.address}/clients")
    complaints.clear()

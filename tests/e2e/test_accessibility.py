"""axe finds nothing on any page or state, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.states import STATES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_or_state(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    complaints: list[str],
    scheme: str,
) -> None:
    page = open_page(demo_server, color_scheme=scheme)
    page.goto("/")
    found = {}

    for name, reach in STATES.items():
        page.goto("/clients")
        reach(page)
        found[name] = axe_findings(page)

    assert {name: violations for name, violations in found.items() if violations} == {}
    _forget_missing_page(complaints)


def test_axe_finds_nothing_before_there_are_clients(
    open_page: OpenPage, empty_server: Server, axe_findings: Callable[[Page], list[str]]
) -> None:
    page = open_page(empty_server)
    page.goto("/clients")

    assert page.get_by_text("No clients yet").is_visible()
    assert axe_findings(page) == []


def _forget_missing_page(complaints: list[str]) -> None:
    """The browser itself logs the page that is not there."""
    complaints[:] = [text for text in complaints if "404" not in text]

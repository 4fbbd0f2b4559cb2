"""Nothing is cut or pushed out of the window, axe finds nothing, and paper shows the facts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import desk
from tests.e2e.conftest import OpenPage, Server
from tests.e2e.states import STATES

# Elements whose words do not fit into them, or that reach over the edge of the window.
CUT = """() => {
  const width = document.documentElement.clientWidth;
  const unseen = '.hidden, .skip, svg, select';
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(unseen);
  const words = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll('body *')].filter(shown).filter((e) => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    const clips = words(e) && getComputedStyle(e).overflow !== 'visible';
    return (clips && e.scrollWidth > e.clientWidth + 1) || box.right > width + 1 || box.left < -1;
  }).map((e) => e.tagName + ' ' + (e.id || e.className) + ' ' + e.textContent.trim().slice(0, 40));
}"""


@pytest.mark.parametrize("turn", [0, 1], ids=["even states", "odd states"])
def test_nothing_is_cut_and_axe_finds_nothing_on_any_page_or_state(
    open_page: OpenPage,
    demo_server: Server,
    axe_findings: Callable[[Page], list[str]],
    complaints: list[str],
    turn: int,
) -> None:
    """In one walk, since getting there takes longer than looking."""
    page = open_page(demo_server)
    found: dict[str, list[str]] = {}

    for name, reach in list(STATES.items())[turn::2]:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto("/clients")
        reach(page)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            found[f"{name}, {scheme}"] = axe_findings(page)
        for width in (1280, 400, 360):
            page.set_viewport_size({"width": width, "height": 800})
            found[f"{name}, {width}"] = page.evaluate(CUT)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[f"{name}, {width}"].append("the page scrolls sideways")

    assert {state: faults for state, faults in found.items() if faults} == {}
    # The browser itself logs the page that is not there.
    complaints[:] = [text for text in complaints if "404" not in text]


def test_axe_finds_nothing_before_there_are_clients(
    empty_server: Server, open_page: OpenPage, axe_findings: Callable[[Page], list[str]]
) -> None:
    page = open_page(empty_server)
    page.goto("/clients")

    expect(page.get_by_text("No clients yet")).to_be_visible()
    assert axe_findings(page) == []


def test_numbers_and_times_stay_on_one_line(page: Page) -> None:
    page.goto("/clients")
    lines = """cells => cells.map((cell) => {
      const words = document.createRange();
      words.selectNodeContents(cell);
      return new Set([...words.getClientRects()].map((box) => box.top)).size;
    })"""

    for label in ("Number", "Next appointment"):
        assert set(page.locator(f"td[data-label='{label}']").evaluate_all(lines)) == {1}


def test_in_the_dark_the_page_is_dark(demo_server: Server, open_page: OpenPage) -> None:
    def brightness(page: Page) -> int:
        page.goto("/clients")
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.strip("rgb()").split(","))

    assert brightness(open_page(demo_server, color_scheme="light")) > 600
    assert brightness(open_page(demo_server, color_scheme="dark")) < 150


def test_on_paper_stand_the_facts_without_menus_and_buttons(page: Page) -> None:
    page.goto("/clients")
    desk.open_clinical(page, "Harper, Milo")

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Milo Harper")).to_be_visible()
    expect(page.get_by_role("row", name="Priya Natarajan")).to_be_visible()
    expect(page.get_by_text("Speech Therapy: no case manager.")).to_be_visible()
    for hidden in (
        page.get_by_role("navigation", name="Main"),
        page.get_by_role("link", name="Add", exact=True),
        page.get_by_role("link", name="Assign ST case manager"),
        desk.menu_of(page, "Priya Natarajan"),
    ):
        expect(hidden).to_have_count(0)

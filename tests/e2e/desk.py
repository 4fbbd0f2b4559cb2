"""What somebody at the office does in the browser, named as they would name it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Locator, Page, expect

TODAY = "2026-11-23"
Place = Page | Frame


def page_of(place: Place) -> Page:
    """The page itself, or the one in which a frame stands."""
    return place.page if isinstance(place, Frame) else place


def find_client(page: Place, name: str) -> None:
    """From anywhere: the menu, unless the list stands there already, the search box, the client's link."""
    box, words = page.get_by_label("Search clients"), name.split(",")[0]
    if not urlsplit(page.url).path.endswith("/clients") or box.input_value():
        with page_of(page).expect_event("framenavigated"):
            page.get_by_role("navigation", name="Main").get_by_role(
                "link", name="Clients", exact=True
            ).click()
        page.wait_for_load_state()
    if scripts_run(page):
        # The rows come anew while one types: a click on one that is about to go would be lost.
        with page_of(page).expect_response(lambda answer: answer.request.method == "POST"):
            box.fill(words)
        expect(page.locator("[data-busy], .htmx-request, .htmx-swapping")).to_have_count(0)
    else:
        box.fill(words)
        box.press("Enter")
    page.get_by_role("link", name=name, exact=True).click()
    first, last = name.split(", ")[1], name.split(", ")[0]
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first} {last}")


def open_clinical(page: Place, name: str) -> None:
    find_client(page, name)
    page.get_by_role("tab", name="Clinical", exact=True).click()
    expect(page.get_by_role("tab", name="Clinical", exact=True)).to_have_attribute("aria-selected", "true")


def scripts_run(page: Place) -> bool:
    return bool(page.evaluate("typeof htmx") == "object")


def open_form(page: Place) -> Locator:
    """Press + Add; the form in its dialog, or on its page."""
    page.get_by_role("link", name="Add", exact=True).click()
    form = page.locator("#case-manager-form")
    expect(form).to_be_visible()
    return form


def field(page: Place, label: str) -> Locator:
    role = "combobox" if label in {"Service line", "Case manager"} else "textbox"
    found = page.locator("#case-manager-form").get_by_label(label, exact=True)
    return found if role == "textbox" else found.and_(page.locator("select"))


def choose_line(page: Place, code: str) -> None:
    with refreshed(page):
        field(page, "Service line").select_option(code)


def choose_first_who_could_be_saved(page: Place) -> str:
    """The name of the clinician that was chosen."""
    option = page.locator("#clinician optgroup").first.locator("option").first
    field(page, "Case manager").select_option(option.get_attribute("value"))
    return (option.text_content() or "").split(",")[0].strip()


def save(page: Place) -> None:
    page.locator("#case-manager-form").get_by_role("button", name="Save", exact=True).click()


def menu_of(page: Place, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Actions for {re.escape(name)}, "))


def act(page: Place, name: str, item: str) -> None:
    """Three dots of a row, then Edit or Remove."""
    menu_of(page, name).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


@contextmanager
def refreshed(page: Place) -> Iterator[None]:
    """The block changes a field, and the server has answered to that when it is over."""
    with page_of(page).expect_response(lambda answer: "/case-managers/" in answer.url):
        yield
    expect(page.locator(".htmx-request")).to_have_count(0)


def look_over(page: Page, axe_findings: Callable[[Page], list[str]], where: str) -> None:
    """Accessible in both colours, and nothing stands beside the window; `where`: which state of the page."""
    window = page.viewport_size
    assert window is not None
    for colours in ("dark", "light"):
        page.emulate_media(color_scheme=colours)
        assert axe_findings(page) == [], f"{where}, {colours}"
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"], where


def focused(page: Page) -> str:
    """id of what has the focus, or its words; empty where nothing has it."""
    return str(
        page.evaluate(
            """() => {
              const it = document.activeElement;
              return !it || it === document.body ? '' : it.id || it.textContent.trim() || it.name;
            }"""
        )
    )


@contextmanager
def requests(page: Page, method: str) -> Iterator[list[str]]:
    """The addresses to which the block sends requests of this method."""
    sent: list[str] = []

    def note(request: object) -> None:
        if getattr(request, "method", "") == method:
            sent.append(str(getattr(request, "url", "")))

    page.on("request", note)
    yield sent
    page.remove_listener("request", note)

"""One client's case managers in a frame of another site, which grows with them and looks like its host."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import Frame, Page, expect

from caseapp.config import Settings
from tests.e2e import desk
from tests.e2e.accounts import sign_in
from tests.e2e.embedding.conftest import Certificate, OpenSecurePage, without, without_sign_in_notes
from tests.e2e.embedding.framed import Framed, frame_of, opened_frames
from tests.e2e.embedding.walk import work

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def framed(settings: Settings, demo_database: Path, certificate: Certificate) -> Iterator[Framed]:
    with opened_frames(settings, demo_database, certificate) as framed:
        yield framed


def opened(page: Page) -> Frame:
    page.goto("/client")
    frame = frame_of(page, "case-managers")
    sign_in(frame, "dana")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Milo Harper")
    return frame


def height(page: Page) -> int:
    """Of the frame, as the portal has set it."""
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return round(box["height"])


def comes_true(frame: Frame, condition: str) -> None:
    """Look at it until it holds; Playwright's own way asks for `eval`, which the pages forbid."""
    looked = f"""() => new Promise((held) => {{
      let looks = 0;
      const look = () => ({condition}) ? held(true) : looks++ < 400 ? setTimeout(look, 25) : held(false);
      look();
    }})"""
    assert frame.evaluate(looked), condition


def everything_is_seen(frame: Frame) -> None:
    """The frame is exactly as tall as what it holds."""
    comes_true(frame, "innerHeight === Math.ceil(document.documentElement.getBoundingClientRect().height)")
    assert not frame.evaluate("document.documentElement.scrollHeight > innerHeight")


def test_everything_works_within_the_frame(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    frame = opened(page)
    work(frame, framed.accounts)

    assert frame.url.startswith(f"{framed.address}/embed/clients/")
    expect(frame.get_by_role("navigation", name="Main")).to_have_count(0)
    frame.get_by_role("button", name="Sign out").click()
    frame.get_by_role("link", name="Sign in").click()
    sign_in(frame, "dana")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Milo Harper")
    expect(frame.get_by_role("navigation", name="Main")).to_have_count(0)
    without_sign_in_notes(complaints)
    without(complaints, framed.address)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_frame_grows_and_shrinks_with_what_it_holds(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str], width: int
) -> None:
    page = open_secure_page(framed.portal)
    page.set_viewport_size({"width": width, "height": 800})
    frame = opened(page)
    everything_is_seen(frame)
    before = height(page)

    desk.act(frame, "Priya Natarajan", "Edit")
    expect(frame.locator("#case-manager-form")).to_be_visible()
    everything_is_seen(frame)
    assert height(page) > before
    frame.get_by_role("button", name="Cancel", exact=True).click()
    expect(frame.locator("#case-manager-form")).to_have_count(0)
    everything_is_seen(frame)
    assert height(page) == before

    desk.open_form(frame)
    desk.save(frame)
    expect(frame.locator("#error-summary")).to_be_visible()
    # The dialog scrolls no more once the frame has grown to hold it.
    comes_true(frame, "((it) => it.scrollHeight <= it.clientHeight)(document.querySelector('dialog'))")
    assert height(page) >= before
    without(complaints, framed.address)


def without_policy(app: "WSGIApplication") -> "WSGIApplication":
    """As if the browser let any page frame it."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            kept = [(name, value) for name, value in headers if name != "Content-Security-Policy"]
            return start_response(status, kept, error)

        return app(environ, start)

    return answer


@pytest.mark.parametrize("named", ["portal.", "*."])
def test_the_height_is_told_to_the_named_page_alone(
    named: str,
    settings: Settings,
    demo_database: Path,
    certificate: Certificate,
    open_secure_page: OpenSecurePage,
    complaints: list[str],
) -> None:
    with opened_frames(settings, demo_database, certificate, around=without_policy, named=named) as framed:
        told = {}
        for server in (framed.portal, framed.stranger):
            page = open_secure_page(server)
            page.add_init_script(
                "if (parent === window) { window.told = 0; addEventListener('message', () => told++); }"
            )
            page.goto("/client")
            frame = frame_of(page, "case-managers")
            expect(frame.get_by_role("heading", name="Sign in")).to_be_visible()
            told[server.address] = page.evaluate("told") > 0
            page.close()
        assert told == {framed.portal.address: True, framed.stranger.address: False}
        without(complaints, framed.address)


def test_it_takes_the_hosts_colours_and_font(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    frame = opened(page)
    add = frame.get_by_role("link", name="Add", exact=True)
    expect(add).to_have_css("background-color", "rgb(122, 31, 162)")
    assert "Georgia" in frame.evaluate("getComputedStyle(document.body).fontFamily")

    frame.goto(f"{frame.url.partition('?')[0]}?accent=005ea5&font=verdana")
    expect(add).to_have_css("background-color", "rgb(0, 94, 165)")
    without(complaints, framed.address)


@pytest.mark.parametrize("width", [360, 1280])
def test_whatever_colours_are_asked_for_it_is_fit_for_everybody(
    framed: Framed,
    open_secure_page: OpenSecurePage,
    axe_findings: Callable[[Page], list[str]],
    width: int,
) -> None:
    """As a page of its own, since axe looks into no frame of another site."""
    page = open_secure_page(framed.accounts.server)
    page.set_viewport_size({"width": width, "height": 800})
    address = f"/embed/clients/by-external-id/{framed.external_id}/case-managers"
    page.goto(address)
    assert axe_findings(page) == []
    sign_in(page, "dana")
    for query in ("", "?accent=ffff00", "?accent=ffff00&background=808080", "?scheme=dark&accent=400000"):
        page.goto(f"{address}{query}")
        desk.menu_of(page, "Priya Natarajan").wait_for()
        desk.open_form(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert axe_findings(page) == [], (query, scheme)
        page.get_by_role("button", name="Cancel", exact=True).click()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert axe_findings(page) == [], (query, scheme)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), query


def test_a_client_who_is_not_there_is_told_in_the_frame(
    framed: Framed, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(framed.portal)
    frame = opened(page)
    frame.goto(f"{framed.address}/embed/clients/by-external-id/nobody/case-managers")

    expect(frame.get_by_role("heading", level=1)).to_have_text("Nothing is at this address")
    everything_is_seen(frame)
    complaints[:] = [said for said in complaints if "status of 404" not in said]
    without(complaints, framed.address)

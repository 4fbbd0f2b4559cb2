"""A real server and a real browser.

`demo_server` and `empty_server` serve a practice of their own to each test, at the instant NOW. `page` is a
wide page on the demonstration, `narrow_page` one of 400 pixels, `scriptless_page` one without scripts;
`open_page` makes any other. Addresses are relative: `page.goto("/clients")`. A page that logs an error, or
asks another host for anything, fails its test.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from waitress import wasyncore

from caseapp.cli.serve_limits import limited_server
from caseapp.config import DATABASE_NAME, Settings, sqlite_url
from caseapp.practices import PracticeSwitch, open_app, open_demo
from tests.closing_apps import closing_apps
from tests.missing_part import missing_part

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 9:00 am in New York
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No cookie of another site goes into a frame, as browsers will have it.
    "--test-third-party-cookie-phaseout",
)
# Its rules are all asked; what is well takes longer to be told than to be found.
AXE = """() => axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target}`)))"""
PATIENCE_MS = 10_000
# What a refused form (422) writes to the console in Chromium; it is no fault of the page.
REFUSED_FORM = "the server responded with a status of 422"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@dataclass(frozen=True)
class Server:
    """A running server; `address` has no slash at its end."""

    address: str
    settings: Settings


class OpenPage(Protocol):
    def __call__(
        self, server: Server, *, width: int = 1280, height: int = 800, scripts: bool = True, **context: Any
    ) -> Page: ...


@contextmanager
def served(app: "WSGIApplication", settings: Settings) -> Iterator[Server]:
    """Serve `app` with waitress, as `caseapp serve` does, on any free port."""
    sockets: dict[int, Any] = {}
    server = limited_server(app, map=sockets, host="127.0.0.1", port=0, threads=8)
    stopped = threading.Event()

    def loop() -> None:
        while not stopped.is_set():
            wasyncore.loop(timeout=1, map=sockets, count=1)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.effective_port}", settings)
    finally:
        stopped.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        # With what they still hold for a browser that has gone, such as an open file.
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        wasyncore.close_all(sockets)


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as it is at NOW; each test gets a copy."""
    settings = Settings.from_env({}, data_dir=tmp_path_factory.mktemp("demonstration"), now=NOW)
    open_demo(settings)
    return settings.data_dir / "demo" / DATABASE_NAME


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "served" / DATABASE_NAME
    return Settings.from_env({}, data_dir=path.parent, database_url=sqlite_url(path), now=NOW)


@pytest.fixture
def demo_server(settings: Settings, demo_database: Path) -> Iterator[Server]:
    settings = replace(settings, demo=True)
    settings.data_dir.mkdir()
    shutil.copyfile(demo_database, settings.data_dir / DATABASE_NAME)
    yield from _serve(settings)


@pytest.fixture
def empty_server(settings: Settings) -> Iterator[Server]:
    yield from _serve(settings)


@pytest.fixture
def switched_server(settings: Settings, demo_server: Server) -> Iterator[Server]:
    """A server as a first user meets it: over a folder that holds the demonstration alone."""
    folder = settings.data_dir
    (folder / "demo").mkdir()
    (folder / DATABASE_NAME).rename(folder / "demo" / DATABASE_NAME)
    with closing_apps(), served(PracticeSwitch(settings), settings) as server:
        yield server


def _serve(settings: Settings) -> Iterator[Server]:
    with closing_apps(), served(open_app(settings), settings) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        except PlaywrightError as error:
            missing_part(f"No Chromium can be started: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages logged as errors, or asked of other hosts. A test that expects some takes them out."""
    return []


@pytest.fixture
def open_page(browser: Browser, complaints: list[str]) -> Iterator[OpenPage]:
    contexts = []

    def open_page(
        server: Server, *, width: int = 1280, height: int = 800, scripts: bool = True, **context: Any
    ) -> Page:
        context = {"locale": "en-US", "reduced_motion": "reduce"} | context
        contexts.append(
            browser.new_context(
                base_url=server.address,
                viewport={"width": width, "height": height},
                java_script_enabled=scripts,
                **context,
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        _listen(page, server, complaints)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _listen(page: Page, server: Server, complaints: list[str]) -> None:
    host = urlsplit(server.address).netloc

    def logged(kind: str, text: str) -> None:
        if kind in {"error", "warning"} and REFUSED_FORM not in text:
            complaints.append(f"{kind}: {text}")

    def asked(url: str) -> None:
        if urlsplit(url).netloc != host:
            complaints.append(f"asked another host: {url}")

    page.on("console", lambda message: logged(message.type, message.text))
    page.on("pageerror", lambda error: logged("error", str(error)))
    page.on("request", lambda request: asked(request.url))


@pytest.fixture
def page(demo_server: Server, open_page: OpenPage) -> Page:
    return open_page(demo_server)


@pytest.fixture
def narrow_page(demo_server: Server, open_page: OpenPage) -> Page:
    return open_page(demo_server, width=400)


@pytest.fixture
def scriptless_page(demo_server: Server, open_page: OpenPage) -> Page:
    return open_page(demo_server, scripts=False)


@pytest.fixture(scope="session")
def axe_findings() -> Callable[[Page], list[str]]:
    """What axe finds on a page as it stands now: 'rule: where'. Needs a page with scripts."""
    script = Axe().axe_script

    def findings(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        return cast(list[str], page.evaluate(AXE))

    return findings

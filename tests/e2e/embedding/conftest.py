"""Servers with TLS, whose certificates are made for the tests."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import trustme
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.e2e.conftest import OpenPage, Server, launched, whole_chromium

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OpenSecurePage = Callable[[Server], Page]


@dataclass(frozen=True)
class Certificate:
    """Of every name that the tests use, and the authority that vouches for it; all in files."""

    authority: Path
    chain: Path
    key: Path


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The whole Chromium: the one without windows keeps no cookies of other sites out of frames."""
    yield from launched(playwright, whole_chromium())


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1", "localhost", "*.localhost")
    found = Certificate(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(found.authority))
    made.private_key_pem.write_to_path(str(found.key))
    for number, part in enumerate(made.cert_chain_pems):
        part.write_to_path(str(found.chain), append=number > 0)
    return found


@pytest.fixture
def open_secure_page(open_page: OpenPage) -> OpenSecurePage:
    """A page that takes the tests' certificates."""

    def open_secure_page(server: Server) -> Page:
        return open_page(server, ignore_https_errors=True)

    return open_secure_page


def without_sign_in_notes(complaints: list[str]) -> None:
    """Take out what the console notes of the 401 that sends a script to the page that signs in."""
    complaints[:] = [said for said in complaints if "status of 401" not in said]


def without(complaints: list[str], *addresses: str) -> None:
    """Take out that these addresses were asked, beside the one of the page itself."""
    hosts = {urlsplit(address).netloc for address in addresses}
    asked = "asked another host: "
    complaints[:] = [c for c in complaints if urlsplit(c.removeprefix(asked)).netloc not in hosts]


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # as Werkzeug calls it
        """Say nothing."""


@contextmanager
def served_tls(app: "WSGIApplication", certificate: Certificate, name: str) -> Iterator[str]:
    """Serve `app` over TLS, since waitress has none; its address under this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://{name}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Servers with TLS, whose certificates are made for the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage, Server

OpenSecurePage = Callable[[Server], Page]


@dataclass(frozen=True)
class Certificate:
    """Of every name that the tests use, and the authority that vouches for it; all in files."""

    authority: Path
    chain: Path
    key: Path


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

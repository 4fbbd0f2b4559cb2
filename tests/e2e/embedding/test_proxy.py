"""Under a path of nginx, with the very configuration that examples/ holds."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPResponse, HTTPSConnection
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from caseapp.config import Settings
from tests.e2e.accounts import Accounts, opened_accounts
from tests.e2e.conftest import Server, served
from tests.e2e.embedding.conftest import Certificate, OpenSecurePage, without_sign_in_notes
from tests.e2e.embedding.nginx import nginx
from tests.e2e.embedding.walk import walk


@pytest.fixture
def accounts(
    settings: Settings, demo_database: Path, certificate: Certificate, tmp_path: Path
) -> Iterator[Accounts]:
    """The settings are those that the example names."""
    settings = replace(
        settings,
        auth="local",
        url_prefix="/caseapp",
        hosts=("intranet.localhost",),
        trusted_proxies=(ip_network("127.0.0.1"),),
    )
    with (
        opened_accounts(settings, demo_database) as app,
        served(app, settings) as server,
        nginx(tmp_path, certificate, server.address) as address,
    ):
        yield Accounts(Server(address, settings), app)


def test_under_a_path_of_nginx_everything_works(
    accounts: Accounts, open_secure_page: OpenSecurePage, complaints: list[str]
) -> None:
    page = open_secure_page(accounts.server)

    page.goto("/caseapp")
    expect(page).to_have_url(f"{accounts.server.address}/caseapp/sign-in?next=/")
    walk(page, accounts)

    assert page.url.startswith(f"{accounts.server.address}/caseapp/clients/")
    (cookie,) = page.context.cookies()
    assert cookie["name"] == "__Secure-caseapp_session"
    assert (cookie["path"], cookie["secure"], cookie["sameSite"]) == ("/caseapp", True, "Lax")
    without_sign_in_notes(complaints)


def test_what_a_browser_says_of_its_address_and_the_host_does_not_count(
    accounts: Accounts, certificate: Certificate
) -> None:
    port = urlsplit(accounts.server.address).port
    trusted = ssl.create_default_context(cafile=str(certificate.authority))

    def ask(path: str, **headers: str) -> HTTPResponse:
        with closing(HTTPSConnection("127.0.0.1", port, context=trusted, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": "intranet.localhost"} | headers)
            answer = connection.getresponse()
            answer.read()
            return answer

    forged = {
        "X-Forwarded-Host": "attacker.example",
        "X-Forwarded-Prefix": "/elsewhere",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "198.51.100.7",
    }
    answer = ask("/caseapp/clients", **forged)
    assert answer.status == 303
    assert answer.getheader("Location") == "/caseapp/sign-in?next=/clients"
    assert answer.getheader("Strict-Transport-Security") == "max-age=31536000"
    assert ask("/caseapp/sign-in", Host="attacker.example").status == 421
    assert ask("/caseapp/sign-in").status == 200

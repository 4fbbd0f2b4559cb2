"""Behind nginx as the sign-on proxy, with the lines that docs/sign-on-proxy.md says to paste."""

import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPSConnection
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from caseapp.config import Settings
from tests.e2e.accounts import opened_accounts
from tests.e2e.conftest import OpenPage, Server, served
from tests.e2e.embedding.conftest import Certificate
from tests.e2e.embedding.nginx import nginx
from tests.e2e.embedding.pasted import pasted

SECRET = "a-secret-that-only-the-proxy-knows"
PASSWORDS = {"ann": "of ann", "dana": "of dana", "nobody": "of nobody"}


@pytest.fixture
def server(
    settings: Settings, demo_database: Path, certificate: Certificate, tmp_path: Path
) -> Iterator[Server]:
    """Caseapp behind nginx, which knows who has which of the PASSWORDS."""
    kept = tmp_path / "passwords"
    kept.write_text("".join(f"{name}:{{PLAIN}}{password}\n" for name, password in PASSWORDS.items()))
    lines = pasted(
        "nginx",
        "auth_basic",
        {"/etc/nginx/practice.htpasswd": str(kept), "0123456789abcdef0123456789abcdef": SECRET},
        "sign-on-proxy.md",
    )
    settings = replace(
        settings,
        auth="header",
        auth_header="X-Remote-User",
        auth_header_secret=SECRET,
        url_prefix="/caseapp",
        hosts=("intranet.localhost",),
        trusted_proxies=(ip_network("127.0.0.1"),),
    )
    with (
        opened_accounts(settings, demo_database) as app,
        served(app, settings) as behind,
        nginx(tmp_path, certificate, behind.address, lines) as address,
    ):
        yield Server(address, settings)


def test_whoever_signs_on_at_the_proxy_works_as_the_user_of_that_name(
    server: Server, open_page: OpenPage
) -> None:
    signed_on = {"username": "ann", "password": PASSWORDS["ann"]}
    page = open_page(server, ignore_https_errors=True, http_credentials=signed_on)

    page.goto("/caseapp/clients")
    expect(page.get_by_text("Signed in as Ann, administrator")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)

    page.get_by_role("link", name="Users").click()
    page.get_by_role("link", name="+ Add").click()
    page.get_by_label("Name", exact=True).fill("Nobody Yet")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Role").select_option("billing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Nobody Yet was added, and comes in as nobody.")


def test_no_name_that_a_browser_sends_counts(server: Server, certificate: Certificate) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate.authority))

    def ask(signed_on: str | None, **headers: str) -> tuple[int, str]:
        """The status, and who is signed in."""
        if signed_on:
            basic = b64encode(f"{signed_on}:{PASSWORDS[signed_on]}".encode()).decode()
            headers["Authorization"] = f"Basic {basic}"
        port = urlsplit(server.address).port
        with closing(HTTPSConnection("127.0.0.1", port, context=trusted, timeout=20)) as connection:
            connection.request("GET", "/caseapp/clients", headers={"Host": "intranet.localhost"} | headers)
            answer = connection.getresponse()
            found = re.search("Signed in as ([^,]+),", answer.read().decode())
            return answer.status, found[1] if found else ""

    forged = {"X-Remote-User": "ann", "X_Remote_User": "ann", "X-Caseapp-Proxy-Secret": SECRET}
    assert ask("dana") == (200, "Dana")
    assert ask("dana", **forged) == (200, "Dana")
    assert ask("dana", Connection="close, X-Remote-User") == (200, "Dana")
    assert ask(None, **forged) == (401, "")
    assert ask("nobody", **forged) == (401, "")

"""The headers of every answer, the names that are answered to, and how much may be sent."""

from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.web.access import EVERYBODY, ROUTES
from tests.databases import ONE_DATABASE
from tests.web.accounts import PASSWORD, a_user, form_token, sign_out, signed_in, token_on
from tests.web.desk import HTMX

pytestmark = ONE_DATABASE

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


FORM: dict[str, Any] = {"content_type": "application/x-www-form-urlencoded"}
PARTS: dict[str, Any] = {"content_type": "multipart/form-data"}


def static_address(app: Flask, name: str = "caseapp.css") -> str:
    with app.test_request_context():
        return url_for("static", filename=name)


def assert_headers(answer: TestResponse) -> None:
    headers = answer.headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clients", 200),
        ("/nowhere", 404),
        ("/clients/new/", 404),
        ("/clients?" + "&" * 1000, 413),
        ("/healthz", 200),
        ("/static/caseapp.css", 200),
        ("/static/nothing", 404),
    ],
)
def test_every_answer_bears_the_headers(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, buffered=True)

    assert answer.status_code == status
    assert_headers(answer)


def test_a_fault_of_ours_and_a_wrong_method_bear_them_too(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROUTES, "break", EVERYBODY)
    app.add_url_rule("/break", "break", lambda: str(1 // 0))

    for answer, status in ((client.get("/break"), 500), (client.post("/healthz"), 405)):
        assert answer.status_code == status
        assert_headers(answer)
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.settings(auth="local")
def test_a_redirect_bears_them_too(client: FlaskClient) -> None:
    answer = client.get("/clients")

    assert answer.status_code == 303
    assert_headers(answer)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.settings(frame_ancestors="https://portal.example.org")
def test_a_portal_that_was_named_may_frame_the_pages(client: FlaskClient) -> None:
    headers = client.get("/clients").headers

    assert "frame-ancestors https://portal.example.org" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


@pytest.mark.parametrize("path", ["/clients", "/nowhere", "/healthz", "/static/nothing"])
def test_no_page_is_kept_by_browsers_or_proxies(client: FlaskClient, path: str) -> None:
    assert client.get(path, buffered=True).headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_as_long_as_its_address_names_its_version(
    app: Flask, client: FlaskClient
) -> None:
    address = static_address(app)

    def kept(address: str) -> str:
        return client.get(address, buffered=True).headers["Cache-Control"]

    assert kept(address) == "public, max-age=31536000, immutable"
    assert kept(address + "0") == "no-cache"
    assert kept("/static/caseapp.css") == "no-cache"


@pytest.mark.parametrize("path", ["/clients", "/nowhere", "/static/caseapp.css", "/clients/"])
def test_over_tls_browsers_are_told_to_stay_there(client: FlaskClient, path: str) -> None:
    over_tls = client.get(path, base_url="https://localhost", buffered=True)
    without = client.get(path, buffered=True)

    assert over_tls.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in without.headers


@pytest.mark.settings(auth="local")
def test_what_a_browser_kept_is_cleared_on_signing_out(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    dana = a_user(app, session)
    signed_in(client, dana)
    assert "Clear-Site-Data" not in client.get("/clients").headers
    assert sign_out(client).headers["Clear-Site-Data"] == '"cache", "storage"'

    signed_in(client, dana)
    everywhere = client.post("/account/sign-out-everywhere", data={"csrf_token": form_token(client)})
    assert everywhere.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.settings(auth="local", url_prefix="/desk")
def test_under_a_prefix_what_the_host_keeps_is_left_alone(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    page = client.get("/desk/sign-in")
    fields = {"username": a_user(app, session).username, "password": PASSWORD}
    client.post("/desk/sign-in", data={"csrf_token": token_on(page.text)} | fields)
    token = token_on(client.get("/desk/clients").text)

    answer = client.post("/desk/sign-out", data={"csrf_token": token})

    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache"')
    assert "Path=/desk" in answer.headers["Set-Cookie"].split("; ")


@pytest.mark.settings(url_prefix="/desk")
def test_what_is_answered_outside_the_prefix_bears_the_headers_too(client: FlaskClient) -> None:
    answer = client.get("/elsewhere")

    assert answer.status_code == 404
    assert_headers(answer)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.settings(
    auth="header",
    auth_header="X-Remote-User",
    auth_header_secret="a secret that only the proxy knows, too",
    trusted_proxies=(ip_network("127.0.0.1"),),
)
def test_what_is_refused_before_the_application_bears_the_headers_too(client: FlaskClient) -> None:
    answer = client.get("/clients", headers={"X-Remote-User": "dana"})

    assert answer.status_code == 400
    assert_headers(answer)


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost@x", "[::2]", "[::1", "10.0.0.1", ""]
)
def test_a_name_that_is_not_this_computers_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/clients", headers={"Host": host})

    assert answer.status_code == 421
    assert "<h1>Caseapp is not at this name</h1>" in answer.text
    assert_headers(answer)


@pytest.mark.settings(auth="local", hosts=("caseapp.example.org",))
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("caseapp.example.org", 200),
        ("caseapp.example.org:8443", 200),
        ("CASEAPP.example.org", 200),
        ("localhost:8000", 200),
        ("caseapp.example.org.attacker.example", 421),
        ("attacker.example", 421),
        ("10.0.0.7", 421),
        ("caseapp.example.org, attacker.example", 421),
    ],
)
def test_where_names_are_listed_no_other_is_answered(client: FlaskClient, host: str, status: int) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code == status
    assert client.get("/static/caseapp.css", headers={"Host": host}, buffered=True).status_code == status


@pytest.mark.settings(auth="local")
@pytest.mark.parametrize(
    ("host", "status"), [("10.0.0.7:8000", 200), ("[fe80::1]:8000", 200), ("attacker.example", 421)]
)
def test_where_none_is_listed_plain_addresses_are_answered(
    client: FlaskClient, host: str, status: int
) -> None:
    """No other site can take an address over, as it can point its name at one."""
    assert client.get("/sign-in", headers={"Host": host}).status_code == status


@pytest.mark.settings(
    auth="local", trusted_proxies=(ip_network("127.0.0.1"),), hosts=("caseapp.example.org",)
)
def test_the_name_that_a_trusted_proxy_forwards_is_checked_as_well(client: FlaskClient) -> None:
    def status(forwarded: str) -> int:
        return client.get("/sign-in", headers={"X-Forwarded-Host": forwarded}).status_code

    assert status("caseapp.example.org") == 200
    assert status("attacker.example") == 421


def test_a_watchdog_may_ask_by_any_name(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "10.0.0.1"}).status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_more_fields_than_any_form_has_are_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/clients", data="&".join(["q=a"] * 1000), **FORM, headers=headers).status_code == 422
    for answer in (
        client.post("/clients", data="&".join(["q=a"] * 1001), **FORM, headers=headers),
        client.post("/clients", data="&" * 1000, **FORM, headers=headers),
        client.post("/clients", data={f"f{n}": "a" for n in range(1001)}, **PARTS, headers=headers),
        client.get("/clients?" + "&".join(["status=active"] * 1001), headers=headers),
    ):
        assert answer.status_code == 413
        assert "That was too much at once" in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_a_name_of_this_computer_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_another_computer_is_refused_whatever_serves_the_app(client: FlaskClient) -> None:
    answer = client.get("/clients", environ_base={"REMOTE_ADDR": "192.168.1.7"})

    assert answer.status_code == 403
    assert "<h1>Caseapp is open to its own computer only</h1>" in answer.text

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

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


def static_address(app: Flask, name: str = "caseapp.css") -> str:
    with app.test_request_context():
        return url_for("static", filename=name)


@pytest.mark.parametrize(
    "path", ["/clients", "/nowhere", "/healthz", "/static/caseapp.css", "/static/nothing"]
)
def test_every_answer_bears_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers

    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


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


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["something"] = "kept"
    cookie = client.get_cookie("caseapp_session")

    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost@x", "[::2]", "[::1", "10.0.0.1", ""]
)
def test_a_name_that_is_not_this_computers_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/clients", headers={"Host": host})

    assert answer.status_code == 421
    assert "<h1>Caseapp is not at this name</h1>" in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_a_name_of_this_computer_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_another_computer_is_refused_whatever_serves_the_app(client: FlaskClient) -> None:
    answer = client.get("/clients", environ_base={"REMOTE_ADDR": "192.168.1.7"})

    assert answer.status_code == 403
    assert "<h1>Caseapp is open to its own computer only</h1>" in answer.text

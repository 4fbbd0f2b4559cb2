"""The cookie: out of reach for scripts and other sites, and kept apart in their frames."""

import pytest
from flask.testing import FlaskClient

from tests.databases import ONE_DATABASE

pytestmark = ONE_DATABASE


class Cookie:
    """A Set-Cookie header: its name, and what is said about it."""

    def __init__(self, header: str) -> None:
        self.name = header.partition("=")[0]
        self.marks = set(header.split("; ")[1:])


def left_in(client: FlaskClient, base_url: str = "http://localhost", path: str = "/clients/new") -> Cookie:
    """The cookie of a session, which asking for a form leaves in the browser."""
    page = client.get(path, base_url=base_url)
    assert page.status_code == 200, page.text
    (said,) = page.headers.getlist("Set-Cookie")
    return Cookie(said)


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = left_in(client)

    assert cookie.name == "caseapp_session"
    assert cookie.marks == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_over_tls_the_cookie_is_bound_to_its_host(client: FlaskClient) -> None:
    cookie = left_in(client, "https://localhost")

    assert cookie.name == "__Host-caseapp_session"
    assert cookie.marks == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.settings(url_prefix="/desk/caseapp")
def test_under_a_prefix_the_cookie_goes_nowhere_else(client: FlaskClient) -> None:
    cookie = left_in(client, "https://localhost", "/desk/caseapp/clients/new")

    assert cookie.name == "__Secure-caseapp_session"
    assert cookie.marks == {"Secure", "HttpOnly", "Path=/desk/caseapp", "SameSite=Lax"}


def test_where_another_application_mounts_it_the_cookie_stays_below(client: FlaskClient) -> None:
    page = client.get("/clients/new", environ_overrides={"SCRIPT_NAME": "/mounted"})

    assert "Path=/mounted" in Cookie(page.headers["Set-Cookie"]).marks


@pytest.mark.settings(frame_ancestors="'self' https://portal.example.org")
def test_in_frames_of_other_sites_the_cookie_is_kept_apart_for_each(client: FlaskClient) -> None:
    cookie = left_in(client, "https://localhost")

    assert cookie.name == "__Host-caseapp_session"
    assert cookie.marks == {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"}


@pytest.mark.settings(frame_ancestors="'self' https://portal.example.org")
def test_without_tls_no_cookie_goes_into_frames_of_other_sites(client: FlaskClient) -> None:
    assert left_in(client).marks == {"HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.settings(frame_ancestors="'self'")
def test_frames_of_the_own_site_need_no_other_cookie(client: FlaskClient) -> None:
    assert "SameSite=Lax" in left_in(client, "https://localhost").marks
    assert "X-Frame-Options" not in client.get("/clients").headers

"""Where the way to sign in leads to: the page that was asked for, and nowhere else."""

import pytest
from flask.testing import FlaskClient

from tests.databases import ONE_DATABASE
from tests.web.accounts import User, try_to_sign_in

pytestmark = pytest.mark.settings(auth="local")


@ONE_DATABASE
@pytest.mark.parametrize("file", ["/coverage.csv", "/coverage.ics?kind=none", "/embed/theme.css"])
def test_signing_in_leads_to_no_file(client: FlaskClient, dana: User, file: str) -> None:
    """A browser that is sent to one would go on showing the form that signs in."""
    assert try_to_sign_in(client, dana.username, next=file).headers["Location"] == "/"


@ONE_DATABASE
@pytest.mark.parametrize("file", ["/coverage.csv?kind=none", "/coverage.ics"])
def test_whoever_asks_for_a_file_comes_back_to_the_page_of_its_link(client: FlaskClient, file: str) -> None:
    headers = {"Referer": "http://localhost/coverage?kind=none"}

    answer = client.get(file, headers=headers)
    assert answer.headers["Location"] == "/sign-in?next=/coverage?kind%3Dnone"
    assert client.get(file).headers["Location"] == "/sign-in"


@ONE_DATABASE
@pytest.mark.parametrize("page", ["http://[", "http://[x]:y/", "//\u2100/", "x" * 5000])
def test_a_page_that_has_no_address_leads_nowhere(client: FlaskClient, page: str) -> None:
    named = {"Referer": page.encode().decode("latin-1")}
    assert client.post("/clients", headers=named).headers["Location"] == "/sign-in"
    assert client.post("/sign-out", headers=named).status_code == 303

    named = {"HX-Request": "true", "HX-Current-URL": page.encode().decode("latin-1")}
    answer = client.get("/clients", headers=named)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")

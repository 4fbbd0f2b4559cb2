from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from caseapp.web import static_version
from tests.databases import ONE_DATABASE

pytestmark = ONE_DATABASE


def test_the_first_page_is_the_start_page(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert "<h1>This week</h1>" in answer.text


@pytest.mark.parametrize("name", ["id", "A" * 20, "a" * 19, "a" * 21, "a" * 19 + "-", "1" * 40, "%00" * 20])
@pytest.mark.parametrize("page", ["", "/clinical", "/case-managers/new"])
def test_what_is_no_public_id_is_not_found(client: FlaskClient, name: str, page: str) -> None:
    assert client.get(f"/clients/{name}{page}").status_code == 404


@pytest.mark.settings(practice_name="<b>Elm & Oak</b>")
def test_the_practices_name_is_text_wherever_it_stands(client: FlaskClient) -> None:
    page = client.get("/clients").text

    assert "&lt;b&gt;Elm &amp; Oak&lt;/b&gt;" in page
    assert "<b>Elm" not in page


@pytest.mark.settings(url_prefix="/desk/caseapp")
def test_with_a_prefix_nothing_is_answered_outside_it(client: FlaskClient) -> None:
    assert client.get("/clients").status_code == 404
    assert client.get("/desk/caseapp/clients").status_code == 200
    start = client.get("/desk/caseapp/")
    assert 'href="/desk/caseapp/clients"' in start.text
    assert 'href="/clients' not in start.text


def test_the_address_of_a_static_file_changes_with_any_of_them(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "a.js").write_text("1")
    before = static_version(tmp_path)
    (tmp_path / "vendor" / "a.js").write_text("2")

    assert static_version(tmp_path) != before
    with app.test_request_context():
        version = app.extensions["caseapp"]["static_version"]
        assert url_for("static", filename="caseapp.css") == f"/static/caseapp.css?v={version}"

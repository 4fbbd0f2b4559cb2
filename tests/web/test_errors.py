import logging
import re

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from caseapp.web.access import EVERYBODY, ROUTES
from tests.databases import ONE_DATABASE

pytestmark = ONE_DATABASE


def broken() -> str:
    raise ZeroDivisionError


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    for endpoint in ("break", "teapot", "gateway", "echo"):
        monkeypatch.setitem(ROUTES, endpoint, EVERYBODY)
    app.add_url_rule("/break", "break", broken)
    app.add_url_rule("/teapot", "teapot", lambda: abort(418))
    app.add_url_rule("/gateway", "gateway", lambda: abort(502))
    app.add_url_rule("/echo", "echo", lambda: dict(request.form), methods=["POST"])
    return app


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nowhere", 404, "Nothing is at this address"),
        ("/clients/short", 404, "Nothing is at this address"),
        ("/clients/" + "9" * 20, 404, "Nothing is at this address"),
        ("/clients/" + "9" * 4000, 404, "Nothing is at this address"),
        ("/clients/%00%ff", 404, "Nothing is at this address"),
        ("/echo", 405, "This address is not used that way"),
        ("/teapot", 418, "That request could not be read"),
        ("/break", 500, "Something went wrong here"),
        ("/gateway", 502, "Something went wrong here"),
    ],
)
def test_an_error_page_says_what_happened_and_leads_to_the_clients(
    client: FlaskClient, path: str, status: int, heading: str
) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert re.findall(r"<h1>(.*?)</h1>", answer.text) == [heading]
    assert '<a class="button" href="/clients">Go to Clients</a>' in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/nowhere", "/break"])
def test_a_script_gets_one_plain_sentence_for_its_toast(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"HX-Request": "true"})

    assert answer.mimetype == "text/plain"
    assert "<" not in answer.text
    assert answer.text.endswith(".")


def test_a_page_of_the_browsers_history_is_restored_whole(client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    answer = client.get("/nowhere", headers=headers)

    assert "<h1>" in answer.text
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(answer.vary)


def test_a_wrong_method_is_told_which_ones_are_right(client: FlaskClient) -> None:
    answer = client.get("/echo")

    assert set(answer.allow) == {"POST", "OPTIONS"}


def test_a_fault_of_ours_is_written_to_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        client.get("/break?q=somebody")

    (record,) = caplog.records
    assert record.exc_info is not None
    assert "somebody" not in record.getMessage()


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("application/x-www-form-urlencoded", b"q="),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n',
        ),
    ],
)
def test_what_is_larger_than_a_form_may_be_is_refused(client: FlaskClient, kind: str, start: bytes) -> None:
    answer = client.post("/echo", data=start + b"x" * (4 * 1024 * 1024), content_type=kind)

    assert answer.status_code == 413
    assert "<h1>That was too much at once</h1>" in answer.text

"""Each answer has a number, which the log has as well."""

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caseapp.web import request_log
from tests.databases import ONE_DATABASE
from tests.web.desk import HTMX

pytestmark = ONE_DATABASE


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/clients"), ("POST", "/clients"), ("GET", "/nowhere"), ("DELETE", "/clients"),
     ("GET", "/static/caseapp.css"), ("GET", "/healthz")],
)  # fmt: skip
def test_every_answer_has_a_number_of_its_own(
    client: FlaskClient, method: str, path: str, headers: dict[str, str]
) -> None:
    numbers = set()
    for _ in range(2):
        answer = client.open(path, method=method, headers=headers | {"X-Request-ID": "mine"})
        answer.close()
        numbers.add(answer.headers["X-Request-ID"])
    assert len(numbers) == 2
    assert all(re.fullmatch("[0-9a-f]{16}", number) for number in numbers)


def test_a_request_is_logged_where_the_level_is_info(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/clients")
    assert caplog.messages == []
    with caplog.at_level(logging.INFO, request_log.__name__):
        client.get("/clients")
    (record,) = caplog.records
    assert record.getMessage() == "A request was answered."
    assert record.__dict__["fields"]["status"] == 200


def test_a_fault_is_logged_without_its_address(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(secret: str) -> str:
        raise ValueError(secret)

    app.add_url_rule("/fails/<secret>", "health.fails", fail)
    from caseapp.web import access

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(access.ROUTES, "health.fails", access.EVERYBODY)
        answer = app.test_client().get("/fails/quiet")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"]
    assert caplog.messages == ["A request failed."]

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caseapp import create_app
from caseapp.config import Settings
from tests.closing_apps import closing_apps
from tests.databases import ONE_DATABASE

pytestmark = ONE_DATABASE


@pytest.fixture
def started() -> list[str]:
    """What was started, by the button."""
    return []


@pytest.fixture(autouse=True)
def databases_closed() -> Iterator[None]:
    with closing_apps():
        yield


@pytest.fixture
def app(settings: Settings, started: list[str]) -> Flask:
    app = create_app(replace(settings, demo=True))
    app.extensions["caseapp"]["start_own_practice"] = lambda: started.append("own")
    return app


def token(page: str) -> str:
    (found,) = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    return str(found)


def test_asking_changes_nothing(client: FlaskClient, started: list[str]) -> None:
    answer = client.get("/practice/start")

    assert answer.status_code == 200
    assert "<h1>Start your own practice</h1>" in answer.text
    assert started == []


def test_the_button_starts_the_own_practice(client: FlaskClient, started: list[str]) -> None:
    answer = client.post("/practice/start", data={"csrf_token": token(client.get("/practice/start").text)})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/clients")
    assert started == ["own"]


@pytest.mark.parametrize("data", [{}, {"csrf_token": ""}, {"csrf_token": "stale"}])
def test_without_a_good_token_nothing_is_started(
    client: FlaskClient, started: list[str], data: dict[str, str]
) -> None:
    answer = client.post("/practice/start", data=data)

    assert answer.status_code == 422
    assert 'data-code="csrf"' in answer.text
    assert started == []


def test_an_own_practice_has_nothing_to_start(settings: Settings) -> None:
    client = create_app(settings).test_client()

    assert client.get("/practice/start").status_code == 404
    assert client.post("/practice/start").status_code == 404


def test_another_method_is_refused(client: FlaskClient) -> None:
    assert client.put("/practice/start").status_code == 405

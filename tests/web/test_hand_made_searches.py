"""Odd posts to the client list and to the start of a practice: answered, and nothing is changed."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from caseapp import create_app
from caseapp.config import Settings
from tests.closing_apps import closing_apps
from tests.web.accounts import form_token
from tests.web.audit import audit
from tests.web.desk import HTMX, Scene, stored
from tests.web.page import Page

URLENCODED = "application/x-www-form-urlencoded"
TWENTY = "9" * 20


@pytest.fixture(params=[{}, HTMX], ids=["page", "fragment"])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    given: dict[str, str] = request.param
    return given


def token(client: FlaskClient) -> str:
    return form_token(client)


SEARCHES: tuple[dict[str, str], ...] = (
    {},
    {"q": ""},
    {"q": "x" * 200},
    {"q": "x" * 10_001},
    {"q": "x " * 500_000},
    {"q": TWENTY},
    {"status": TWENTY},
    {"status": "x" * 1_000_000},
    {"service_line": "x\x00"},
    {"clinician": TWENTY},
    {"clinician": "x" * 10_001},
    {"after": TWENTY},
    {"after": f"{TWENTY}~a"},
    {"after": "1~\x00"},
    {"before": "999999999999999999~zzz"},
    {"after": "1~a", "before": "1~a"},
    {"stranger": "1"},
    {f"f{number}": "1" for number in range(900)},
)


def test_any_search_is_answered(
    client: FlaskClient, session: Session, scene: Scene, headers: dict[str, str]
) -> None:
    before, good = stored(session), token(client)

    for fields in SEARCHES:
        answer = client.post("/clients", data={"csrf_token": good, **fields}, headers=headers)
        assert answer.status_code == 200, str(fields)[:100]
        audit(answer.text, page=not headers)
        assert len(answer.text) < 200_000
    for raw in (b"q=%00", b"q=a&q=b", b"status=%00", b"q", b"&&&=&", b"q=%EF%BF%BD"):
        body = urlencode({"csrf_token": good}).encode() + b"&" + raw
        answer = client.post("/clients", data=body, content_type=URLENCODED, headers=headers)
        assert answer.status_code == 200, raw
        audit(answer.text, page=not headers)
    assert stored(session) == before


def test_a_search_that_is_no_text_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    for raw in (b"q=%ED%A0%80", b"q=%FF", b"after=1~%ED%A0%80", b"q=\xff"):
        answer = client.post("/clients", data=raw, content_type=URLENCODED, headers=headers)

        assert answer.status_code == 400
        assert "That request could not be read" in answer.text


@pytest.mark.parametrize("sent", [None, "", "stale", "\x00", "x" * 10_000], ids=lambda sent: repr(sent)[:9])
def test_without_a_good_token_nothing_is_searched(
    client: FlaskClient, scene: Scene, headers: dict[str, str], sent: str | None
) -> None:
    data = {"q": "harper"} | ({} if sent is None else {"csrf_token": sent})

    answer = client.post("/clients", data=data, headers=headers)

    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.codes("form-error") == ["csrf"]
    assert "Milo" not in answer.text
    if not headers:
        assert page.values("client-search")["q"] == "harper"


def test_five_megabytes_are_too_much_at_once(
    client: FlaskClient, scene: Scene, headers: dict[str, str]
) -> None:
    answer = client.post(
        "/clients", data={"csrf_token": token(client), "q": "x" * 5_000_000}, headers=headers
    )

    assert answer.status_code == 413


def test_a_wrong_method_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert client.open("/clients", method=method, headers=headers).status_code == 405


def test_any_address_of_the_list_is_answered_and_never_searches_by_name(
    client: FlaskClient, scene: Scene
) -> None:
    odd = (
        "status=%00",
        "status=%ED%A0%80",
        f"after={TWENTY}",
        f"clinician={TWENTY}",
        "q=sought",
        "a=1&" * 900,
    )
    for query in odd:
        answer = client.get(f"/clients?{query}")

        assert answer.status_code == 200
        audit(answer.text)
        assert "sought" not in answer.text


def test_any_address_of_a_tab_is_answered(client: FlaskClient, scene: Scene) -> None:
    far = "99999999999-999999999999999999"
    for query in (
        f"before={TWENTY}",
        "before=%00",
        f"after={far}",
        f"before={far}",
        "after=x&after=y",
        "before=-1",
    ):
        for tab in ("", "/clinical", "/funding", "/appointments", "/history"):
            answer = client.get(f"/clients/{scene.milo.public_id}{tab}?{query}")

            assert answer.status_code == 200, (tab, query)
            audit(answer.text)


def test_any_address_of_the_form_opens_it(client: FlaskClient, scene: Scene, headers: dict[str, str]) -> None:
    odd = (
        "service_line=%00",
        f"start_date={TWENTY}",
        "clinician=" + "x" * 5000,
        "start_date=%ED%A0%80",
        "end_date=&end_date=1",
    )
    for query in odd:
        for address in (f"{scene.post}/new", scene.of(scene.present, verb="edit")):
            answer = client.get(f"{address}?{query}", headers=headers)

            assert answer.status_code == 200, query
            audit(answer.text, page=not headers)
            assert len(answer.text) < 60_000


def test_odd_posts_start_no_practice(settings: Settings) -> None:
    with closing_apps():
        app = create_app(replace(settings, demo=True))
        started: list[str] = []
        app.extensions["caseapp"]["start_own_practice"] = lambda: started.append("own")
        client = app.test_client()
        good = Page(client.get("/practice/start").text)
        (sent,) = (e.attributes["value"] for e in good.elements if e.attributes.get("name") == "csrf_token")

        odd = (
            client.post("/practice/start", data=MultiDict([("csrf_token", "x"), ("csrf_token", sent)])),
            client.post(
                "/practice/start", data=json.dumps({"csrf_token": sent}), content_type="application/json"
            ),
            client.post("/practice/start", data=b"csrf_token=%00", content_type=URLENCODED),
            client.post("/practice/start", data={"csrf_token": "x" * 1_000_000}),
            client.post("/practice/start", data={"csrf_token": sent[:-1]}),
        )

        assert [answer.status_code for answer in odd] == [422] * 5
        for answer in odd:
            audit(answer.text)
        assert client.post("/practice/start", data={"csrf_token": "x" * 5_000_000}).status_code == 413
        assert started == []

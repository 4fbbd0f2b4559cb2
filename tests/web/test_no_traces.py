"""Nothing that is typed into any form shows in a log, an address, a cookie or the title of a page."""

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp import logs
from caseapp.usecases.one_time_link import find_link
from caseapp.usecases.user_account import new_link
from caseapp.web import access
from caseapp.web.request_log import about_request
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.usecases.save_desk import ANN
from tests.web.accounts import User, form_token, signed_in
from tests.web.desk import HTMX, Scene
from tests.web.every_route import addresses
from tests.web.page import Element, Page

pytestmark = [
    ONE_DATABASE,
    pytest.mark.settings(auth="local"),
]

MARK = "zzyzx"
BORN = "2011-03-17"
MARKED = {"email": f"{MARK}@example.org", "password": f"{MARK} quiet tall herons", "date_of_birth": BORN}
TOLD = (MARK, BORN, "17 mar 2011")
NUMBERS = {
    "number",
    "code",
    "npi",
    "taxonomy_code",
    "credential",
    "caseload_limit",
    "minutes",
    "starts_at_time",
}
"""Numbers of the practice's own name its records in titles; the others hold digits alone."""

ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "hx-push-url", "hx-replace-url")
HEADERS = ("Location", "Content-Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url",
           "HX-Trigger", "Set-Cookie", "Content-Disposition")  # fmt: skip
TYPED = ("text", "search", "email", "password")
ENDS = ("/sign-out", "/account/sign-out-everywhere", "/practice/start")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that a server with the most talkative setting writes."""
    stream, root, ours = io.StringIO(), logging.getLogger(), logging.getLogger("caseapp")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines(about_request))
    level = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    ours.setLevel(level)


def is_typed(control: Element) -> bool:
    """Whether it takes free text."""
    kind = control.attributes.get("type", "text")
    return control.tag == "textarea" or (control.tag == "input" and kind in TYPED)


def marked(form: Element) -> dict[str, str]:
    """What somebody sends who types a marked value wherever text can be typed."""
    fields = {}
    for control in form.all():
        name, kind = control.attributes.get("name", ""), control.attributes.get("type", "text")
        if not name or kind == "submit" or control.tag not in ("input", "select", "textarea"):
            continue
        value = control.attributes.get("value", "")
        if control.tag == "select":
            options = [o.attributes for o in control.all() if o.tag == "option"]
            chosen = [o for o in options if "selected" in o] or [o for o in options if o.get("value")] or [{}]
            value = chosen[0].get("value", "")
        elif kind in ("radio", "checkbox") and "checked" not in control.attributes:
            continue
        elif is_typed(control) and name not in NUMBERS and not value[:1].isdigit():
            value = MARKED.get(name, f"{MARK.title()} {name}")
        if name == "date_of_birth" or (kind == "date" and not value):
            value = MARKED.get(name, "2026-11-25")
        fields[name] = value
    return fields


def look_over(answer: TestResponse, place: str) -> Page:
    """Fail where the answer shows a marked value in an address, a cookie or its title."""
    assert answer.status_code < 500, place
    for name in HEADERS:
        for value in answer.headers.getlist(name):
            clean(value, f"{place}: {name}")
    page = Page(answer.text)
    in_svg = {id(e) for svg in page.elements if svg.tag == "svg" for e in svg.all()}
    for element in page.elements:
        if element.tag == "title" and id(element) not in in_svg:
            clean(element.text, f"{place}: title")
        for name in ADDRESSES:
            value = element.attributes.get(name, "")
            if not value.startswith("mailto:"):
                clean(value, f"{place}: {name}")
    return page


def clean(text: str, place: str) -> None:
    assert not any(mark in text.casefold() for mark in TOLD), f"{place}: {text}"


def test_no_marked_value_shows_in_a_log_an_address_a_cookie_or_a_title(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, users: dict[str, User], log: io.StringIO
) -> None:
    signed_in(client, users["administrator"])
    token = form_token(client)
    read = [
        address
        for method, address, endpoint in addresses(app, session, scene, scene.milo, users["billing"])
        if method == "GET" and access.ROUTES[endpoint] is not None and endpoint != "practice.start"
    ]
    forms: dict[str, Element] = {}
    for address in read:
        for headers in ({}, HTMX):
            answer = client.get(address, headers=headers)
            page = look_over(answer, address)
            answer.close()
            for element in page.elements:
                if element.tag == "form" and element.attributes.get("method") == "post":
                    forms.setdefault(element.attributes["action"], element)
    assert len(forms) > 25
    answered = set()
    for address, form in sorted(forms.items()):
        if address.endswith(ENDS):
            continue
        for headers in ({}, HTMX):
            fields = marked(form) | {"csrf_token": token}
            answer = client.post(address, data=fields, headers=headers)
            look_over(answer, address)
            answer.close()
            answered.add(answer.status_code)
            if (led := answer.headers.get("Location", "")).startswith("/clients/"):
                read.append(led)
    assert answered >= {200, 303, 422}
    shown = 0
    for address in read:
        answer = client.get(address)
        look_over(answer, address)
        shown += MARK in answer.text.casefold()
        answer.close()
    assert shown > 5, "nothing that was typed was kept: the test proves little"
    assert log.getvalue().count("\n") > 100
    clean(log.getvalue(), "log")


def test_no_marked_value_shows_where_people_sign_in(
    app: Flask, client: FlaskClient, session: Session, users: dict[str, User], log: io.StringIO
) -> None:
    link = new_link(session, ANN, NOW, users["office"].public_id)
    assert find_link(session, link, NOW) is not None
    session.rollback()
    for address in ("/sign-in", f"/welcome/{link}"):
        page = look_over(client.get(address), address)
        for form in (e for e in page.elements if e.tag == "form"):
            look_over(client.post(form.attributes["action"], data=marked(form)), address)
    signed_in(client, users["clinician"])
    page = look_over(client.get("/emergency-access"), "emergency")
    for form in (e for e in page.elements if e.attributes.get("action") == "/emergency-access"):
        look_over(client.post("/emergency-access", data=marked(form)), "emergency")
    assert "/welcome/<token>" in log.getvalue()
    assert link not in log.getvalue()
    clean(log.getvalue(), "log")


def test_no_marked_value_shows_where_a_page_fails(
    app: Flask, client: FlaskClient, users: dict[str, User], log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(client, users["office"])
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_arguments: object, **_more: object) -> None:
        raise ValueError(f"no such client: {MARK}")

    monkeypatch.setattr("caseapp.web.clients.client_list", fail)
    answer = client.post("/clients", data={"csrf_token": "x", "q": MARK})
    assert answer.status_code == 422
    monkeypatch.setattr("caseapp.web.clients.validate_csrf", lambda _token: None)
    answer = client.post("/clients", data={"q": MARK})
    assert answer.status_code == 500
    assert '"type": "ValueError"' in log.getvalue()
    clean(log.getvalue(), "log")


def test_a_form_that_writes_into_the_address_takes_no_text(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, users: dict[str, User]
) -> None:
    signed_in(client, users["administrator"])
    for method, address, endpoint in addresses(app, session, scene, scene.milo, users["billing"]):
        if method != "GET" or access.ROUTES[endpoint] is None:
            continue
        answer = client.get(address)
        page = Page(answer.text)
        answer.close()
        for form in page.elements:
            if form.tag != "form" or form.attributes.get("method", "get") == "post":
                continue
            for control in form.all():
                assert not is_typed(control), f"{address}: {control.attributes}"

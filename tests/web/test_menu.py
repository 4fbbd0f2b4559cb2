"""The number in the menu: how many errors of coverage there are."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.web import menu
from tests import builders
from tests.web.desk import Desk, Scene, judged
from tests.web.page import Element, Page


def menu_link(page: Page) -> Element:
    item = page.by_id("menu-coverage")
    assert item is not None
    return next(e for e in item.all() if e.tag == "a")


def test_the_menu_of_every_page_counts_the_errors(
    client: FlaskClient, scene: Scene, session: Session
) -> None:
    for address in ("/clients", scene.tab, "/coverage", "/clinicians", "/nothing-here"):
        link = menu_link(Page(client.get(address).text))
        assert link.attributes["aria-label"] == "Coverage gaps, 1 error"
        assert link.text == "Coverage gaps 1"
    assert menu_link(Page(client.get("/coverage").text)).attributes["aria-current"] == "page"
    builders.a_client_service_line(session, scene.milo, "OT")
    judged(session, scene.milo)
    assert menu_link(Page(client.get("/clients").text)).attributes["aria-label"] == "Coverage gaps, 2 errors"


def test_a_menu_without_errors_has_no_number(client: FlaskClient, session: Session) -> None:
    link = menu_link(Page(client.get("/clients").text))
    assert "aria-label" not in link.attributes
    assert link.text == "Coverage gaps"


def test_a_save_counts_anew(desk: Desk, scene: Scene) -> None:
    answer = desk.send(scene.post, scene.mei_for_st(start_date="2026-11-22"))
    link = menu_link(desk.told(answer))
    assert "aria-label" not in link.attributes
    if desk.fragments:
        item = Page(answer.text).by_id("menu-coverage")
        assert item is not None
        assert item.attributes["hx-swap-oob"] == "true"


def test_many_errors_are_told_as_such(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "errors", lambda *_: 100)
    link = menu_link(Page(client.get("/clients").text))
    assert link.text == "Coverage gaps 99+"
    assert link.attributes["aria-label"] == "Coverage gaps, 100 or more errors"


def test_a_stranger_is_not_told_how_many(client: FlaskClient, scene: Scene) -> None:
    page = Page(client.get("/clients", environ_base={"REMOTE_ADDR": "192.0.2.7"}).text)
    assert menu_link(page).text == "Coverage gaps"

"""One client's case managers by external ID, for a frame: as pages and as fragments of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.models import AccessEvent, Client
from tests.builders import Row
from tests.databases import ONE_DATABASE
from tests.web.accounts import PASSWORD, User, a_user, signed_in, token_on, try_to_sign_in
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, Scene, last_event, message
from tests.web.page import Page


@pytest.fixture(autouse=True)
def milo(session: Session, scene: Scene) -> Row:
    called(session, scene.milo, "MRN-77")
    return scene.milo


def called(session: Session, client: Row, external_id: str) -> None:
    session.execute(update(Client).where(Client.id == client.id).values(external_id=external_id))
    session.commit()


def address(external_id: str = "MRN-77") -> str:
    return f"/embed/clients/by-external-id/{quote(external_id, safe='')}/case-managers"


def below(scene: Scene, rest: str = "") -> str:
    return f"/embed/clients/{scene.milo.public_id}/{rest}"


def test_a_client_is_found_by_the_id_of_another_system(desk: Desk, client: FlaskClient) -> None:
    desk.get(address())
    text = client.get(address(), headers=desk.headers).text

    assert "Priya Natarajan" in text
    assert "Tomás Vidal" in text
    assert ("<h1>Milo Harper</h1>" in text) == (not desk.fragments)


@ONE_DATABASE
def test_who_looks_at_a_client_in_a_frame_is_on_record(
    client: FlaskClient, session: Session, scene: Scene
) -> None:
    assert client.get(address()).status_code == 200

    session.rollback()
    viewed = session.execute(select(AccessEvent.kind, AccessEvent.client_id)).all()
    assert viewed == [("viewed", scene.milo.id)]


def test_the_page_has_neither_menu_nor_tabs_and_keeps_to_addresses_of_its_own(
    client: FlaskClient,
) -> None:
    elements = audit(client.get(address()).text)

    assert not [e for e in elements if e.attributes.get("aria-label") == "Main"]
    assert not [e for e in elements if e.attributes.get("role") == "tab"]
    for element in elements:
        leads = [element.attributes.get(name, "") for name in ("href", "action", "hx-get", "hx-post")]
        for target in leads:
            stays = target.startswith(("/embed/", "/static/", "#"))
            assert not target or stays or element.attributes.get("target") == "_blank", element


def test_its_title_names_nobody(client: FlaskClient, scene: Scene) -> None:
    for page in (address(), below(scene, "case-managers/new")):
        assert "<title>Case managers · Caseapp</title>" in client.get(page).text


def test_adding_editing_and_removing_stay_in_the_frame(desk: Desk, scene: Scene, session: Session) -> None:
    form = desk.get(below(scene, "case-managers/new"))
    sent = form.values("case-manager-form") | scene.mei_for_st()
    answer = desk.send(below(scene, "case-managers"), sent)
    if not desk.fragments:
        assert answer.headers["Location"] == below(scene, "clinical")
    assert "Saved: Mei Lindqvist is ST case manager" in message(desk.told(answer))
    assert last_event(session).entity == "case_manager"

    row = below(scene, f"case-managers/{scene.present.public_id}")
    sent = desk.get(f"{row}/edit").values("case-manager-form") | {"end_date": "2027-03-31"}
    assert "Priya Natarajan is ABA case manager" in message(desk.told(desk.send(f"{row}/edit", sent)))

    sent = desk.get(f"{row}/remove").values("removal-form") | {"reason": "entered twice"}
    assert message(desk.told(desk.send(f"{row}/remove", sent))).startswith("Removed: Priya Natarajan")


def test_a_refused_form_stays_in_the_frame(desk: Desk, scene: Scene) -> None:
    fields = {"csrf_token": desk.token(), "service_line": "ST", "end_date": "2027-01-31"}
    answer = desk.client.post(below(scene, "case-managers"), data=fields, headers=desk.headers)

    assert answer.status_code == 422
    assert Page(answer.text).values("case-manager-form")["end_date"] == "2027-01-31"
    assert f'action="{below(scene, "case-managers")}"' in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(
    "external_id", ["nobody", "mrn-77", "MRN-77 ", "%", "\x00", "x" * 5000, "../MRN-77", "MRN/77", "'--", "é"]
)
def test_an_id_that_nobody_has_is_not_found(
    client: FlaskClient, external_id: str, headers: dict[str, str]
) -> None:
    answer = client.get(address(external_id), headers=headers)

    assert answer.status_code == 404
    assert "Nothing is at this address" in answer.text


@pytest.mark.parametrize("external_id", ["Z/8 ü?#%", "0"])
def test_an_id_may_hold_what_addresses_escape(
    client: FlaskClient, session: Session, scene: Scene, external_id: str
) -> None:
    called(session, scene.milo, external_id)

    assert client.get(address(external_id)).status_code == 200


def test_in_the_frame_an_error_has_no_menu(client: FlaskClient) -> None:
    elements = audit(client.get(address("nobody")).text)

    assert not [e for e in elements if e.tag in ("nav", "a")]


@ONE_DATABASE
@pytest.mark.settings(auth="local")
def test_whoever_has_not_signed_in_is_led_back_to_the_frame_afterwards(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    user = a_user(app, session)
    answer = client.get(f"{address()}?accent=7a1fa2")
    assert answer.status_code == 303
    assert client.get(address("nobody")).status_code == 303  # tells nothing about who is there

    page = client.get(answer.headers["Location"])
    fields = {"csrf_token": token_on(page.text), "username": user.username, "password": PASSWORD}
    sent = Page(page.text).values("sign-in-form") | fields
    assert client.post("/sign-in", data=sent).headers["Location"] == f"{address()}?accent=7a1fa2"


@ONE_DATABASE
@pytest.mark.settings(auth="local")
def test_after_signing_out_one_signs_in_to_the_frame_again(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    signed_in(client, a_user(app, session))
    token = token_on(client.get(address()).text)
    page = {"Referer": f"http://localhost{address()}"}
    answer = client.post("/sign-out", data={"csrf_token": token}, headers=page)

    assert answer.headers["Location"] == f"/signed-out?next={address()}"
    links = [e.attributes.get("href") for e in audit(client.get(answer.headers["Location"]).text)]
    assert f"/sign-in?next={address()}" in links
    assert "attacker" not in client.get("/signed-out?next=//attacker.example/embed/").text


@ONE_DATABASE
@pytest.mark.settings(auth="local")
def test_a_sign_in_that_ran_out_keeps_the_look_of_the_host(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    user = a_user(app, session)
    signed_in(client, user)
    (found,) = themes(client.get(f"{address()}?accent=7a1fa2").text)
    kept = app.extensions["caseapp"]["settings"]
    app.extensions["caseapp"]["settings"] = replace(kept, now=kept.now + timedelta(minutes=20))
    answer = client.get(below(scene, "clinical"))
    assert themes(client.get(answer.headers["Location"]).text) == [found]

    answer = try_to_sign_in(client, user.username, wanted=below(scene, "clinical"))
    assert themes(client.get(answer.headers["Location"]).text) == [found]


@ONE_DATABASE
@pytest.mark.settings(auth="local")
def test_what_a_clinician_may_not_see_is_not_found_either(
    client: FlaskClient, session: Session, users: dict[str, User], other: Row
) -> None:
    called(session, other, "MRN-99")
    signed_in(client, users["clinician"])

    assert client.get(address()).status_code == 200
    forbidden, unknown = client.get(address("MRN-99")), client.get(address("nobody"))
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert forbidden.text == unknown.text
    assert client.get(address("\x00")).status_code == 404
    session.rollback()
    refused = select(AccessEvent.client_id, AccessEvent.detail).where(AccessEvent.kind == "denied")
    asked = "GET /embed/clients/by-external-id/…/case-managers"
    assert session.execute(refused).all() == [(other.id, asked), (None, asked), (None, asked)]


def themes(html: str) -> list[str]:
    return [
        element.attributes["href"]
        for element in audit(html)
        if element.tag == "link" and "theme.css" in element.attributes["href"]
    ]


def test_colours_and_font_of_the_host_are_kept_for_the_pages_that_follow(
    client: FlaskClient, scene: Scene
) -> None:
    assert themes(client.get(address()).text) == []
    (found,) = themes(client.get(f"{address()}?accent=7a1fa2&font=georgia&nothing=1").text)
    assert found == "/embed/theme.css?accent=7a1fa2&font=georgia"
    assert themes(client.get(below(scene, "case-managers/new")).text) == [found]
    assert themes(client.get(address()).text) == [found]

    answer = client.get(found)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "--accent: #7a1fa2;" in answer.text
    assert "Georgia" in answer.text


@pytest.mark.parametrize(
    "query", ["accent=red", "font=x%22%3Bbackground:url(//e)", "scheme=%00", "accent=" + "f" * 9000]
)
def test_what_is_no_colour_or_font_is_left_out(client: FlaskClient, query: str) -> None:
    page = client.get(f"{address()}?{query}")

    assert page.status_code == 200
    assert themes(page.text) == []
    assert client.get(f"/embed/theme.css?{query}").text == ""


@pytest.mark.parametrize("kept", ["red", ["accent"]])
def test_a_theme_that_is_none_does_no_harm(client: FlaskClient, kept: Any) -> None:
    with client.session_transaction() as session:
        session["theme"] = kept

    assert themes(client.get(address()).text) == []


@pytest.mark.settings(frame_ancestors="'self' https://portal.example.org")
def test_who_may_frame_it_is_told_how_tall_it_is(client: FlaskClient) -> None:
    page = client.get(address()).text

    assert 'name="caseapp-frame-ancestors" content="&#39;self&#39; https://portal.example.org"' in page
    assert "/static/frame.js" in page


def test_where_nobody_may_frame_it_nobody_is_told(client: FlaskClient) -> None:
    page = client.get(address()).text

    assert "caseapp-frame-ancestors" not in page
    assert "frame.js" not in page

"""Nothing typed is lost where a sign-in has ended: the form comes back after signing in again."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.config import Settings
from caseapp.models import AuditEvent, KeptForm
from caseapp.web.account_kit import account_kit
from tests.web.accounts import (
    PASSWORD,
    User,
    a_user,
    cookie,
    form_token,
    later,
    recovery_codes_of,
    signed_in,
    token_on,
    try_to_sign_in,
)
from tests.web.audit import audit
from tests.web.desk import HTMX, Scene
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")


@pytest.mark.parametrize("fragment", [False, True])
def test_what_was_typed_comes_back_after_signing_in_again(
    client: FlaskClient,
    app: Flask,
    settings: Settings,
    session: Session,
    scene: Scene,
    dana: User,
    fragment: bool,
) -> None:
    signed_in(client, dana)
    fields = scene.mei_for_st(csrf_token=form_token(client), start_date="2026-11-29", reason="a typed reason")
    later(app, minutes=20)
    headers = HTMX | {"HX-Current-URL": f"http://localhost{scene.tab}"} if fragment else {}
    refused = client.post(scene.post, data=fields, headers=headers)

    if fragment:
        assert refused.status_code == 401
        address = refused.headers["HX-Redirect"]
        assert address.endswith(f"next%3D{scene.tab}")
    else:
        assert refused.status_code == 303
        address = refused.headers["Location"]
    assert "typed" not in address
    assert "What you typed is kept" in client.get(address).text
    answer = try_to_sign_in(client, dana.username)
    assert answer.headers["Location"].startswith("/sign-in/kept")

    page = client.get(answer.headers["Location"])
    assert page.status_code == 422
    audit(page.text)
    values = Page(page.text).values("case-manager-form")
    assert {name: values[name] for name in ("service_line", "clinician", "start_date", "reason")} == {
        "service_line": "ST",
        "clinician": scene.mei.key,
        "start_date": "2026-11-29",
        "reason": "a typed reason",
    }
    assert client.get("/sign-in/kept").status_code == 422  # a reload shows it again
    assert "case_manager" not in set(session.execute(select(AuditEvent.entity)).scalars())
    saved = client.post(scene.post, data=values | {"start_date": "2026-11-23"})
    assert saved.status_code == 303, saved.text


def test_what_was_typed_comes_back_though_another_window_asked_to_sign_in_before(
    client: FlaskClient, app: Flask, scene: Scene, dana: User
) -> None:
    signed_in(client, dana)
    fields = scene.mei_for_st(csrf_token=form_token(client), reason="a typed reason")
    later(app, minutes=20)
    assert "What you typed is kept" not in client.get("/coverage", follow_redirects=True).text
    assert "What you typed is kept" not in client.get("/sign-in").text

    client.post(scene.post, data=fields)
    answer = try_to_sign_in(client, dana.username)
    page = client.get(answer.headers["Location"])
    assert Page(page.text).values("case-manager-form")["reason"] == "a typed reason"


def wanted_in(address: str) -> str:
    """The page to which signing in leads from this address."""
    (wanted,) = parse_qs(urlsplit(address).query)["next"]
    return wanted


def reasons(client: FlaskClient, address: str) -> str:
    return Page(client.get(address).text).values("case-manager-form")["reason"]


def test_each_window_of_a_browser_gets_its_own_form_back(
    client: FlaskClient, app: Flask, scene: Scene, dana: User
) -> None:
    signed_in(client, dana)
    token = form_token(client)
    later(app, minutes=20)
    first, second = (
        client.post(scene.post, data=scene.mei_for_st(csrf_token=token, reason=reason)).headers["Location"]
        for reason in ("of the first window", "of the second window")
    )

    there = {"username": dana.username, "password": PASSWORD, "next": wanted_in(second)}
    there["csrf_token"] = token_on(client.get(second).text)

    answer = try_to_sign_in(client, dana.username, wanted=wanted_in(first))
    assert reasons(client, answer.headers["Location"]) == "of the first window"
    # The second one is signed in by now as well: a reload is enough, or signing in there.
    assert reasons(client, client.get(second).headers["Location"]) == "of the second window"
    stale = client.post("/sign-in", data=there)
    assert stale.status_code == 422
    answer = client.post("/sign-in", data=there | {"csrf_token": token_on(stale.text)})
    assert reasons(client, answer.headers["Location"]) == "of the second window"


@pytest.mark.parametrize("form", ["nonsense", "0" * 12, ""])
def test_a_form_that_is_not_kept_leads_to_the_page_that_was_asked_for(
    client: FlaskClient, app: Flask, scene: Scene, dana: User, form: str
) -> None:
    signed_in(client, dana)

    answer = client.get("/sign-in/kept", query_string={"form": form, "next": scene.tab})

    assert (answer.status_code, answer.headers["Location"]) == (303, scene.tab)


def test_what_was_typed_comes_back_though_another_window_has_signed_in_half_way(
    client: FlaskClient, app: Flask, session: Session, scene: Scene
) -> None:
    user = a_user(app, session, "office", username="bo", second_factor_required=True)
    try_to_sign_in(client, user.username)
    recovery_code = recovery_codes_of(app, client)[0]
    token = form_token(client)
    later(app, minutes=20)
    try_to_sign_in(client, user.username)  # and now a code is asked for

    sent = client.post(scene.post, data=scene.mei_for_st(csrf_token=token, reason="a typed reason"))
    assert sent.headers["Location"] == "/sign-in/code"
    code = {"csrf_token": token_on(client.get("/sign-in/code").text), "code": recovery_code}
    answer = client.post("/sign-in/code", data=code)
    assert reasons(client, answer.headers["Location"]) == "a typed reason"


def test_no_password_is_kept(client: FlaskClient, app: Flask, session: Session, dana: User) -> None:
    signed_in(client, dana)
    typed = {"old_password": PASSWORD, "password": "another quiet tall heron"}
    fields = {"csrf_token": form_token(client), **typed}
    later(app, minutes=20)
    client.post("/account/password", data=fields)

    encrypted = session.execute(select(KeptForm.fields)).scalar_one()
    with app.app_context():
        assert account_kit().decrypt(encrypted) == b"[]"
    page = client.get(try_to_sign_in(client, dana.username).headers["Location"])
    assert page.status_code == 422
    assert PASSWORD not in page.text


def test_a_form_of_a_day_ago_is_not_kept(
    client: FlaskClient, app: Flask, session: Session, scene: Scene, dana: User
) -> None:
    signed_in(client, dana)
    fields = scene.mei_for_st(csrf_token=form_token(client))
    later(app, minutes=20)
    client.get("/sign-in")
    later(app, hours=25)
    bo = a_user(app, session, "office", username="bo")
    signed_in(app.test_client(), bo)  # which throws away what is a day old

    client.post(scene.post, data=fields)
    assert try_to_sign_in(client, dana.username).headers["Location"] == "/"


def test_what_was_typed_is_nobody_elses(
    client: FlaskClient, app: Flask, session: Session, scene: Scene, dana: User
) -> None:
    a_user(app, session, "office", username="bo")
    signed_in(client, dana)
    fields = scene.mei_for_st(csrf_token=form_token(client), reason="between us")
    later(app, minutes=20)
    client.post(scene.post, data=fields)
    answer = try_to_sign_in(client, "bo")

    answer = client.get(answer.headers["Location"])
    assert answer.status_code == 303
    assert "between us" not in client.get("/sign-in/kept", follow_redirects=True).text


def test_a_form_without_its_token_is_not_kept(
    client: FlaskClient, app: Flask, scene: Scene, dana: User
) -> None:
    signed_in(client, dana)
    later(app, minutes=20)
    client.post(scene.post, data=scene.mei_for_st(csrf_token="forged"))

    assert try_to_sign_in(client, dana.username).headers["Location"] == "/"


def test_what_is_kept_cannot_be_read_in_the_database(
    client: FlaskClient, app: Flask, session: Session, scene: Scene, dana: User
) -> None:
    signed_in(client, dana)
    fields = scene.mei_for_st(csrf_token=form_token(client), reason="very private words")
    later(app, minutes=20)
    client.post(scene.post, data=fields)

    kept = session.execute(select(KeptForm)).scalar_one()
    assert b"private" not in kept.fields
    assert b"private" not in (cookie(client)).encode()

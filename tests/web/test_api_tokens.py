"""Tokens of programs: they open no page, and go with the user who made them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import ApiToken
from caseapp.usecases.api_token import program_of
from tests.conftest import NOW
from tests.web.accounts import User, a_user, events, sent, signed_in, try_to_sign_in
from tests.web.page import Page
from tests.web.test_users import boss, desk

pytestmark = pytest.mark.settings(auth="local")
__all__ = ["boss", "desk"]


def test_a_token_opens_no_page_and_is_no_password(
    app: Flask, desk: FlaskClient, session: Session, boss: User
) -> None:
    token = Page(sent(desk, "/users/tokens/new", name="Portal", scopes=["read", "write"], days="30")).text_of(
        "token"
    )
    program = app.test_client()

    for headers in ({"Authorization": f"Bearer {token}"}, {"X-Api-Key": token}, {"Authorization": token}):
        assert program.get("/clients", headers=headers).status_code == 303
        assert program.post("/payors/new", headers=headers, data={"name": "x"}).status_code in (303, 405)
    assert program.get(f"/clients?access_token={token}&token={token}").status_code == 303
    program.set_cookie("caseapp_session", token)
    assert program.get("/clients").status_code == 303
    program.set_cookie("caseapp_session", token.removeprefix("caseapp_"))
    assert program.get("/clients").status_code == 303
    for username, password in ((boss.username, token), ("Portal", token), ("program Portal", token)):
        assert try_to_sign_in(program, username, password).status_code == 422
    assert program.get(f"/welcome/{token.removeprefix('caseapp_')}").status_code == 404


def test_the_tokens_of_a_deactivated_user_are_revoked_for_good(
    app: Flask, desk: FlaskClient, session: Session
) -> None:
    bo = a_user(app, session, "administrator", username="bo")
    browser = signed_in(app.test_client(), bo)
    made = [
        Page(sent(whose, "/users/tokens/new", name="Portal", scopes=["read"], days="30")).text_of("token")
        for whose in (desk, browser, browser)
    ]
    (own,) = session.scalars(select(ApiToken.id).where(ApiToken.user_id != bo.id))
    asked = desk.get(f"/users/{bo.public_id}/deactivate").text
    assert "the tokens for programs that they made are revoked" in asked
    sent(desk, f"/users/{bo.public_id}/deactivate")
    session.rollback()

    assert [program_of(session, token, NOW) is None for token in made] == [False, True, True]
    assert events(session)[-3:] == [
        ("boss Name", "revoked", "api_token"),
        ("boss Name", "revoked", "api_token"),
        ("boss Name", "deactivated", "user_account"),
    ]
    sent(desk, f"/users/{bo.public_id}/reactivate")
    session.rollback()
    assert program_of(session, made[1], NOW) is None
    assert session.get_one(ApiToken, own).revoked_at is None


def test_a_form_that_is_sent_again_makes_no_second_token(desk: FlaskClient, session: Session) -> None:
    page = Page(desk.get("/users/tokens/new").text)
    fields = page.values("token-form") | {"name": "Portal", "scopes": "read", "days": "30"}
    assert desk.post("/users/tokens/new", data=fields).status_code == 200

    again = desk.post("/users/tokens/new", data=fields)
    assert (again.status_code, Page(again.text).codes("form-error")) == (422, ["conflict"])
    session.rollback()
    assert len(session.execute(select(ApiToken)).all()) == 1
    anew = Page(again.text).values("token-form") | {"scopes": "read"}
    assert desk.post("/users/tokens/new", data=anew).status_code == 200

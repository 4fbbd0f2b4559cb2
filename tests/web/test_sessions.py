"""What was stolen from a browser is worth nothing once its sign-in has ended, whatever ended it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.stored_rows import KEPT_WHILE_READING, stored_rows
from tests.web.accounts import PASSWORD, User, a_user, form_token, later, sent, sign_out, signed_in
from tests.web.desk import Scene
from tests.web.page import Page
from tests.web.test_users import boss, desk

pytestmark = pytest.mark.settings(auth="local")
__all__ = ["boss", "desk"]


@dataclass(frozen=True)
class Ending:
    """What ends a sign-in: by an administrator, or by the user."""

    app: Flask
    desk: FlaskClient
    own: FlaskClient
    user: User

    def post(self, address: str, **fields: str) -> None:
        fields["csrf_token"] = form_token(self.own)
        assert self.own.post(address, data=fields).status_code == 303

    def act(self, what: str) -> None:
        sent(self.desk, f"/users/{self.user.public_id}/{what}")

    def another_role(self) -> None:
        edit = f"/users/{self.user.public_id}/edit"
        fields = Page(self.desk.get(edit).text).values("user-form") | {"role": "billing"}
        sent(self.desk, edit, **{name: fields[name] for name in fields if name != "csrf_token"})

    def too_late(self) -> None:
        later(self.app, hours=12)
        signed_in(self.own, self.user)  # a new sign-in revives no old cookie


ENDINGS: dict[str, Callable[[Ending], object]] = {
    "signed out": lambda by: sign_out(by.own),
    "signed out everywhere": lambda by: by.post("/account/sign-out-everywhere"),
    "another password": lambda by: by.post(
        "/account/password", old_password=PASSWORD, password="four small grey owls"
    ),
    "deactivated": lambda by: by.act("deactivate"),
    "another role": lambda by: by.another_role(),
    "second factor reset": lambda by: by.act("reset-second-factor"),
    "too late": lambda by: by.too_late(),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_what_was_stolen_before_opens_and_changes_nothing_after(
    app: Flask, desk: FlaskClient, session: Session, scene: Scene, what: str
) -> None:
    """The cookie, and a whole form with its token, which was good a moment ago."""
    user = a_user(app, session, "office", username="bo")
    own = signed_in(app.test_client(), user)
    kept = own.get_cookie("caseapp_session")
    assert kept is not None
    form = scene.mei_for_st(csrf_token=form_token(own), start_date="2026-11-23")
    ENDINGS[what](Ending(app, desk, own, user))
    untouched = KEPT_WHILE_READING | {"kept_form"}
    before = stored_rows(session, untouched)

    thief = app.test_client()
    thief.set_cookie("caseapp_session", kept.value)
    assert thief.get("/clients").status_code == 303
    thief.set_cookie("caseapp_session", kept.value)
    assert thief.post(scene.post, data=form).status_code == 303
    thief.set_cookie("caseapp_session", kept.value)
    assert "Harper" not in thief.get(scene.tab, follow_redirects=True).text
    assert stored_rows(session, untouched) == before

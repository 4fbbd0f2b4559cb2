"""A change that a page of another site sends is refused, also where it has got hold of a good token."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.databases import ONE_DATABASE
from tests.stored_rows import stored_rows
from tests.web.accounts import User, form_token, signed_in
from tests.web.desk import Scene
from tests.web.every_route import addresses

pytestmark = [
    ONE_DATABASE,
    pytest.mark.settings(auth="local"),
]
OTHERS = (
    "https://portal.example.org",
    "http://localhost.example.org",
    "http://localhost:9999",
    "http://notlocalhost",
    "null",
    "",
    "localhost",
    "http://[",
)


def test_every_change_from_another_site_is_refused(
    app: Flask, client: FlaskClient, session: Session, scene: Scene, users: dict[str, User]
) -> None:
    signed_in(client, users["administrator"])
    token = form_token(client)
    asked = addresses(app, session, scene, scene.milo, users["billing"])
    before = stored_rows(session)
    changes = [address for method, address, _ in asked if method == "POST"]
    assert len(changes) > 50
    for address in changes:
        answer = client.post(address, data={"csrf_token": token}, headers={"Origin": OTHERS[0]})
        assert answer.status_code == 403, address
        assert "This came from another site" in answer.text
    assert stored_rows(session) == before


@pytest.mark.parametrize("origin", OTHERS)
def test_whatever_is_not_this_site_is_another(
    client: FlaskClient, users: dict[str, User], origin: str
) -> None:
    signed_in(client, users["office"])
    fields = {"csrf_token": form_token(client), "q": "har"}
    assert client.post("/clients", data=fields, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost", "HTTP://LOCALHOST", None])
def test_own_pages_and_programs_are_let_in(
    client: FlaskClient, users: dict[str, User], origin: str | None
) -> None:
    signed_in(client, users["office"])
    fields = {"csrf_token": form_token(client), "q": "har"}
    headers = {"Origin": origin} if origin else {}
    assert client.post("/clients", data=fields, headers=headers).status_code == 200


def test_reading_is_nobody_elses_business(client: FlaskClient, users: dict[str, User]) -> None:
    signed_in(client, users["office"])
    assert client.get("/clients", headers={"Origin": OTHERS[0]}).status_code == 200

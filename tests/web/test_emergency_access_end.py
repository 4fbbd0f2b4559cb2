"""Where the end of an emergency access leads: back into a frame that it was ended in, else to the clients."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.models import AccessEvent, Client
from tests.builders import Row
from tests.databases import ONE_DATABASE
from tests.web.accounts import User, form_token, signed_in
from tests.web.audit import audit
from tests.web.desk import Scene
from tests.web.page import Page

pytestmark = [
    pytest.mark.settings(auth="local", frame_ancestors="https://portal.example.org"),
    ONE_DATABASE,
]
FRAMED = "/embed/clients/by-external-id/{}/case-managers"


@pytest.fixture
def priya(client: FlaskClient, users: dict[str, User]) -> FlaskClient:
    """A clinician in an emergency."""
    signed_in(client, users["clinician"])
    sent = {"csrf_token": form_token(client), "reason": "Fay collapsed in the waiting room"}
    assert client.post("/emergency-access", data=sent).status_code == 303
    return client


@pytest.fixture(autouse=True)
def numbers(session: Session, scene: Scene, other: Row) -> None:
    for client, external_id in ((scene.milo, "MRN-77"), (other, "MRN-99")):
        session.execute(update(Client).where(Client.id == client.id).values(external_id=external_id))
    session.commit()


def banner(page: str) -> dict[str, str]:
    """What the form of the banner would send."""
    audit(page)
    found = Page(page).by_id("emergency-banner")
    assert found is not None
    fields = (e.attributes for e in found.all() if e.attributes.get("type") == "hidden")
    return {field["name"]: field["value"] for field in fields}


@pytest.mark.parametrize("prefix", ["", "/intranet"])
@pytest.mark.parametrize(("whose", "status"), [("MRN-77", 200), ("MRN-99", 404)])
def test_ended_in_a_frame_it_leads_to_a_plain_page_and_back(
    app: Flask, priya: FlaskClient, session: Session, whose: str, status: int, prefix: str
) -> None:
    where = {"SCRIPT_NAME": prefix} if prefix else {}
    shown = priya.get(FRAMED.format(whose), query_string={"accent": "#225588"})
    answer = priya.post("/emergency-access/end", data=banner(shown.text), environ_overrides=where)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert address.startswith(f"{prefix}/emergency-access/ended?")
    plain = priya.get(address.removeprefix(prefix), environ_overrides=where)

    elements = audit(plain.text)
    assert not [e for e in elements if e.attributes.get("aria-label") == "Main"]
    (back,) = (e.attributes["href"] for e in elements if e.attributes.get("class") == "button")
    assert back == f"{prefix}{FRAMED.format(whose)}?accent=%23225588"
    session.rollback()
    # That it led back there accuses nobody of an attempt at another's client.
    assert "denied" not in session.scalars(select(AccessEvent.kind)).all()
    page = priya.get(back.removeprefix(prefix))
    assert page.status_code == status
    assert ("not one that you may see" in page.text) == (status == 404)
    assert "emergency-banner" not in page.text


def test_ended_on_a_whole_page_it_leads_to_the_clients(priya: FlaskClient, other: Row) -> None:
    shown = priya.get(f"/clients/{other.public_id}")
    answer = priya.post("/emergency-access/end", data=banner(shown.text))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/clients")
    assert "Emergency access has ended." in priya.get("/clients").text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://attacker.example/embed/",
        "//attacker.example",
        "/embed/../clients",
        "/embed/nothing",
        "x" * 5000,
    ],
)
def test_it_never_leads_elsewhere(priya: FlaskClient, wanted: str) -> None:
    shown = priya.get("/clients")
    answer = priya.post("/emergency-access/end", data=banner(shown.text) | {"next": wanted})
    assert "attacker" not in answer.headers.get("Location", "")

    ended = priya.get("/emergency-access/ended", query_string={"next": wanted})
    assert ended.status_code == 200
    assert 'class="button"' not in ended.text

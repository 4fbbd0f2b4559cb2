"""Emergency access is reasoned, shown, recorded, and ends."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import AuditEvent, EmergencyAccess
from tests import builders
from tests.client_lists import listed
from tests.web.accounts import (
    a_user,
    events,
    form_token,
    later,
    sent,
    signed_in,
)
from tests.web.audit import audit
from tests.web.desk import Scene
from tests.web.page import Page

pytestmark = pytest.mark.settings(auth="local")


def test_emergency_access_is_reasoned_shown_recorded_and_ends(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    other = builders.a_client(session, ["ABA"], last_name="Foreign", first_name="Fay")
    listed(session, other)
    page = f"/clients/{other.public_id}"
    signed_in(client, a_user(app, session, "clinician", username="priya", clinician=scene.priya.key))
    assert client.get(page).status_code == 404
    audit(client.get("/emergency-access").text)
    token = form_token(client)
    for reason, code in (("", "required"), ("why", "too_short"), ("x" * 501, "too_long")):
        refused = client.post("/emergency-access", data={"csrf_token": token, "reason": reason})
        assert (refused.status_code, Page(refused.text).codes("reason-error")) == (422, [code])
    shown = sent(client, "/emergency-access", reason="Fay collapsed in the waiting room")
    assert "Emergency access until 1:00 pm" in Page(shown).text_of("emergency-banner")
    assert client.get(page).status_code == 200
    assert client.get(f"{page}/edit").status_code == 403  # it reads, and no more
    sent(client, "/emergency-access", reason="once more, by mistake")
    session.rollback()
    begun = session.execute(select(EmergencyAccess)).scalar_one()
    event = session.execute(select(AuditEvent).where(AuditEvent.action == "emergency_begun")).scalar_one()
    assert (event.reason, event.entity_id) == ("Fay collapsed in the waiting room", begun.public_id)
    later(app, minutes=14)
    client.get("/clients")
    sent(client, "/emergency-access/end")
    assert client.get(page).status_code == 404
    assert events(session)[-1] == ("priya Name", "emergency_ended", "emergency_access")


def test_the_menu_leads_a_clinician_there_and_nobody_else(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    def links(browser: FlaskClient) -> list[str | None]:
        found = Page(browser.get("/emergency-access").text).elements
        return [
            e.attributes.get("aria-current") for e in found if (e.tag, e.text) == ("a", "Emergency access")
        ]

    priya = a_user(app, session, "clinician", username="priya", clinician=scene.priya.key)
    assert links(signed_in(client, priya)) == ["page"]
    assert links(signed_in(app.test_client(), a_user(app, session, "office"))) == []


def test_emergency_access_ends_by_itself(
    app: Flask, client: FlaskClient, session: Session, scene: Scene
) -> None:
    other = builders.a_client(session, ["ABA"])
    signed_in(client, a_user(app, session, "clinician", username="priya", clinician=scene.priya.key))
    sent(client, "/emergency-access", reason="a child needs help now")
    for _ in range(5):
        later(app, minutes=12)
        status = client.get(f"/clients/{other.public_id}").status_code
    assert status == 404

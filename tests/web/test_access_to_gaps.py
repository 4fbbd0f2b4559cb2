"""What of coverage gaps, caseloads and the menu each role sees."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.domain.actor import LOCAL_USER, ROLES
from caseapp.models import begin_write
from caseapp.usecases import audit
from tests import builders
from tests.builders import Row
from tests.conftest import NOW
from tests.databases import ONE_DATABASE
from tests.web.accounts import User, signed_in
from tests.web.desk import Scene, judged

pytestmark = [
    ONE_DATABASE,
    pytest.mark.settings(auth="local"),
]


@pytest.fixture
def gap_of_other(session: Session, other: Row) -> Row:
    """The same other client, with gaps in the list and a first session to come."""
    client = builders.a_client(session, ["ST"], last_name="Foreigner", first_name="Finn")
    builders.an_appointment(session, client, NOW + timedelta(hours=26), "ST")
    judged(session, other, client)
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/coverage",
        "/coverage?on=2026-11-24",
        "/coverage.csv",
        "/coverage.csv?on=2026-11-24",
        "/coverage.ics",
    ],
)
def test_gaps_and_first_sessions_of_other_clients_are_not_a_clinicians(
    app: Flask, session: Session, scene: Scene, users: dict[str, User], gap_of_other: Row, address: str
) -> None:
    shown = {}
    for role in ("office", "clinician"):
        text = signed_in(app.test_client(), users[role]).get(address).text
        shown[role] = {key for key in (scene.milo.key, gap_of_other.key) if key in text}
        shown[role] |= {name for name in ("Harper", "Foreigner") if name in text}

    everybody = {"Harper", "Foreigner"} if address == "/" else {scene.milo.key, gap_of_other.key}
    assert everybody <= shown["office"]
    assert shown["clinician"] == shown["office"] - {"Foreigner", gap_of_other.key}


def test_the_menu_counts_the_errors_of_own_clients(
    app: Flask, session: Session, users: dict[str, User], gap_of_other: Row
) -> None:
    counted = {}
    for role in ("office", "billing", "clinician"):
        page = signed_in(app.test_client(), users[role]).get("/clients").text
        found = re.search(r'aria-label="Coverage gaps, (\d+) error', page)
        counted[role] = int(found[1]) if found else 0

    assert counted["office"] == counted["billing"] > counted["clinician"] > 0


def test_a_clinician_is_not_told_how_many_clients_another_handed_over(
    app: Flask, session: Session, users: dict[str, User], scene: Scene
) -> None:
    told = {"clinician": scene.mei.key, "successors": [scene.tomas.key], "clients": 12, "left_out": []}
    begin_write(session)
    audit.record(
        session, LOCAL_USER, NOW, "apply", "hand_over", "x" * 20, subject_id=scene.mei.public_id, after=told
    )
    session.commit()

    for role in ("office", "clinician"):
        page = signed_in(app.test_client(), users[role]).get(f"/clinicians/{scene.mei.public_id}").text
        assert "Hand-over from Mei Lindqvist" in page
        assert ("12 clients" in page) == (role == "office")


def test_the_menu_has_what_a_role_may_open(app: Flask, users: dict[str, User], scene: Scene) -> None:
    every = ["Hand-over", "Service lines", "Users"]
    shown = {}
    for role in ROLES:
        page = signed_in(app.test_client(), users[role]).get("/caseloads").text
        shown[role] = [name for name in every if f">{name}</a>" in page]

    assert shown == {
        "administrator": every,
        "office": every[:2],
        "billing": every[1:2],
        "clinician": [],
    }


def test_a_clinician_sees_their_own_caseload_alone(
    client: FlaskClient, users: dict[str, User], scene: Scene
) -> None:
    signed_in(client, users["clinician"])
    page = client.get("/caseloads").text

    assert "Natarajan, Priya" in page
    assert "Vidal" not in page
    for kind in ("clients", "interim", "held", "enrollments"):
        assert client.get(f"/caseloads/{scene.priya.public_id}/{kind}").status_code == 200
        assert client.get(f"/caseloads/{scene.tomas.public_id}/{kind}").status_code == 404


@pytest.mark.parametrize("role", ["billing", "clinician"])
def test_gaps_lead_who_only_reads_to_the_client_and_to_no_form(
    client: FlaskClient, scene: Scene, users: dict[str, User], role: str
) -> None:
    signed_in(client, users[role])
    tab = f"/clients/{scene.milo.public_id}/clinical"

    for address in ("/coverage", "/coverage?on=2026-11-24", tab):
        page = client.get(address).text
        assert "No case manager" in page
        assert "/case-managers/new" not in page
    assert f'class="button" href="{tab}"' in client.get("/coverage").text

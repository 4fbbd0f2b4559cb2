"""A practice and a desk for the tests of pages: each test asks as a page and as a fragment."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.domain.actor import ROLES
from tests import builders
from tests.builders import Row
from tests.client_lists import TODAY
from tests.conftest import NOW
from tests.web.accounts import User, a_user
from tests.web.desk import Desk, Scene, a_scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture(params=[False, True], ids=["page", "fragment"])
def desk(request: pytest.FixtureRequest, client: FlaskClient, session: Session) -> Desk:
    return Desk(client, session, request.param)


@pytest.fixture
def ada(session: Session) -> Row:
    builders.a_taxonomy_code(session)
    return builders.a_clinician(
        session, number="K-1", npi="1234567893", taxonomy_code="103K00000X", email="ada@example.org"
    )


@pytest.fixture
def users(app: Flask, session: Session, scene: Scene) -> dict[str, User]:
    """Someone of each role; the clinician is Priya, whose client Milo is, and who has a leave."""
    builders.a_leave(session, scene.priya, start_date=TODAY)
    return {
        role: a_user(app, session, role, clinician=scene.priya.key if role == "clinician" else "")
        for role in ROLES
    }


@pytest.fixture
def other(session: Session) -> Row:
    """A client who is not Priya's, with one of everything."""
    client = builders.a_client(session, ["ABA"], last_name="Foreign", first_name="Fay")
    builders.a_funding_source(session, client)
    builders.a_case_manager(session, client, "ABA")
    builders.an_appointment(session, client, NOW, "ABA")
    return client


@pytest.fixture
def dana(app: Flask, session: Session) -> User:
    """Of the office, with letters of both cases in the name."""
    return a_user(app, session, "office", username="Dana.Ruiz")


@pytest.fixture
def bo(session: Session, scene: Scene) -> Row:
    """Could follow Priya."""
    return builders.a_clinician(
        session, ["ABA"], [scene.aetna, scene.medicaid], first_name="Bo", last_name="Marsh"
    )

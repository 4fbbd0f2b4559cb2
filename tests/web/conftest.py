"""A practice and a desk for the tests of pages: each test asks as a page and as a fragment."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import builders
from tests.builders import Row
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

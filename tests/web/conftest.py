"""A practice and a desk for the tests of pages: each test asks as a page and as a fragment."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.web.desk import Desk, Scene, a_scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture(params=[False, True], ids=["page", "fragment"])
def desk(request: pytest.FixtureRequest, client: FlaskClient, session: Session) -> Desk:
    return Desk(client, session, request.param)

"""Reading changes nothing: every page that can be reached is read, and the database is as it was."""

import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import Client
from tests.builders import Row
from tests.stored_rows import stored_rows
from tests.web.accounts import User, signed_in
from tests.web.desk import HTMX, Scene
from tests.web.every_route import addresses

LINK = re.compile(r'(?:href|hx-get)="(/[^"]*)"')
ENOUGH = 400
ENOUGH_ALIKE = 5

pytestmark = pytest.mark.settings(auth="local")


def read_everything(client: FlaskClient, begin: list[str], headers: dict[str, str]) -> dict[str, str]:
    """Follow every link from these addresses on, by GET and by HEAD; answers what each page read.

    Of addresses that ask the same questions of one page, such as week after week, only the first few.
    """
    seen: set[str] = set()
    read: dict[str, str] = {}
    alike: Counter[tuple[str, ...]] = Counter()
    waiting = list(begin)
    while waiting and len(read) < ENOUGH:
        address = waiting.pop(0)
        if address in seen or address.startswith("/static/"):
            continue
        seen.add(address)
        asked = urlsplit(address)
        kind = (asked.path, *sorted(parse_qs(asked.query, keep_blank_values=True)))
        alike[kind] += 1
        if alike[kind] > ENOUGH_ALIKE:
            continue
        for method in ("HEAD", "GET"):
            answer = client.open(address, method=method, headers=headers)
            assert answer.status_code < 500, (method, address)
            read[address] = answer.text
            linked = LINK.findall(answer.text) if answer.mimetype == "text/html" else []
            answer.close()
        waiting += [urldefrag(unescape(link)).url for link in linked]
    return read


@pytest.mark.parametrize(
    ("role", "headers", "at_least"),
    [
        pytest.param("administrator", {}, 60, id="administrator-page"),
        pytest.param("administrator", HTMX, 60, id="administrator-fragment"),
        pytest.param("billing", {}, 40, id="billing-page"),
        pytest.param("clinician", {}, 40, id="clinician-page"),
    ],
)
def test_reading_every_page_changes_nothing(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    users: dict[str, User],
    other: Row,
    role: str,
    headers: dict[str, str],
    at_least: int,
) -> None:
    signed_in(client, users[role])
    known = addresses(app, session, scene, scene.milo, users["billing"])
    before = stored_rows(session)
    read = read_everything(client, ["/", *(place for method, place, _ in known if method == "GET")], headers)
    assert len(read) >= at_least
    assert stored_rows(session) == before
    strange = session.execute(select(Client.number).where(Client.id == other.id)).scalar_one()
    showing = {address for address, text in read.items() if strange in text or other.public_id in text}
    assert bool(showing) == (role != "clinician"), showing

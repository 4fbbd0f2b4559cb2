"""Reading changes nothing: every page that can be reached is read, and the database is as it was."""

import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import Row
from tests.stored_rows import stored_rows
from tests.web.accounts import User, signed_in
from tests.web.desk import HTMX, Scene
from tests.web.every_route import addresses

LINK = re.compile(r'(?:href|hx-get)="(/[^"]*)"')
ENOUGH = 400
ENOUGH_ALIKE = 5

pytestmark = pytest.mark.settings(auth="local")


def read_everything(client: FlaskClient, begin: list[str], headers: dict[str, str]) -> set[str]:
    """Follow every link from these addresses on, by GET and by HEAD; answers which pages were read.

    Of addresses that ask the same questions of one page, such as week after week, only the first few.
    """
    seen: set[str] = set()
    read: set[str] = set()
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
        read.add(address)
        for method in ("HEAD", "GET"):
            answer = client.open(address, method=method, headers=headers)
            assert answer.status_code < 500, (method, address)
            text = answer.text if answer.mimetype == "text/html" else ""
            answer.close()
        waiting += [urldefrag(unescape(link)).url for link in LINK.findall(text)]
    return read


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_reading_every_page_changes_nothing(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    users: dict[str, User],
    other: Row,
    headers: dict[str, str],
) -> None:
    signed_in(client, users["administrator"])
    known = addresses(app, session, scene, scene.milo, users["billing"])
    before = stored_rows(session)
    read = read_everything(client, ["/", *(place for method, place, _ in known if method == "GET")], headers)
    assert len(read) >= 60
    assert stored_rows(session) == before

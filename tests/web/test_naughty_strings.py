"""Strings that break programs, as names, reasons and searches: refused in words, or back as typed."""

import csv
import json
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseapp.forms.shape import LONG, not_text
from caseapp.models import CaseManager, Client, Clinician, begin_write
from caseapp.usecases.client_search import write_terms
from tests import builders
from tests.databases import ONE_DATABASE
from tests.web.accounts import form_token
from tests.web.audit import audit
from tests.web.desk import HTMX, a_scene, last_event, message
from tests.web.page import Page

AS_PAGE_OR_FRAGMENT = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
FOLDER = Path(__file__).parent.parent / "data" / "text"
OURS = (
    "{{7*7}}",
    "{% raw %}",
    "${7*7}",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\u202eold\u202c right to left",
    "א" * 50,
    "مرحبا بالعالم",
    "a\u0301\u0323",
    "\ufeffbom",
    "👩‍👩‍👧‍👦",
    "z" + "\u0301" * 200,
    "'\"<>&`\\",
    "</textarea></select></title><script>alert(1)</script>",
    "--><!--",
    "&lt;b&gt; &amp;amp; &#x41;",
    "a\r\nSet-Cookie: x=1",
    "%s %d %(x)s {0} %n",
    "\u00a0",
    "line\u2028paragraph\u2029",
)


@cache
def strings() -> tuple[str, ...]:
    naughty = json.loads((FOLDER / "naughty_strings.json").read_text(encoding="utf-8"))
    return tuple(dict.fromkeys([*naughty, *OURS]))


@cache
def names() -> tuple[tuple[str, str], ...]:
    with (FOLDER / "names_international.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["given"], row["family"]) for row in csv.DictReader(file))


class Texts(HTMLParser):
    """What a browser would make of a page: its tags, and the text of each heading of the first rank."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.heading = ""
        self._in_heading = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_heading = tag == "h1"

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = self._in_heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data


def some_of(session: Session) -> tuple[str, ...]:
    """All on SQLite; on the slower PostgreSQL every fifth, and those that reach the database in odd ways."""
    if session.get_bind().dialect.name == "sqlite":
        return strings()
    return tuple(dict.fromkeys([*strings()[::5], *OURS]))


def kept(text: str) -> str:
    """A name as it can be kept: the import refuses what is no text."""
    return "".join(c for c in text if not not_text(c)) or "empty"


@pytest.fixture
def token(client: FlaskClient) -> str:
    return form_token(client)


def rename(session: Session, client_id: int, name: str) -> None:
    """Call the client and all clinicians by this name."""
    begin_write(session)
    session.execute(
        update(Client)
        .where(Client.id == client_id)
        .values(first_name=name, preferred_name=name, last_name="Plain")
    )
    session.execute(update(Clinician).values(first_name=name, last_name="Plain", credential=name[:50]))
    write_terms(session, [client_id])
    session.commit()


def test_any_name_is_shown_as_text(client: FlaskClient, session: Session, token: str) -> None:
    scene = a_scene(session)
    page = scene.of(scene.present, verb="edit")
    usual = Texts(client.get(page).text).tags

    for text in map(kept, some_of(session)):
        rename(session, scene.milo.id, text)
        answer = client.get(page)
        assert answer.status_code == 200, text
        shown = Texts(answer.text)
        # The same tags as with a usual name: nothing of the name has become markup.
        assert shown.tags == usual, text
        assert shown.heading.strip() == f"{text} Plain".strip()
    for tab in ("", "/clinical", "/funding", "/appointments", "/history"):
        audit(client.get(f"/clients/{scene.milo.public_id}{tab}").text)
    found = client.post("/clients", data={"csrf_token": token, "q": "plain"})
    assert scene.milo.public_id in found.text


def test_any_name_in_the_list_is_text(client: FlaskClient, session: Session, token: str) -> None:
    made = [builders.a_client(session, first_name=kept(text), last_name="Plain") for text in strings()[::7]]
    begin_write(session)
    write_terms(session, [row.id for row in made])
    session.commit()
    place = ""
    for _ in range(len(made) // 50 + 1):
        answer = client.post("/clients", data={"csrf_token": token, "q": "plain", "after": place})
        audit(answer.text)
        texts = Texts(answer.text)
        assert texts.tags.count("script") == 2
        assert not {"img", "iframe", "b", "marquee"} & set(texts.tags)
        buttons = [e for e in Page(answer.text).elements if e.attributes.get("name") == "after"]
        place = buttons[0].attributes["value"]
    assert place == ""


@AS_PAGE_OR_FRAGMENT
def test_any_search_is_answered_and_comes_back_as_typed(
    client: FlaskClient, session: Session, token: str, headers: dict[str, str]
) -> None:
    a_scene(session)
    usual = set(
        Texts(client.post("/clients", data={"csrf_token": token, "q": ""}, headers=headers).text).tags
    )

    for text in some_of(session):
        if "\ud800" <= max(text, default="") <= "\udfff":
            continue  # no form can send it; tests/web/test_hand_made_posts.py sends its bytes
        answer = client.post("/clients", data={"csrf_token": token, "q": text}, headers=headers)

        assert answer.status_code == 200, text
        assert set(Texts(answer.text).tags) <= usual | {"p"}, text
        if not headers:
            assert Page(answer.text).values("client-search")["q"] == text


@AS_PAGE_OR_FRAGMENT
def test_any_reason_of_a_removal_is_kept_exactly_or_refused(
    client: FlaskClient, session: Session, token: str, headers: dict[str, str]
) -> None:
    scene = a_scene(session)
    address = scene.of(scene.present, verb="remove")

    for text in some_of(session) if headers else OURS:
        answer = client.post(address, data={"csrf_token": token, "reason": text}, headers=headers)
        if not_text(text) or not text.strip() or len(text) > LONG:
            assert answer.status_code == 422, text
            assert Page(answer.text).codes("reason-error")
            continue
        assert answer.status_code == (200 if headers else 303), text
        assert last_event(session).reason == text.strip()
        assert "Removed: Priya" in message(Page(answer.text if headers else client.get(scene.tab).text))
        begin_write(session)
        session.execute(update(CaseManager).values(removed_at=None, removed_by=None, removed_reason=None))
        session.commit()
    history = client.get(f"/clients/{scene.milo.public_id}/history")
    assert history.status_code == 200
    audit(history.text)


@AS_PAGE_OR_FRAGMENT
@ONE_DATABASE
def test_any_reason_comes_back_in_a_refused_form(
    client: FlaskClient, session: Session, token: str, headers: dict[str, str]
) -> None:
    scene = a_scene(session)
    fields = scene.mei_for_st(start_date="2026-11-24") | {"csrf_token": token}

    for text in strings() if headers else OURS:
        answer = client.post(scene.post, data=fields | {"reason": text}, headers=headers)

        assert answer.status_code == 422
        (found,) = [e for e in audit(answer.text, page=not headers) if e.attributes.get("id") == "reason"]
        # A browser leaves out the first line break of a textarea; WTForms writes one for that.
        assert found.text().removeprefix("\r\n").removeprefix("\n") == text


def test_a_megabyte_is_refused_in_words(client: FlaskClient, session: Session, token: str) -> None:
    scene = a_scene(session)
    address = scene.of(scene.present, verb="remove")

    answer = client.post(address, data={"csrf_token": token, "reason": "é" * 400_000})

    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.codes("reason-error") == ["too_long"]
    assert "400,000 characters" in answer.text


def test_every_international_name_is_found_by_its_own_words(
    client: FlaskClient, session: Session, token: str
) -> None:
    made = [builders.a_client(session, first_name=given, last_name=family) for given, family in names()[::11]]
    begin_write(session)
    write_terms(session, [row.id for row in made])
    session.commit()

    for row, (given, family) in zip(made, names()[::11], strict=True):
        for typed in (f"{given} {family}", f"{family} {given[:2]}", family):
            answer = client.post("/clients", data={"csrf_token": token, "q": typed}, headers=HTMX)
            assert row.public_id in answer.text, typed
        page = client.get(f"/clients/{row.public_id}")
        assert Texts(page.text).heading == f"{given} {family}"


def test_the_strings_are_there() -> None:
    assert len(strings()) > 500
    assert len(names()) == 880

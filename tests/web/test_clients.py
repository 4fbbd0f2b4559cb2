"""The client list: found by name, filtered, in pages."""

import csv
import json
import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.extensions import db
from caseapp.usecases.client_list import PAGE_SIZE
from tests.builders import a_client
from tests.client_lists import hartmann, listed
from tests.statements import counted
from tests.web.audit import audit, parse

HTMX = {"HX-Request": "true"}
TEXT = Path(__file__).parent.parent / "data" / "text"
BROKEN = (
    "9" * 10 + "~a",
    "1~\x00",
    "~",
    "-1~a",
    "1~" + "a" * 5000,
    "\x00",
    "x" * 5000,
    "' OR 1=1 --",
    "1~🙂",
)


def token_of(client: FlaskClient) -> str:
    match = re.search(r'name="csrf_token" id="search-token" value="([^"]+)"', client.get("/clients").text)
    assert match
    return match[1]


def search(
    client: FlaskClient, q: str = "", headers: dict[str, str] | None = None, **fields: str
) -> TestResponse:
    fields = {"csrf_token": token_of(client), "q": q} | fields
    return client.post("/clients", data=fields, headers=headers)


def names_in(html: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<a class="name" [^>]*>(.*?)</a>', html)]


def test_the_list_leads_to_the_client(client: FlaskClient, session: Session) -> None:
    made = hartmann(session)

    page = client.get("/clients")

    elements = audit(page.text)
    (link,) = [e for e in elements if e.tag == "a" and e.text() == "Hartmann, Léa"]
    assert link.attributes["href"] == f"/clients/{made.public_id}"
    assert client.get(link.attributes["href"]).status_code == 200


def test_the_menu_is_called_main_and_marks_where_one_is(client: FlaskClient) -> None:
    elements = parse(client.get("/clients").text)

    (nav,) = [e for e in elements if e.tag == "nav" and e.attributes.get("aria-label") == "Main"]
    links = [e for e in elements if e.tag == "a" and e.closest("nav") is nav]
    assert (links[0].text(), links[0].attributes["href"]) == ("Clients", "/clients")
    assert [link.attributes.get("aria-current") for link in links] == ["page"] + [None] * (len(links) - 1)


def test_a_search_is_answered_as_a_page_and_as_the_part_of_it_that_changes(
    client: FlaskClient, session: Session
) -> None:
    hartmann(session)
    hartmann(session, last_name="Okafor", number="C-2")

    page = search(client, "lea hart")
    fragment = search(client, "lea hart", HTMX)

    audit(page.text)
    audit(fragment.text, page=False, inside=page.text)
    assert names_in(page.text) == names_in(fragment.text) == ["Hartmann, Léa"]
    assert fragment.text.strip() in page.text
    assert parse(fragment.text)[0].attributes["id"] == "client-results"
    assert "1 shown" in fragment.text
    assert 'value="lea hart"' in page.text
    assert page.headers["Vary"].startswith(fragment.headers["Vary"])
    assert "HX-Request" in fragment.headers["Vary"]


def test_a_page_of_the_history_is_a_whole_page(client: FlaskClient) -> None:
    page = client.get("/clients", headers=HTMX | {"HX-History-Restore-Request": "true"})

    audit(page.text)


def test_what_was_typed_stands_in_no_address(client: FlaskClient, session: Session) -> None:
    hartmann(session)

    page = client.get("/clients?q=okafor&after=1~okafor")

    assert names_in(page.text) == ["Hartmann, Léa"]
    assert "okafor" not in page.text
    form = next(e for e in parse(page.text) if e.attributes.get("id") == "client-search")
    assert form.attributes["method"] == "post"
    assert form.attributes["action"] == form.attributes["hx-post"] == "/clients"


def test_an_address_may_hold_the_filters(client: FlaskClient, session: Session) -> None:
    hartmann(session)
    hartmann(session, last_name="Okafor", number="C-2", status="discharged")

    page = client.get("/clients?status=discharged&service_line=ABA&clinician=")

    assert names_in(page.text) == ["Okafor, Léa"]
    selected = [e.attributes["value"] for e in parse(page.text) if "selected" in e.attributes]
    assert selected == ["discharged", "ABA"]


def test_a_filter_that_is_not_offered_is_shown_where_it_narrows(client: FlaskClient) -> None:
    page = client.get("/clients?status=nonsense&service_line=XY")

    selected = [e.attributes["value"] for e in parse(page.text) if "selected" in e.attributes]
    assert selected == ["active", "XY"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_next_and_previous_are_buttons_of_the_search_form(
    client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    listed(session, *(a_client(session, last_name=f"Same{place:02}") for place in range(PAGE_SIZE + 1)))

    first = search(client, "same", headers)
    (button,) = [e for e in parse(first.text) if e.attributes.get("name") == "after"]
    second = search(client, "same", headers, after=button.attributes["value"])
    (back,) = [e for e in parse(second.text) if e.attributes.get("name") == "before"]
    again = search(client, "same", headers, before=back.attributes["value"])

    assert button.attributes["form"] == back.attributes["form"] == "client-search"
    assert f"{PAGE_SIZE} shown" in first.text
    assert names_in(second.text) == [f"Same{PAGE_SIZE}, Léa"]
    assert names_in(again.text) == names_in(first.text)
    assert "data-focus" in second.text
    assert "data-focus" not in first.text


@pytest.mark.parametrize("token", [None, "", "stale", "\x00"])
def test_a_search_without_its_token_is_refused_and_says_so(
    client: FlaskClient, session: Session, token: str | None
) -> None:
    hartmann(session)
    fields = {"q": "hart"} | ({} if token is None else {"csrf_token": token})

    page = client.post("/clients", data=fields)
    fragment = client.post("/clients", data=fields, headers=HTMX)

    assert page.status_code == fragment.status_code == 422
    for answer in (page, fragment):
        elements = audit(answer.text, page=answer is page)
        assert [e.attributes["data-code"] for e in elements if "data-code" in e.attributes] == ["csrf"]
        assert any(e.attributes.get("id") == "form-error" for e in elements)
        assert not names_in(answer.text)
    assert 'value="hart"' in page.text


def test_a_refused_fragment_brings_the_form_a_token_that_holds(client: FlaskClient, session: Session) -> None:
    hartmann(session)
    fragment = client.post("/clients", data={"q": "hart"}, headers=HTMX)
    (token,) = [e for e in parse(fragment.text) if e.attributes.get("name") == "csrf_token"]

    again = client.post("/clients", data={"q": "hart", "csrf_token": token.attributes["value"]}, headers=HTMX)

    assert token.attributes["hx-swap-oob"] == "true"
    assert names_in(again.text) == ["Hartmann, Léa"]


def test_a_practice_without_clients_is_told_how_to_bring_them_in(client: FlaskClient) -> None:
    page = client.get("/clients")

    audit(page.text)
    assert "caseapp import FOLDER" in page.text


def test_a_search_without_a_match_says_what_to_try(client: FlaskClient, session: Session) -> None:
    hartmann(session)

    fragment = search(client, "nobody", HTMX, service_line="ABA")

    assert "No client found" in fragment.text
    assert "fewer letters" in fragment.text
    assert "set Status to Any" in fragment.text


def hostile() -> list[str]:
    naughty: list[str] = json.loads((TEXT / "naughty_strings.json").read_text("utf-8"))
    return [
        *naughty,
        "\x00",
        "a\x00b",
        "\ud800",
        "x" * 1_000_000,
        "a " * 100_000,
        "%",
        "_",
        "\\",
        "'",
        "🙂",
        "9" * 20,
    ]


def test_whatever_is_searched_for_is_answered_and_shown_as_text(app: Flask, session: Session) -> None:
    hartmann(session)
    client = app.test_client()
    fields = {"csrf_token": token_of(client)}
    for typed in hostile():
        data = fields | {"q": typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
        page = client.post("/clients", data=data)
        assert page.status_code == 200, typed
        (box,) = [e for e in audit(page.text) if e.attributes.get("id") == "q"]
        shown = typed[:1000].replace("\r\n", "\n")
        if "\x00" not in typed and "\ud800" not in typed:
            assert box.attributes["value"] == shown


@pytest.mark.parametrize("field", ["after", "before", "status", "service_line", "clinician"])
def test_whatever_the_other_fields_hold_is_answered(client: FlaskClient, field: str) -> None:
    fields = {"csrf_token": token_of(client), "q": "a"}
    for value in BROKEN:
        assert client.post("/clients", data=fields | {field: value}).status_code == 200, value
        assert client.get("/clients", query_string={field: value}).status_code == 200, value


def test_every_name_is_shown_as_it_was_written_and_found_by_it(app: Flask, session: Session) -> None:
    with (TEXT / "names_international.csv").open(encoding="utf-8", newline="") as file:
        names = sorted({" ".join(row.values()) for row in csv.DictReader(file)})[:60]
    markup = '<script>alert(1)</script> & "quotes"'
    clients = [a_client(session, last_name=name, first_name="X") for name in [*names, markup]]
    listed(session, *clients)
    client = app.test_client()
    fields = {"csrf_token": token_of(client), "status": "active"}

    for name in [*names, markup]:
        answer = client.post("/clients", data=fields | {"q": name[:150]}, headers=HTMX)
        assert f"{name}, X".strip(" ,") in names_in(answer.text), name


def test_the_statements_of_a_page_and_of_a_search_are_few(app: Flask, session: Session) -> None:
    listed(session, *(a_client(session, ["ABA"], last_name=f"Same{place}") for place in range(20)))
    client = app.test_client()
    token = token_of(client)
    with app.app_context():
        engine = db.engine
    with counted(engine) as page:
        client.get("/clients")
    with counted(engine) as fragment:
        client.post("/clients", data={"csrf_token": token, "q": "sa"}, headers=HTMX)

    # The number in the menu comes with the rows.
    assert len(page) == 3
    assert len(fragment) == 2

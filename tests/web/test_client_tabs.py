"""The tabs of a client that only show."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseapp.domain.actor import LOCAL_USER
from caseapp.models import begin_write
from caseapp.usecases import audit as events
from tests.builders import Row, a_case_manager, a_client, a_clinician, a_funding_source, an_appointment
from tests.client_lists import hartmann
from tests.conftest import NOW
from tests.web.audit import audit

TABS = ("", "/funding", "/appointments", "/history")


@pytest.fixture
def milo(session: Session) -> Row:
    client = hartmann(session, first_name="Milo", last_name="Harper", preferred_name="Mi")
    a_funding_source(session, client, member_id="W123")
    a_case_manager(session, client, "ABA", a_clinician(session, first_name="Priya", last_name="Natarajan"))
    for days in (-1, 1):
        an_appointment(session, client, NOW + timedelta(days=days))
    begin_write(session)
    events.record(
        session,
        LOCAL_USER,
        datetime(2026, 11, 20, 15, tzinfo=UTC),
        "edit",
        "case_manager",
        "x" * 20,
        client_id=client.id,
        before={"start_date": "2026-02-03", "end_date": None},
        after={"start_date": "2026-02-03", "end_date": "2026-11-30"},
        reason="left the practice",
    )
    session.commit()
    return client


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_says_whose_it_is(client: FlaskClient, milo: Row, tab: str) -> None:
    page = client.get(f"/clients/{milo.public_id}{tab}")

    elements = audit(page.text)
    assert [e.text() for e in elements if e.tag == "h1"] == ["Milo Harper"]
    assert "C-10231 · called Mi" in page.text
    tabs = [e for e in elements if e.attributes.get("role") == "tab"]
    assert [e.text() for e in tabs] == ["Profile", "Clinical", "Funding source", "Appointments", "History"]
    (current,) = [e for e in tabs if e.attributes["aria-selected"] == "true"]
    assert current.attributes["href"] == f"/clients/{milo.public_id}{tab}"
    assert current.attributes["aria-current"] == "page"


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("", ["Milo", "Priya Natarajan, BCBA", "1 Jan 2020"]),
        ("/funding", ["Primary", "Riverbend Health", "W123", "in force"]),
        ("/appointments", ["Mon 23 Nov, 12:00 pm", "Sat 21 Nov, 12:00 pm", "60 min"]),
        (
            "/history",
            [
                "Fri 20 Nov, 10:00 am",
                "local user",
                "Changed case manager",
                "30 Nov 2026",
                "Reason: left the practice",
            ],
        ),
    ],
)
def test_a_tab_shows_the_facts(client: FlaskClient, milo: Row, tab: str, words: list[str]) -> None:
    page = client.get(f"/clients/{milo.public_id}{tab}")

    for word in words:
        assert word in page.text


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_of_a_client_without_facts_says_so(client: FlaskClient, session: Session, tab: str) -> None:
    page = client.get(f"/clients/{a_client(session).public_id}{tab}")

    audit(page.text)
    assert page.status_code == 200
    assert 'class="empty"' in page.text


@pytest.mark.parametrize("tab", TABS)
def test_an_unknown_client_is_not_found(client: FlaskClient, milo: Row, tab: str) -> None:
    for unknown in ("0" * 20, "0" * 19, "A" * 20, "1", "9" * 20, "x" * 5000, "%00"):
        assert client.get(f"/clients/{unknown}{tab}").status_code == 404, unknown


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab != "/appointments"])
def test_a_tab_is_only_read(client: FlaskClient, milo: Row, tab: str) -> None:
    assert client.post(f"/clients/{milo.public_id}{tab}").status_code == 405
    assert client.delete("/clients").status_code == 405


def without_token(page: TestResponse) -> str:
    """The page but for its form token, which is signed anew each second."""
    text, tokens = re.subn(r'name="csrf_token"[^>]*value="[^"]+"', 'name="csrf_token"', page.text)
    assert tokens, "the page holds no token"
    return text


def test_appointments_go_on_behind_a_link(client: FlaskClient, session: Session) -> None:
    made = a_client(session)
    for days in range(-30, 30):
        an_appointment(session, made, NOW + timedelta(days=days))
    address = f"/clients/{made.public_id}/appointments"

    def follow(words: str, page: TestResponse) -> TestResponse:
        (link,) = [e for e in audit(page.text) if e.tag == "a" and e.text() == words]
        return client.get(link.attributes["href"])

    first = client.get(address)
    earlier, later = follow("Earlier appointments", first), follow("Later appointments", first)

    assert first.text.count("60 min") == 50
    assert earlier.text.count("60 min") == later.text.count("60 min") == 5
    assert without_token(follow("Around today", earlier)) == without_token(first)


def test_history_goes_on_behind_a_link(client: FlaskClient, session: Session) -> None:
    made = a_client(session)
    begin_write(session)
    for number in range(51):
        events.record(session, LOCAL_USER, NOW, f"step{number}", "client", None, client_id=made.id)
    session.commit()

    first = client.get(f"/clients/{made.public_id}/history")
    (link,) = [e for e in audit(first.text) if e.tag == "a" and e.text() == "Older changes"]
    older = client.get(link.attributes["href"])

    assert first.text.count(" client</strong>") == 50
    assert "Step0 client" in older.text


@pytest.mark.parametrize("tab", ["appointments?after=", "appointments?before=", "history?before="])
def test_a_broken_place_in_an_address_is_answered(client: FlaskClient, milo: Row, tab: str) -> None:
    broken = (
        "",
        "x",
        "9" * 20,
        "-1",
        "1-",
        "99999999999-1",
        "1-9999999999",
        "1-" + "9" * 18,
        "9" * 18,
        "%00",
    )
    for value in broken:
        assert client.get(f"/clients/{milo.public_id}/{tab}{value}").status_code == 200, value

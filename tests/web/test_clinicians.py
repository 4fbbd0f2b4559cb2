"""The list of clinicians and a clinician's page, as pages and as fragments; and what misuse answers."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.models import Clinician, begin_write
from caseapp.usecases.clinician_list import PAGE_SIZE
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.clinician_pages import ADA, filled, focused, names, of, search, texts
from tests.web.desk import HTMX, Desk, judged, message, message_codes
from tests.web.page import Page


def test_the_list_leads_to_the_clinician_and_stands_in_the_menu(desk: Desk, ada: Row) -> None:
    page = desk.get("/clinicians")

    assert names(page) == ["Okafor, Ada"]
    (link,) = (e for e in page.elements if e.attributes.get("class") == "name")
    assert link.attributes["href"] == of(ada)
    menu = [e for e in desk.whole("/clinicians").elements if e.attributes.get("href") == "/clinicians"]
    assert menu[0].attributes["aria-current"] == "page"


def test_a_search_is_posted_and_stands_in_no_address(desk: Desk, ada: Row, session: Session) -> None:
    builders.a_clinician(session, ["ST"], last_name="Birch", number="K-2", active_to=date(2026, 1, 1))

    assert names(search(desk, q="oka ad")) == ["Okafor, Ada"]
    assert names(search(desk, q="k-1", service_line="ABA")) == ["Okafor, Ada"]
    assert names(search(desk, standing="left")) == ["Birch, Ada"]
    assert names(search(desk, standing="", service_line="ST")) == ["Birch, Ada"]
    assert names(desk.get("/clinicians?q=birch&standing=")) == ["Birch, Ada", "Okafor, Ada"]
    assert "No clinician found" in texts(search(desk, q="zzz"), "clinician-results")


@pytest.mark.parametrize("field", ["after", "before", "q", "standing", "service_line"])
@pytest.mark.parametrize("value", ["9" * 10 + "~a", "1~", "~", "x" * 5000, "' OR 1=1 --", "🙂", "\x01"])
def test_odd_values_of_the_search_are_answered(desk: Desk, ada: Row, field: str, value: str) -> None:
    search(desk, **{field: value})


def test_a_search_without_a_token_is_refused_and_gets_a_new_one(client: FlaskClient, ada: Row) -> None:
    answer = client.post("/clinicians", data={"q": "ada"}, headers=HTMX)

    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.errors() == [[None, "csrf"]]
    assert page.by_id("search-token") is not None


def test_next_and_previous_go_through_the_list(desk: Desk, session: Session) -> None:
    for number in range(PAGE_SIZE + 1):
        builders.a_clinician(session, [], last_name=f"N{number:03}")

    first = desk.get("/clinicians")
    after = next(e for e in first.elements if e.attributes.get("name") == "after")
    second = search(desk, after=after.attributes["value"])
    before = next(e for e in second.elements if e.attributes.get("name") == "before")
    back = search(desk, before=before.attributes["value"])

    assert names(second) == [f"N{PAGE_SIZE:03}, Ada"]
    assert names(back) == names(first)
    assert focused(second) == ["results-heading"]


def test_the_page_shows_facts_clients_enrollments_leaves_and_history(
    desk: Desk, ada: Row, session: Session
) -> None:
    client = builders.a_client(session, ["ABA"], status="on_hold")
    builders.a_case_manager(session, client, "ABA", ada)
    builders.an_enrollment(session, ada, builders.a_payor(session, name="Aetna"))
    builders.a_leave(session, ada, start_date=date(2026, 12, 7), end_date=date(2026, 12, 18))

    page = desk.get(of(ada))

    facts = texts(page, "clinician-facts")
    assert "103K00000X · Behavior analyst" in facts
    assert "1234567893" in facts
    assert "Hartmann, Léa on hold ABA" in texts(page, "clinician-clients")
    assert "Aetna" in texts(page, "enrollments")
    assert "7 Dec 2026" in texts(page, "leaves")
    assert page.by_id("history") is not None


def test_a_last_day_stands_and_leads_to_the_successors(desk: Desk, ada: Row, session: Session) -> None:
    milo = builders.a_client(session, ["ABA"], first_name="Milo", last_name="Harper")
    builders.a_case_manager(session, milo, "ABA", ada)
    builders.an_appointment(session, milo, datetime(2026, 12, 3, 9, tzinfo=ZONE))
    judged(session, milo)

    answer = desk.send(of(ada, "/edit"), filled(desk, ada, active_to="2026-11-30"))

    told = desk.told(answer)
    assert message_codes(told) == ["clinician_leaves"]
    assert "Hand-over comes next" in message(told)
    assert "Milo Harper ABA Tue 1 Dec Thu 3 Dec, 9:00 am" in texts(told, "leaving")
    (link,) = (
        e for e in told.elements if e.attributes.get("aria-label") == "Name the ABA successor for Milo Harper"
    )
    assert link.attributes["href"] == (
        f"/clients/{milo.public_id}/case-managers/new?service_line=ABA&start_date=2026-12-01"
    )
    opened = desk.get(link.attributes["href"]).values("case-manager-form")
    assert (opened["service_line"], opened["start_date"]) == ("ABA", "2026-12-01")


def test_a_last_day_in_the_past_saves_too(desk: Desk, ada: Row) -> None:
    answer = desk.send(of(ada, "/edit"), filled(desk, ada, active_to="2026-01-31"))

    assert "leaves no service line uncovered" in texts(desk.told(answer), "clinician")


def test_unknown_addresses_and_wrong_methods(client: FlaskClient, ada: Row) -> None:
    nobody = "/clinicians/" + "a" * 20
    for path in (nobody, f"{nobody}/edit", "/clinicians/1", "/clinicians/" + "A" * 20):
        assert client.get(path).status_code == 404
    token = Page(client.get("/clinicians").text).values("clinician-search")["csrf_token"]
    assert client.post(f"{nobody}/edit", data={"csrf_token": token, **ADA}).status_code == 404
    assert client.post(f"{nobody}/edit").status_code == 404
    for path in ("/clinicians", "/clinicians/new", of(ada), of(ada, "/edit")):
        assert client.delete(path).status_code == 405
    assert client.get("/clinicians/npi").status_code == 405
    assert client.post(of(ada)).status_code == 405
    assert client.get(of(ada, "?after=%00")).status_code == 200
    assert client.get(of(ada, "?after=" + "z" * 20)).status_code == 200


def test_a_page_and_a_list_send_a_fixed_number_of_statements(
    app: Flask, client: FlaskClient, session: Session, ada: Row
) -> None:
    def sent(path: str) -> int:
        with app.app_context():
            engine = db.engine
        with counted(engine) as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    before = [sent(path) for path in ("/clinicians", of(ada))]
    for _ in range(3):
        builders.a_case_manager(session, builders.a_client(session, ["ABA"]), "ABA", ada)
        builders.a_clinician(session)
    after = [sent(path) for path in ("/clinicians", of(ada))]

    assert before == after
    assert after[0] <= 4
    assert after[1] <= 13


def test_a_long_caseload_goes_on_behind_the_last_client(desk: Desk, ada: Row, session: Session) -> None:
    for number in range(26):
        client = builders.a_client(session, last_name=f"N{number:03}")
        builders.a_case_manager(session, client, "ABA", ada)
    begin_write(session)
    session.execute(update(Clinician).values(caseload_limit=10))
    session.commit()

    page = desk.get(of(ada))
    (link,) = (e for e in page.elements if e.text == "Next" and e.tag == "a")
    assert "N0" not in link.attributes["href"]
    further = desk.get(link.attributes["href"].split("#")[0])

    assert "26 of 10 over the limit" in texts(page, "clinician-clients")
    assert "N025, Léa" in texts(further, "clinician-clients")
    assert "N024" not in texts(further, "clinician-clients")


def test_a_long_hand_over_shows_its_first_lines_and_all_on_demand(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver = builders.a_clinician(session, ["ABA"], active_to=date(2026, 11, 30))
    for name in ("Alder", "Birch"):
        client = builders.a_client(session, ["ABA"], first_name="Milo", last_name=name)
        builders.a_case_manager(session, client, "ABA", leaver)
    monkeypatch.setattr("caseapp.web.clinician_answers.SHOWN", 1)

    first = desk.get(of(leaver))
    (more,) = (e for e in first.elements if e.tag == "a" and e.text == "Show all 2")
    every = desk.get(more.attributes["href"].partition("#")[0])

    assert "Milo Alder" in texts(first, "leaving")
    assert "Milo Birch" not in texts(first, "leaving")
    assert "The first 1 are shown." in texts(first, "leaving")
    assert "Milo Birch" in texts(every, "leaving")
    assert "are shown" not in texts(every, "leaving")

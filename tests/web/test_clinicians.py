"""The list of clinicians, a clinician's page and form: as pages and as fragments, and what misuse answers."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseapp.extensions import db
from caseapp.models import Clinician, begin_write
from caseapp.usecases.clinician_list import PAGE_SIZE
from tests import builders
from tests.builders import Row
from tests.conftest import ZONE
from tests.statements import counted
from tests.web.audit import audit
from tests.web.desk import HTMX, Desk, count, judged, last_event, message, message_codes
from tests.web.page import Element, Page

ADA = {
    "number": "K-101",
    "last_name": "Okafor",
    "first_name": "Ada",
    "credential": "BCBA",
    "npi": "1234567893",
    "taxonomy_code": "103K00000X",
    "may_be_case_manager": "y",
    "active_from": "2024-01-01",
    "active_to": "",
    "caseload_limit": "12",
    "email": "ada@example.org",
}


@pytest.fixture
def ada(session: Session) -> Row:
    builders.a_taxonomy_code(session)
    return builders.a_clinician(
        session, number="K-1", npi="1234567893", taxonomy_code="103K00000X", email="ada@example.org"
    )


def of(clinician: Row, verb: str = "") -> str:
    return f"/clinicians/{clinician.public_id}{verb}"


def texts(page: Page, element_id: str) -> str:
    element = page.by_id(element_id)
    assert element is not None
    return element.text


def names(page: Page) -> list[str]:
    return [e.text for e in page.elements if e.tag == "a" and e.attributes.get("class") == "name"]


def focused(page: Page) -> list[str]:
    return [e.attributes.get("id") or e.text for e in page.elements if "data-focus" in e.attributes]


def filled(desk: Desk, clinician: Row, **fields: str) -> dict[str, str]:
    """What the edit form of a clinician would send, but for the fields given."""
    return desk.get(of(clinician, "/edit")).values("clinician-form") | fields


def search(desk: Desk, **fields: str) -> Page:
    return Page(desk.send("/clinicians", fields, 200).text)


def boxes(page: Page) -> list[Element]:
    return [e for e in page.elements if e.attributes.get("name") == "service_lines"]


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


def test_a_fresh_form_proposes_a_number_and_asks_for_three_fields(desk: Desk, ada: Row) -> None:
    page = desk.get("/clinicians/new")

    values = page.values("clinician-form")
    assert (values["number"], values["may_be_case_manager"]) == ("K-2", "y")
    assert [e.attributes["name"] for e in page.elements if "required" in e.attributes] == [
        "number",
        "last_name",
        "first_name",
    ]
    assert focused(page) == ["clinician-form"]


def test_a_new_clinician_is_saved_and_shown(desk: Desk, session: Session) -> None:
    builders.a_taxonomy_code(session)
    builders.a_service_line(session, "ABA")

    answer = desk.send("/clinicians/new", ADA | {"service_lines": "ABA"})

    told = desk.told(answer)
    assert message(told) == "Saved: Ada Okafor (K-101)."
    assert "Ada Okafor, BCBA" in texts(told, "clinician-facts")
    if desk.fragments:
        assert answer.headers["HX-Retarget"] == "#clinician"
        assert focused(told) == ["edit-clinician"]
    session.rollback()
    row = session.execute(select(Clinician)).scalar_one()
    assert (row.npi, row.caseload_limit, row.may_be_case_manager) == ("1234567893", 12, True)
    assert (last_event(session).after or {})["service_lines"] == ["ABA"]


def test_all_errors_are_told_at_once_and_nothing_typed_is_lost(desk: Desk, ada: Row) -> None:
    typed = {
        "number": "K-1",
        "last_name": "x" * 10_000,
        "npi": "1234567890",
        "taxonomy_code": "nothing",
        "active_from": "2026-11-22",
        "active_to": "2026-11-21",
        "caseload_limit": "many",
        "email": "ada",
    }

    page = desk.refused("/clinicians/new", typed)

    assert sorted(page.errors(), key=str) == [
        ["active_to", "end_before_start"],
        ["caseload_limit", "invalid_number"],
        ["email", "invalid_email"],
        ["first_name", "required"],
        ["last_name", "too_long"],
        ["npi", "invalid_npi"],
        ["number", "taken"],
        ["taxonomy_code", "unknown_choice"],
    ]
    values = page.values("clinician-form")
    assert {name: values[name] for name in typed} == typed
    assert focused(page) == ["error-summary"]


def test_the_npi_of_another_is_refused_with_whose_it_is(desk: Desk, ada: Row) -> None:
    page = desk.refused("/clinicians/new", ADA)

    assert page.errors() == [["npi", "taken"]]
    assert "Ada Okafor (K-1)" in texts(page, "npi-error")


def test_an_edit_opens_with_what_stands_and_saves(desk: Desk, ada: Row, session: Session) -> None:
    builders.a_service_line(session, "ST")
    page = desk.get(of(ada, "/edit"))
    assert [box.attributes["value"] for box in boxes(page)] == ["ABA", "ST"]
    assert ["checked" in box.attributes for box in boxes(page)] == [True, False]

    answer = desk.send(of(ada, "/edit"), filled(desk, ada, service_lines="ST", credential="BCBA-D"))

    assert "ST" in texts(desk.told(answer), "clinician-facts")
    event = last_event(session)
    assert ((event.before or {})["service_lines"], (event.after or {})["service_lines"]) == (["ABA"], ["ST"])


def test_several_service_lines_are_sent_under_one_name(desk: Desk, ada: Row, session: Session) -> None:
    builders.a_service_line(session, "ST")
    fields: dict[str, object] = {**filled(desk, ada), "service_lines": ["ABA", "ST"]}

    desk.send(of(ada, "/edit"), fields)  # type: ignore[arg-type]  # a list is how the client sends both

    assert (last_event(session).after or {})["service_lines"] == ["ABA", "ST"]


def test_an_imported_npi_stays_with_a_warning(desk: Desk, session: Session) -> None:
    odd = builders.a_clinician(session, npi="1234567890")

    answer = desk.send(of(odd, "/edit"), filled(desk, odd, first_name="Adaeze"))

    told = desk.told(answer)
    assert message_codes(told) == ["invalid_npi"]
    assert "not valid" in texts(told, "clinician-facts")


def test_the_second_of_two_editors_loses_nothing(desk: Desk, ada: Row) -> None:
    mine, other = filled(desk, ada, email="mine@example.org"), filled(desk, ada, caseload_limit="9")
    desk.send(of(ada, "/edit"), other)

    page = desk.refused(of(ada, "/edit"), mine)

    assert page.errors() == [[None, "conflict"]]
    assert "caseload limit from empty to 9" in texts(page, "form-error")
    values = page.values("clinician-form")
    assert (values["email"], values["version"]) == ("mine@example.org", "2")
    desk.send(of(ada, "/edit"), values)


def test_the_same_post_again_answers_like_the_first(desk: Desk, session: Session) -> None:
    builders.a_taxonomy_code(session)
    form = desk.get("/clinicians/new").values("clinician-form") | ADA

    first, second = desk.send("/clinicians/new", form), desk.send("/clinicians/new", form)

    assert message(desk.told(second)) == "Saved: Ada Okafor (K-101)."
    assert first.headers.get("Location") == second.headers.get("Location")
    assert count(session, Clinician) == 1


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


def test_a_form_without_a_token_is_refused_with_what_was_typed(client: FlaskClient, ada: Row) -> None:
    answer = client.post(of(ada, "/edit"), data={"first_name": "Kept"})

    assert answer.status_code == 422
    page = Page(answer.text)
    assert [None, "csrf"] in page.errors()
    assert page.values("clinician-form")["first_name"] == "Kept"


def test_what_is_no_form_is_refused(desk: Desk, ada: Row) -> None:
    assert desk.refused(of(ada, "/edit"), filled(desk, ada, odd="1")).errors() == [[None, "unknown_field"]]
    page = desk.refused(of(ada, "/edit"), filled(desk, ada, first_name="x" * 10_001, email="a\x00b"))
    assert sorted(page.errors()) == [["email", "not_text"], ["first_name", "too_long"]]
    assert desk.refused(of(ada, "/edit"), filled(desk, ada, service_lines="XX")).errors() == [
        ["service_lines", "unknown_choice"]
    ]


def test_an_npi_is_told_while_it_is_typed(client: FlaskClient, ada: Row) -> None:
    def told(npi: str, address: str = "/clinicians/npi") -> str:
        answer = client.post(address, data={"npi": npi}, headers=HTMX)
        assert answer.status_code == 200
        return answer.text.strip()

    assert told("") == "Ten digits, the first 1 or 2."
    assert told("12345") == "5 of 10 digits."
    assert told("12345abc").startswith("An NPI has ten digits and nothing else.")
    assert told("3234567893").startswith("An NPI begins with 1 or 2.")
    assert told("1234567890").startswith("The last digit")
    assert told("12345678901").startswith("An NPI has ten digits; this has 11.")
    assert "Ada Okafor (K-1)" in told("1234567893")
    assert told("1234567893", f"/clinicians/npi?clinician={ada.public_id}") == "The NPI is valid."
    assert told("\x00" * 500, "/clinicians/npi?clinician=%00")
    assert client.post("/clinicians/npi", data={"npi": "1"}).status_code == 303


@pytest.mark.parametrize(
    ("credential", "ticked"), [("RBT", False), ("bcba, cota", False), ("BCBA", True), ("", True)]
)
def test_an_assistant_is_proposed_as_no_case_manager(
    client: FlaskClient, credential: str, ticked: bool
) -> None:
    answer = client.get("/clinicians/proposal", query_string={"credential": credential}, headers=HTMX)

    audit(answer.text, page=False)
    box = Page(answer.text).by_id("may_be_case_manager")
    assert box is not None
    assert ("checked" in box.attributes) == ticked
    assert client.get("/clinicians/proposal").status_code == 303


def test_taxonomy_codes_are_searched_where_they_are_many(
    client: FlaskClient, session: Session, ada: Row
) -> None:
    assert "/clinicians/taxonomy-codes" not in client.get("/clinicians/new").text
    for number in range(200):
        builders.a_taxonomy_code(session, f"2{number:08}X", "Therapist")

    form = Page(client.get("/clinicians/new").text)
    field = form.by_id("taxonomy_code")
    assert field is not None
    found = client.get(field.attributes["hx-get"] + "?taxonomy_code=behavior+103K", headers=HTMX)

    assert [e.text for e in Page(found.text).elements if e.tag == "option"] == ["Behavior analyst"]
    assert len([e for e in form.elements if e.tag == "option"]) == 200
    assert client.get("/clinicians/taxonomy-codes").status_code == 303


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
    assert after[0] <= 3
    assert after[1] <= 13


def test_names_of_any_kind_are_shown_as_typed(desk: Desk, ada: Row) -> None:
    odd = "<b>{{7*7}}</b> '\"&"

    answer = desk.send(of(ada, "/edit"), filled(desk, ada, last_name=odd))

    assert odd in texts(desk.told(answer), "clinician-facts")


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

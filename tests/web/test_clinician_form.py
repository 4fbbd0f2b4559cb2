"""The form of a clinician: adding, editing, and what helps while it is filled."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseapp.models import Clinician
from tests import builders
from tests.builders import Row
from tests.web.audit import audit
from tests.web.clinician_pages import ADA, boxes, filled, focused, of, texts
from tests.web.desk import HTMX, Desk, count, last_event, message, message_codes
from tests.web.page import Page


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


def test_names_of_any_kind_are_shown_as_typed(desk: Desk, ada: Row) -> None:
    odd = "<b>{{7*7}}</b> '\"&"

    answer = desk.send(of(ada, "/edit"), filled(desk, ada, last_name=odd))

    assert odd in texts(desk.told(answer), "clinician-facts")

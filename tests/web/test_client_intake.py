"""The intake of a client through the form: rows, errors and where a save leads."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseapp.models import Client
from tests.web.desk import Desk, Scene, count, message
from tests.web.page import Page

NEW = "/clients/new"


def typed(desk: Desk, scene: Scene, **fields: str) -> dict[str, str]:
    """An intake of Bee Doe with ABA and Aetna, but for the fields given."""
    return (
        desk.get(NEW).values("intake-form")
        | {
            "last_name": "Doe",
            "first_name": "Bee",
            "service_line_1": "ABA",
            "line_start_date_1": "2026-11-20",
        }
        | {"payor_1": scene.aetna.key, "start_date_1": "2026-11-01"}
        | fields
    )


def arrived(desk: Desk, address: str, fields: dict[str, str]) -> Page:
    """Where a save leads: the browser and htmx both leave the page."""
    answer = desk.send(address, fields)
    return desk.whole(answer.headers["HX-Redirect" if desk.fragments else "Location"])


def test_a_save_leads_to_the_case_managers_that_the_lines_need(desk: Desk, scene: Scene) -> None:
    page = arrived(desk, NEW, typed(desk, scene))

    assert message(page).startswith("Saved: Bee Doe (C")
    assert "Next: ABA needs a case manager." in message(page)
    assert page.codes("banners") == ["no_case_manager"]
    panel = page.by_id("tab-panel")
    assert panel is not None
    assert panel.attributes["aria-labelledby"] == "tab-clinical"


def test_the_list_leads_to_the_intake(client: FlaskClient, scene: Scene) -> None:
    links = [e for e in Page(client.get("/clients").text).elements if e.attributes.get("href") == NEW]

    assert [link.text for link in links] == ["+ New client"]


def test_the_form_proposes_a_number_and_marks_what_is_required(desk: Desk, scene: Scene) -> None:
    page = desk.get(NEW)

    values = page.values("intake-form")
    assert values["number"].startswith("C")
    assert values["number"] != scene.milo.key
    required = [e.attributes["name"] for e in page.elements if "required" in e.attributes]
    assert required == ["number", "last_name", "first_name"]
    assert (values["priority_1"], values["lines_shown"], values["sources_shown"]) == ("primary", "1", "1")


def test_all_errors_are_told_at_once_and_nothing_is_lost(desk: Desk, scene: Scene, session: Session) -> None:
    before = count(session, Client)
    sent = typed(
        desk,
        scene,
        number=scene.milo.key,
        first_name="x" * 10_000,
        date_of_birth="2027-01-01",
        line_start_date_1="soon",
        end_date_1="2026-10-01",
        member_id_1="W 1",
    )

    page = desk.refused(NEW, sent)

    assert page.errors() == [
        ["number", "taken"],
        ["first_name", "too_long"],
        ["date_of_birth", "in_future"],
        ["line_start_date_1", "invalid_date"],
        ["end_date_1", "end_before_start"],
    ]
    values = page.values("intake-form")
    assert {name: values[name] for name in sent if name not in ("csrf_token", "form_token")} == {
        name: text for name, text in sent.items() if name not in ("csrf_token", "form_token")
    }
    assert count(session, Client) == before


def test_another_row_is_asked_for_by_a_button_and_keeps_what_is_typed(desk: Desk, scene: Scene) -> None:
    sent = typed(desk, scene, another_line="y")

    page = Page(desk.send(NEW, sent, 200).text)

    assert page.errors() == []
    values = page.values("intake-form")
    assert (values["first_name"], values["lines_shown"], values["service_line_2"]) == ("Bee", "2", "")
    focused = [e for e in page.elements if "data-focus" in e.attributes]
    assert [e.tag for e in focused] == ["fieldset"]
    more = Page(desk.send(NEW, values | {"another_source": "y"}, 200).text).values("intake-form")
    assert (more["sources_shown"], more["priority_2"]) == ("2", "secondary")
    page = arrived(desk, NEW, more | {"service_line_2": "ST", "line_start_date_2": "2026-11-21"})
    assert "ABA and ST need a case manager" in message(page)


def test_rows_end_where_no_more_are_kept(desk: Desk, scene: Scene) -> None:
    sent = typed(desk, scene, another_line="y", lines_shown="99")

    page = Page(desk.send(NEW, sent, 200).text)

    assert page.values("intake-form")["lines_shown"] == "6"
    assert "Another service line" not in page.elements[0].text


def test_two_primaries_on_a_day_are_told_at_the_second(desk: Desk, scene: Scene) -> None:
    sent = typed(desk, scene, payor_2=scene.medicaid.key, priority_2="primary", start_date_2="2026-12-01")

    page = desk.refused(NEW, sent)

    assert page.errors() == [["start_date_2", "overlap"]]


def test_the_same_form_again_answers_the_same_and_takes_in_nobody_else(
    desk: Desk, scene: Scene, session: Session
) -> None:
    sent = typed(desk, scene)
    first = arrived(desk, NEW, sent)
    before = count(session, Client)

    assert message(arrived(desk, NEW, sent)) == message(first)
    assert count(session, Client) == before


@pytest.mark.parametrize("fields", [{"csrf_token": "stale"}, {"surprise": "1"}])
def test_a_stale_token_or_an_unknown_field_is_refused_with_all_that_was_typed(
    desk: Desk, scene: Scene, fields: dict[str, str]
) -> None:
    page = desk.refused(NEW, typed(desk, scene) | fields)

    assert page.values("intake-form")["last_name"] == "Doe"
    assert page.by_id("form-error") is not None


def test_other_methods_are_not_allowed(client: FlaskClient, scene: Scene) -> None:
    assert client.put(NEW).status_code == 405
